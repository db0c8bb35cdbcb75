"""Words the desk shows: marked here in English, translated only where they are drawn."""

from __future__ import annotations

import msgspec


def N_(message: str) -> str:
    """Mark a message for translation; return it unchanged."""
    return message


class Text(msgspec.Struct, frozen=True):
    """A sentence with `{named}` places. Parameters never hold personal data: texts travel and are logged."""

    message: str
    params: dict[str, str | int | Text] = {}
