"""The inbox as it stands, ready to draw; and which row follows one that is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.desk import Undo
from app.duty_acts import Later
from app.snag_card import Card, Row
from app.text import Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[Row, ...] = ()
    """Those around the card; `start` of the split stand above them, and `has_more` says that some follow."""
    start: int = 0
    has_more: bool = False
    split: str = ""
    """One of `SPLITS`; empty until it is known whether anything is this person's own."""
    counts: tuple[tuple[str, int], ...] = ()
    text: str = ""
    card: Card | None = None
    undo: Undo | None = None
    notice: Text | None = None
    repaired_today: int = 0
    waiting: int = 0
    now: datetime | None = None
    is_loaded: bool = False
    asking: str = ""
    """What the bar asks before it can go on: snooze (until when) | escalate (why)."""
    laters: tuple[Later, ...] = ()
    reasons: tuple[tuple[str, Text], ...] = ()
    """(key, why) of those for which a key given for many did nothing; they stay chosen."""
    zone: str = "UTC"
    progress: tuple[int, int] | None = None
    """(done, all) while one key works for many."""

    @property
    def here(self) -> str:
        """The key of the card; empty while there is none."""
        return self.card.row.key if self.card is not None else ""

    @property
    def asked_for(self) -> tuple[str, str, int]:
        """What is wanted on the page: another split, other words, another place of it."""
        return self.split, self.text, self.start


def next_of(before: Sequence[Row], key: str, rows: Sequence[Row]) -> Row | None:
    """Return the row that follows one that is gone, else the one above it; the first where it never was.

    A list in which somebody else has worked leaves the hand where it was.
    """
    keys = [row.key for row in before]
    if key not in keys:
        return rows[0] if rows else None
    at, there = keys.index(key), {row.key: row for row in rows}
    near = (*keys[at + 1 :], *reversed(keys[:at]))
    return next((there[one] for one in near if one in there), rows[0] if rows else None)
