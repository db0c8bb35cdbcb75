"""What an event is; `events` gathers them all."""

from __future__ import annotations

import msgspec

from app.domain.values import Key
from app.text import N_, Text

__all__ = ["Event", "in_a_row", "listed"]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to one or more rows."""

    def keys(self) -> tuple[Key, ...]:
        """Name the rows this event changes."""
        return (("order", self.order),)  # type: ignore[attr-defined]

    def wakes(self) -> tuple[str, ...]:
        """Name what waiting orders may wait for, and now has come."""
        return ()

    def says(self) -> Text | None:
        """Say it in one sentence; None where the history need not mention it."""
        return None


def in_a_row(texts: list[Text]) -> Text:
    """Put whole sentences one behind the other, each translated by itself."""
    if len(texts) == 1:
        return texts[0]
    return Text(N_("{first} {rest}"), {"first": texts[0], "rest": in_a_row(texts[1:])})


def listed(texts: list[Text]) -> Text:
    """Join sentences or words so that each is translated by itself."""
    if len(texts) == 1:
        return texts[0]
    return Text(N_("{first}, {rest}"), {"first": texts[0], "rest": listed(texts[1:])})
