"""How the visit of an order and its delivery fit: when the goods are there, which slots come after that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.domain.company import Shop, today_of
from app.domain.lot_events import lot_wait
from app.domain.order import LEFT, OPEN, Order, Status
from app.domain.rules import Rules
from app.domain.visit import Bookings, Outlet, Visit, first_free, slot_said
from app.text import N_, Text

GONE = LEFT | {Status.RETURNED}
"""States of an order for which nobody comes any more."""


def arrives_on(order: Order, shop: Shop | None, rules: Rules) -> date | None:
    """Return the day on which the goods are there, as far as it is promised.

    Source: rules delivery_days, from leaving to arriving.
    """
    if order.ship_by_at is None:
        return None
    return today_of(shop, order.ship_by_at) + timedelta(days=rules.delivery_days)


def earliest_on(order: Order, shop: Shop | None, rules: Rules, now: datetime) -> date:
    """Return the first day somebody may come: the day after the goods are there, and not in the past.

    Source: capabilities 8, a slot starts after the delivery.
    """
    arrives, today = arrives_on(order, shop, rules), today_of(shop, now)
    return max(today, arrives + timedelta(days=1)) if arrives is not None else today


def outlets_for(order: Order, outlets: Mapping[str, Outlet]) -> list[Outlet]:
    """Return who comes to where an order goes, by code."""
    return [outlets[code] for code in sorted(outlets) if outlets[code].serves(order.region)]


def next_visit(
    order: Order, outlet: Outlet, bookings: Bookings | None, since: date, by: str, now: datetime
) -> Visit | None:
    """Return the first visit an outlet has room for."""
    slot = first_free(outlet, bookings, since, order.id)
    if slot is None:
        return None
    return Visit(outlet=outlet.code, day=slot[0], part=slot[1], planned_by=by, planned_at=now)


def awaited(order: Order) -> frozenset[str]:
    """Name what makes an order be looked at again: what it or an exception waits for, and who comes to it."""
    waits = {key for snag in order.snags for key in snag.waits_for}
    waits |= {f"stock:{sku}" for sku in order.awaits.later} if order.awaits is not None else set()
    if order.visit is not None and not order.visit.is_done and order.status not in GONE:
        waits.add(f"outlet:{order.visit.outlet}")
    if order.status in OPEN:
        waits |= {lot_wait(line.sku, one.no) for line in order.lines for one in line.lots}
    return frozenset(waits)


def visit_said(order: Order, outlet: Outlet | None) -> tuple[tuple[str, Text], ...]:
    """Say who comes when; a heading and a sentence."""
    visit = order.visit
    if visit is None:
        return ()
    words = N_("{outlet}, {slot}, installed") if visit.is_done else N_("{outlet}, {slot}")
    title = outlet.title if outlet is not None else visit.outlet
    return ((N_("Visit"), Text(words, {"outlet": title, "slot": slot_said(visit.day, visit.part)})),)
