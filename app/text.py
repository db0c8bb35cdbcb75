"""Words the desk shows: marked here in English, translated only where they are drawn."""

from __future__ import annotations

import msgspec


def N_(message: str) -> str:
    """Mark a message for translation; return it unchanged."""
    return message


BOTH = "\u2063"
"""Stands between the Chinese and the English form of a name that a company gave in both."""


def both(chinese: str, english: str) -> str:
    """Return a name in both languages as one message; each screen shows its own half."""
    return f"{chinese}{BOTH}{english}" if english and english != chinese else chinese


class Text(msgspec.Struct, frozen=True):
    """A sentence with `{named}` places. Parameters never hold personal data: texts travel and are logged."""

    message: str
    params: dict[str, str | int | Text] = {}
