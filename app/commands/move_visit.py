"""Move the installation visit of an order to another slot, or to another outlet."""

from __future__ import annotations

from datetime import date

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import VisitPlanned
from app.domain.values import Keys, order_key
from app.domain.visit import Part, Visit, bookings_key
from app.text import N_
from app.visits import why_not


class MoveVisit(Command, frozen=True, kw_only=True, omit_defaults=True):
    """`is_back`: it goes back to where it was, although the goods may not be there by then."""

    order: str
    outlet: str
    day: date
    part: Part
    is_back: bool = False


def needs(command: MoveVisit) -> Keys:
    """Name the order and what is booked at the outlet; where it was planned the order says."""
    return frozenset({order_key(command.order), bookings_key(command.outlet)})


def decide(command: MoveVisit, facts: Facts) -> Decided:
    """Free the slot it had and take a place in the other.

    Refuses: `no_order`, `no_visit`, `done`, `unchanged`, or what `visits.why_not` says.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    was = order.visit
    if was is None:
        return refuse("no_visit", N_("No visit is planned. Plan one first."))
    if was.is_done:
        return refuse("done", N_("It is installed already. Nothing to do."))
    if (was.outlet, was.day, was.part) == (command.outlet, command.day, command.part):
        return refuse("unchanged", N_("It is planned so already. Nothing to do."))
    visit = Visit(
        outlet=command.outlet,
        day=command.day,
        part=command.part,
        planned_by=facts.by.user,
        planned_at=facts.now,
    )
    wrong = why_not(order, visit, facts, is_back=command.is_back)
    return wrong if wrong is not None else [VisitPlanned(order=order.id, visit=visit, was=was)]


def inverse(command: MoveVisit, facts: Facts) -> Undo | None:
    """Move it back; the place there may be taken by then."""
    order = facts.order(command.order)
    was = order.visit if order is not None else None
    if was is None:
        return None
    there = {"order": command.order, "outlet": was.outlet, "day": was.day, "part": was.part}
    return Undo("move_visit", there | {"is_back": True})


SPEC = Spec("move_visit", MoveVisit, needs, decide, Authority.HUB, inverse=inverse, touches=False)
