"""What somebody was told, and that they have read it."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.bell import Notice
from app.domain.event import Event
from app.domain.values import Key, bell_key
from app.text import N_, Text

__all__ = ["NoticesRead", "PersonTold"]


class _OfPerson(Event, frozen=True, kw_only=True):
    person: str
    at: datetime

    @override
    def keys(self) -> tuple[Key, ...]:
        return (bell_key(self.person),)


class PersonTold(_OfPerson, frozen=True, kw_only=True):
    """`over` names notices of before, of holds that are no more."""

    notices: tuple[Notice, ...] = ()
    over: tuple[str, ...] = ()

    @override
    def says(self) -> Text:
        said: dict[str, str | int | Text] = {
            "who": self.person, "count": len(self.notices), "over": len(self.over),
        }  # fmt: skip
        return Text(N_("{who} was told of {count} held orders, {over} are held no more"), said)


class NoticesRead(_OfPerson, frozen=True, kw_only=True):
    """`notices` are named by their keys."""

    notices: tuple[str, ...]

    @override
    def says(self) -> Text:
        return Text(N_("{who} read {count} notices"), {"who": self.person, "count": len(self.notices)})
