"""What happened to the installation visit of an order."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from app.domain.event import Event
from app.domain.values import Key, order_key
from app.domain.visit import Visit, bookings_key, slot_said
from app.text import N_, Text

__all__ = ["VisitCancelled", "VisitFinished", "VisitPlanned"]


class VisitPlanned(Event, frozen=True, kw_only=True):
    """A slot was booked; `was` is the one it had before."""

    order: str
    visit: Visit
    was: Visit | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        outlets = {self.visit.outlet, *((self.was.outlet,) if self.was is not None else ())}
        return (order_key(self.order), *map(bookings_key, sorted(outlets)))

    @override
    def says(self) -> Text:
        words = (
            N_("Visit planned: {outlet}, {slot}") if self.was is None else N_("Visit moved: {outlet}, {slot}")
        )
        visit = self.visit
        return Text(words, {"outlet": visit.outlet, "slot": slot_said(visit.day, visit.part)})


class VisitCancelled(Event, frozen=True, kw_only=True):
    """Nobody comes; the slot is free."""

    order: str
    visit: Visit
    on: date

    @override
    def keys(self) -> tuple[Key, ...]:
        return (order_key(self.order), bookings_key(self.visit.outlet))

    @override
    def says(self) -> Text:
        visit = self.visit
        return Text(
            N_("Visit called off: {outlet}, {slot}"),
            {"outlet": visit.outlet, "slot": slot_said(visit.day, visit.part)},
        )


class VisitFinished(Event, frozen=True, kw_only=True):
    """It was installed, or that was a mistake."""

    order: str
    visit: Visit

    @override
    def says(self) -> Text:
        return Text(N_("Installed") if self.visit.is_done else N_("Not installed yet"))
