"""Who takes an order."""

from __future__ import annotations

from typing_extensions import override

from app.domain.carrier import Carriage, way_of
from app.domain.decision import Instead
from app.domain.event import Event
from app.domain.money import shown
from app.text import N_, Text

__all__ = ["CarrierChosen"]

TAKEN_ANEW = N_("{after} takes it instead of {before}, {cost}: {why}")


class CarrierChosen(Event, frozen=True, kw_only=True):
    """Somebody, or the rule, said who takes an order; nothing: it is asked again."""

    order: str
    carriage: Carriage | None
    instead: Instead | None = None
    """Who took it before, or over which lanes, if anybody."""

    @override
    def says(self) -> Text:
        carriage = self.carriage
        if carriage is None:
            return Text(N_("No carrier is chosen any more"))
        cost = shown(carriage.cost_minor, carriage.currency)
        if self.instead is not None:
            said = self.instead.params()
            return Text(TAKEN_ANEW, said | {"after": way_of(carriage), "cost": cost})
        return Text(
            N_("{carrier} takes it, {cost}: {why}"),
            {"carrier": carriage.carrier, "cost": cost, "why": carriage.why},
        )
