"""Trouble: the world failed (network, disk, carrier). Raised at the edge, shown with its hint."""

from __future__ import annotations

from app.text import Text


class Trouble(Exception):
    """What failed, what to do about it, and whether trying again can help."""

    def __init__(self, code: str, hint: Text, *, retry: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint
        self.retry = retry
