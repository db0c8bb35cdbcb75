"""Book a slot of an outlet for the installation of an order."""

from __future__ import annotations

from datetime import date

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import VisitPlanned
from app.domain.values import Keys, order_key
from app.domain.visit import Part, Visit, bookings_key
from app.domain.visiting import GONE
from app.text import N_
from app.visits import why_not


class PlanVisit(Command, frozen=True, kw_only=True):
    order: str
    outlet: str
    day: date
    part: Part


def needs(command: PlanVisit) -> Keys:
    """Name the order and what is booked at the outlet."""
    return frozenset({order_key(command.order), bookings_key(command.outlet)})


def decide(command: PlanVisit, facts: Facts) -> Decided:
    """Take a place in the slot while there is one; the hub decides who was first.

    Refuses: `no_order`, `too_late`, `planned`, or what `visits.why_not` says.
    Source: capabilities 8.6, slots are consumed like stock.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status in GONE:
        return refuse("too_late", N_("This order goes nowhere any more. Open the one in its place."))
    if order.visit is not None:
        return refuse("planned", N_("A visit is planned already. Move it instead."))
    visit = Visit(
        outlet=command.outlet,
        day=command.day,
        part=command.part,
        planned_by=facts.by.user,
        planned_at=facts.now,
    )
    wrong = why_not(order, visit, facts)
    return wrong if wrong is not None else [VisitPlanned(order=order.id, visit=visit)]


def inverse(command: PlanVisit, _facts: Facts) -> Undo | None:
    """Call it off."""
    return Undo("cancel_visit", {"order": command.order})


SPEC = Spec("plan_visit", PlanVisit, needs, decide, Authority.HUB, inverse=inverse, touches=False)
