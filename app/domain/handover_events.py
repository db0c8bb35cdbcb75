"""What happened to the page one shift leaves to the next."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.event import Event
from app.domain.handover import Handover, handover_key
from app.domain.values import Key
from app.text import N_, Text

__all__ = ["ShiftLeft", "ShiftTaken"]


class ShiftLeft(Event, frozen=True, kw_only=True):
    handover: Handover

    @override
    def keys(self) -> tuple[Key, ...]:
        return (handover_key(self.handover.warehouse, self.handover.id),)

    @override
    def says(self) -> Text:
        who, count = self.handover.left_by, len(self.handover.lines)
        return Text(N_("{who} handed the shift over: {count} open"), {"who": who, "count": count})


class ShiftTaken(Event, frozen=True, kw_only=True):
    """`claims`: so many exceptions are theirs from now on."""

    id: str
    warehouse: str
    by: str
    at: datetime
    claims: int = 0

    @override
    def keys(self) -> tuple[Key, ...]:
        return (handover_key(self.warehouse, self.id),)

    @override
    def says(self) -> Text:
        if self.claims:
            said = N_("{who} took the shift over, with {count} exceptions")
            return Text(said, {"who": self.by, "count": self.claims})
        return Text(N_("{who} took the shift over"), {"who": self.by})
