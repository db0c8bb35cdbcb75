"""Sold before it is there: an order counts on goods that are announced until they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.choosing import decided
from app.command import Facts
from app.domain import sourcing
from app.domain.company import today_of
from app.domain.decision import Decision
from app.domain.effect import HOLD
from app.domain.events import AwaitEnded, AwaitMoved, Event, MessageWritten, StockAwaited, StockSetAside
from app.domain.message import Message, message_in
from app.domain.offering import ahead_by, in_force
from app.domain.order import EDITABLE, Line, Order
from app.domain.owing import may_hold
from app.domain.promised import Awaits, Reserved
from app.domain.sourcing import Free
from app.domain.stock import Arrival, Stock
from app.domain.wording import way_to
from app.telling import words_for

TEMPLATE = "later"
"""The message that tells a buyer of another day."""


def today(order: Order, facts: Facts) -> date:
    """Return the date on the walls of its shop."""
    return today_of(facts.shop_of(order), facts.now)


def day_begins(order: Order, facts: Facts, day: date) -> datetime:
    """Return when a day begins for its shop."""
    shop = facts.shop_of(order)
    return datetime.combine(day, time(), ZoneInfo(shop.zone if shop is not None else "UTC"))


# --- to wait --------------------------------------------------------------------------------------------


def awaited(order: Order, facts: Facts) -> Iterator[Event]:
    """Let an order that finds no goods count on what is announced; one that waits hears of its day."""
    if order.awaits is not None:
        yield from _moved(order, order.awaits, facts)
    elif not order.is_overpromised:
        awaits = _where(order, facts)
        if awaits is not None:
            yield StockAwaited(order=order.id, awaits=awaits)


def given_up(order: Order, facts: Facts) -> Iterator[AwaitEnded]:
    """Let an order that is called off, unpaid or changed count on nothing any more; only the hub knows."""
    awaits = order.awaits
    if awaits is None or not facts.at_hub:
        return
    wants = {(line.id, line.sku, line.qty) for line in order.lines if line.qty > 0}
    is_wanted = wants == {(item.line, item.sku, item.qty) for item in awaits.items}
    is_open = order.status in EDITABLE and may_hold(order, facts.now)
    if not (is_open and is_wanted and awaits.warehouse in facts.warehouses_of(order)):
        yield AwaitEnded(order=order.id, items=awaits.items)


def set_aside(facts: Facts) -> list[StockSetAside]:
    """Keep what nobody took for orders that wait, on every shelf that changed; only the hub knows them."""
    shelves = [row for row in facts.changed.values() if isinstance(row, Stock)] if facts.at_hub else []
    return [
        StockSetAside(warehouse=one.warehouse, sku=one.sku)
        for one in shelves
        if one.awaited and one.available
    ]


def free_to(order: Order, facts: Facts, free: Free) -> Free:
    """Count what came for those who wait as free to an order that waits for it."""
    if order.awaits is None:
        return free
    mine = order.awaits.pieces

    def found(warehouse: str, sku: str) -> int:
        stock = facts.stock(warehouse, sku) if mine[warehouse, sku] else None
        return free(warehouse, sku) + (min(stock.set_aside, mine[warehouse, sku]) if stock is not None else 0)

    return found


def _where(order: Order, facts: Facts) -> Awaits | None:
    """Return where an order may wait for the least time; None where it may not, or nothing is announced."""
    found = (_in_place(order, place, facts) for place in facts.warehouses_of(order))
    return min((one for one in found if one is not None), key=lambda one: one.due_on, default=None)


def _in_place(order: Order, place: str, facts: Facts) -> Awaits | None:
    on, shop = today(order, facts), facts.shop_of(order)
    policies = in_force(facts.refs.stock_policies.values(), shop, on) if shop is not None else ()
    may = {line.sku for line in order.lines if any(ahead_by(one, policies) for one in _names(line))}
    later: dict[str, Arrival] = {}
    for sku, qty in sourcing.wanted(order).items():
        lacks = qty - facts.unheld(place, sku)
        if lacks <= 0:
            continue
        stock = facts.stock(place, sku) if sku in may else None
        arrival = stock.arrival_for(lacks, on) if stock is not None else None
        if arrival is None:
            return None
        later[sku] = arrival
    if not later:
        return None
    last = max(later.values(), key=lambda one: (one.due_on, one.doc))
    return Awaits(
        items=sourcing.reserve(order, place),
        later=tuple(sorted(later)),
        arrival=last.doc,
        reference=last.reference,
        promised_on=last.due_on,
        due_on=last.due_on,
    )


def _names(line: Line) -> tuple[str, ...]:
    """Return what a policy may call the goods of a line: their article, and the kit they are part of."""
    return (line.sku, line.kit.sku) if line.kit is not None else (line.sku,)


# --- another day ----------------------------------------------------------------------------------------


def _moved(order: Order, awaits: Awaits, facts: Facts) -> Iterator[Event]:
    """Yield that the goods are expected on another day; of a later one than promised the buyer is told."""
    arrival = _arrival_of(awaits, facts)
    if arrival is None or (arrival.doc, arrival.due_on) == (awaits.arrival, awaits.due_on):
        return
    now = msgspec.structs.replace(
        awaits, arrival=arrival.doc, reference=arrival.reference, due_on=arrival.due_on
    )
    yield AwaitMoved(order=order.id, awaits=now, before=awaits.due_on)
    key = f"notify:{order.id}:{TEMPLATE}:{now.due_on.isoformat()}"
    is_later = now.due_on > max(awaits.due_on, awaits.promised_on)
    if is_later and way_to(order) and message_in(order.messages, key) is None:
        message = Message(
            key=key,
            template=TEMPLATE,
            kind="short_stock",
            words=words_for(msgspec.structs.replace(order, awaits=now), TEMPLATE, facts),
            by=facts.by.user,
            at=facts.now,
            leaves_at=facts.now + HOLD,
        )
        yield MessageWritten(order=order.id, message=message)


def _arrival_of(awaits: Awaits, facts: Facts) -> Arrival | None:
    """Return the paper an order counts on as it stands now, or the last one that comes once it is gone."""
    last: Arrival | None = None
    for sku in awaits.later:
        stock = facts.stock(awaits.warehouse, sku)
        for one in stock.arrivals if stock is not None else ():
            if one.doc == awaits.arrival:
                return one
            last = one if last is None or one.due_on > last.due_on else last
    return last


def is_at_risk(order: Order, facts: Facts) -> bool:
    """Tell whether the day an order was promised is here or will not hold."""
    awaits = order.awaits
    if awaits is None:
        return False
    is_late = awaits.due_on > awaits.promised_on or today(order, facts) >= awaits.promised_on
    return is_late or (order.ship_by_at is not None and order.ship_by_at < sent_from(order, facts))


def sent_from(order: Order, facts: Facts) -> datetime:
    """Return when the day begins on which what an order waits for is expected."""
    return day_begins(order, facts, order.awaits.due_on if order.awaits is not None else today(order, facts))


def risk_at(order: Order, facts: Facts) -> datetime | None:
    """Return when the promised day begins."""
    return day_begins(order, facts, order.awaits.promised_on) if order.awaits is not None else None


def sent_by(order: Order, facts: Facts) -> datetime | None:
    """Return the end of the day an order that waits was promised."""
    if order.awaits is None:
        return None
    return day_begins(order, facts, order.awaits.promised_on + timedelta(days=1))


# --- apart ----------------------------------------------------------------------------------------------


def parts_ahead(order: Order, facts: Facts) -> Decision | None:
    """Return how what is there goes now and the rest later; None where it stays one parcel.

    Source: capabilities 6, pre-sale apart.
    """
    awaits = order.awaits
    if awaits is None or set(awaits.later) >= set(sourcing.wanted(order)):
        return None
    mine, free = awaits.pieces, free_to(order, facts, facts.free)

    def found(warehouse: str, sku: str) -> int:
        return mine[warehouse, sku] if sku in awaits.later else free(warehouse, sku)

    decision = decided(order, facts, found)
    return decision if decision.is_whole and decision.is_split else None


def is_later(order: Order, part: Order, facts: Facts) -> bool:
    """Tell whether a part of an order that waits has to go on waiting."""
    later = order.awaits.later if order.awaits is not None else ()
    free = free_to(order, facts, facts.free)
    lacking = {sku: qty for sku, qty in sourcing.wanted(part).items() if sku in later}
    return any(
        all(free(place, sku) < qty for place in facts.warehouses_of(order)) for sku, qty in lacking.items()
    )


def shared(order: Order, part: Order) -> tuple[Reserved, ...]:
    """Return what an order counts on for the lines of one of its parts."""
    pieces = {line.id: line.qty for line in part.lines}
    items = order.awaits.items if order.awaits is not None else ()
    return tuple(
        msgspec.structs.replace(item, qty=pieces[item.line]) for item in items if item.line in pieces
    )
