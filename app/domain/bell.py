"""What a person is told of at their desk: orders held until they do something, and when that is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import msgspec

from app.text import Text

KEPT_MOST = 40
"""Notices one person has; the oldest go."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One order that a gate holds back; `said` is its deciding number, `hint` the next step in words.

    `instead_of` is who was told before and did not look. Once it is over it is to be read again.
    """

    order: str
    number: str
    gate: str
    said: Text
    hint: str = ""
    at: datetime
    instead_of: str = ""
    over_at: datetime | None = None
    read_at: datetime | None = None

    @property
    def key(self) -> str:
        """Names it: an order is told of once for each gate."""
        return notice_key(self.order, self.gate)

    @property
    def since(self) -> datetime:
        """When the last thing was told of it."""
        return self.over_at or self.at


class Bell(msgspec.Struct, frozen=True, kw_only=True):
    """All a person was told lately, the newest first."""

    person: str
    notices: tuple[Notice, ...] = ()

    @property
    def unread(self) -> int:
        """How many they have not looked at."""
        return sum(one.read_at is None for one in self.notices)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Who was told of a hold, where, and what became of it: `state` is todo | sent | failed.

    `is_outside`: an address outside the program was tried too.
    """

    order: str
    number: str
    gate: str
    person: str
    state: str
    told_at: datetime
    read_at: datetime | None = None
    is_outside: bool = False
    over_at: datetime | None = None

    @property
    def key(self) -> str:
        """Names it."""
        return f"{notice_key(self.order, self.gate)}/{self.person}"


def notice_key(order: str, gate: str) -> str:
    """Name a notice."""
    return f"{order}/{gate}"


def told(bell: Bell, more: Iterable[Notice], over: Collection[str], at: datetime) -> Bell:
    """Add what is new and mark what is over; nobody is told twice of one gate of an order."""
    known = {one.key for one in bell.notices}
    kept = [
        msgspec.structs.replace(one, over_at=at, read_at=None)
        if one.key in over and one.over_at is None
        else one
        for one in bell.notices
    ]
    kept += [one for one in more if one.key not in known]
    kept.sort(key=lambda one: one.since, reverse=True)
    return msgspec.structs.replace(bell, notices=tuple(kept[:KEPT_MOST]))


def read(bell: Bell, keys: Collection[str], at: datetime) -> Bell:
    """Mark as read what is not yet."""
    return msgspec.structs.replace(
        bell,
        notices=tuple(
            msgspec.structs.replace(one, read_at=at) if one.key in keys and one.read_at is None else one
            for one in bell.notices
        ),
    )
