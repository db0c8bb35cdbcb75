"""The installation cannot be kept: the goods come later, there is no room, or nobody comes there."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.move_visit import MoveVisit
from app.domain.clock import Wait
from app.domain.order import Order
from app.domain.said_time import day_said
from app.domain.visit import Outlet, Visit
from app.domain.visiting import GONE, arrives_on, earliest_on, next_visit, outlets_for
from app.snag import Finding, Kind, Repair
from app.text import N_, Text
from app.visits import bookings_of


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a visit that does not fit the delivery, its slot or its place.

    Source: capabilities 15, install_conflict; capabilities 8, jobs move when goods slip.
    """
    visit = order.visit
    if visit is None or visit.is_done or order.status in GONE:
        return None
    waits_for = (f"outlet:{visit.outlet}",)
    outlet = facts.refs.outlets.get(visit.outlet)
    said: dict[str, str | int | Text] = {"outlet": visit.outlet, "day": day_said(visit.day)}
    if outlet is None or not outlet.serves(order.region):
        said["place"] = order.region.district or order.region.city or order.region.province
        return Finding(Text(N_("{outlet} does not come to {place}"), said), waits_for)
    arrives = arrives_on(order, facts.shop_of(order), facts.rules)
    if arrives is not None and visit.day <= arrives:
        said["arrives"] = day_said(arrives)
        return Finding(Text(N_("The goods are there on {arrives}, the visit is on {day}"), said), waits_for)
    if _place(order, visit, facts) >= outlet.per_part or visit.day.weekday() not in outlet.days:
        said["count"] = outlet.per_part
        return Finding(
            Text(N_("{outlet} takes {count} each half day, {day} is beyond that"), said), waits_for
        )
    return None


def _place(order: Order, visit: Visit, facts: Facts) -> int:
    bookings = bookings_of(visit.outlet, facts)
    return bookings.place(visit.slot, order.id) if bookings is not None else 0


def next_slot(order: Order, facts: Facts) -> Command | None:
    """Move it to the first slot of the same outlet that comes after the goods and has room."""
    visit = order.visit
    outlet = facts.refs.outlets.get(visit.outlet) if visit is not None else None
    if visit is None or outlet is None or not outlet.serves(order.region):
        return None
    return _moved(order, outlet, facts)


def next_outlet(order: Order, facts: Facts) -> Command | None:
    """Move it to whoever else comes there first."""
    visit = order.visit
    if visit is None:
        return None
    others = (one for one in outlets_for(order, facts.refs.outlets) if one.code != visit.outlet)
    moves = [move for one in others if (move := _moved(order, one, facts)) is not None]
    return min(moves, key=lambda move: (move.day, move.part, move.outlet), default=None)


def _moved(order: Order, outlet: Outlet, facts: Facts) -> MoveVisit | None:
    since = earliest_on(order, facts.shop_of(order), facts.rules, facts.now)
    visit = next_visit(order, outlet, bookings_of(outlet.code, facts), since, facts.by.user, facts.now)
    if visit is None:
        return None
    return MoveVisit(order=order.id, outlet=visit.outlet, day=visit.day, part=visit.part)


KIND = Kind(
    code="install_conflict",
    title=N_("Installation conflict"),
    hint=N_("Move the visit to a slot after the goods are there, and tell the buyer."),
    severity="warn",
    rank=23,
    found=found,
    repairs=(
        Repair(
            "next_slot",
            N_("Next slot"),
            next_slot,
            N_("The old slot is free again. It can be undone while the slot is free."),
            off=N_("This outlet does not come there, or has no room for 60 days"),
        ),
        Repair(
            "next_outlet",
            N_("Next outlet"),
            next_outlet,
            N_("Another outlet comes; the old slot is free again. It can be undone while the slot is free."),
            off=N_("Nobody else comes there"),
        ),
    ),
    form="plan_visit",
    blocks=False,
    after_sales=True,
    goal_min=2 * 60,
    stops=(Wait.CUSTOMER,),
)
