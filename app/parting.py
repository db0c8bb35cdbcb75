"""What follows where the least money needs several parcels: an order goes on as one order for each of them.

Source: capabilities 6.1, 6.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec

from app.awaiting import free_to, is_later, parts_ahead, shared
from app.choosing import decided
from app.command import Facts
from app.domain.decision import Decision
from app.domain.events import (
    AwaitEnded,
    Event,
    OrderMade,
    OrderReplaced,
    StatusChanged,
    StockReleased,
    StockReserved,
)
from app.domain.making import Part, split, why_not_split
from app.domain.order import EDITABLE, Order, Status
from app.domain.review import reviewed_by
from app.domain.sourcing import apart, reserve
from app.domain.values import digest, order_key
from app.domain.waiver import is_funded

LATER = frozenset({"stock", "review"})
"""Gates that may be unmet when an order is parted: each part is reserved, and signed, by itself."""


def may_part(order: Order) -> bool:
    """Tell whether an order may go in several parcels without anybody being asked.

    One that a person wants whole, that a desk has confirmed, or that somebody signed for stays whole.
    """
    is_free = not (order.made_from or order.stays_whole or order.is_overpromised)
    is_free = is_free and not (order.refusals or order.contracts or order.visit or reviewed_by(order))
    return is_free and order.status in EDITABLE and order.pause is None and order.makes_good is None


def parts_wanted(order: Order, facts: Facts) -> Decision | None:
    """Return the parcels an order that nothing is promised to would go in; None where it is one, or none."""
    if order.reserved or not order.matched or not is_funded(order, facts.now) or not may_part(order):
        return None
    free = free_to(order, facts, facts.free)
    if not facts.refs.source_policies or not apart(order, facts.warehouses_of(order), free):
        return None
    decision = decided(msgspec.structs.replace(order, awaits=None), facts, free)
    return decision if decision.is_whole and decision.is_split else None


def parted(order: Order, facts: Facts) -> list[Event]:
    """Close the order as it is and let one for each parcel go on in its place."""
    decision = _wanted_now(order, facts)
    if decision is None:
        return []
    name = digest(order.id, order.ver, [parcel.takes for parcel in decision.parcels])
    at = {line.id: n for n, line in enumerate(order.lines)}
    parcels = sorted(decision.parcels, key=lambda parcel: min(at[line] for line, _ in parcel.takes))
    parts = [
        Part(f"s-{name}-{n}", tuple(sorted(parcel.takes, key=lambda take: at[take[0]])))
        for n, parcel in enumerate(parcels, 1)
    ]
    if why_not_split(order, parts) is not None or any(part.id in order.replaced_by for part in parts):
        return []
    made = [
        msgspec.structs.replace(one, touched=order.touched, maker=order.maker)
        for one in split(order, parts, order.maker, facts.now)
    ]
    for one in made:
        facts.put(order_key(one.id), None)
    later = [one for one in made if is_later(order, one, facts)]
    ids, numbers = tuple(one.id for one in made), tuple(one.number for one in made)
    return [
        *((StockReleased(order=order.id, items=order.reserved),) if order.reserved else ()),
        *_let_go(order, made, later),
        *_moves(order, facts.now),
        OrderReplaced(order=order.id, by=ids, numbers=numbers, decision=decision),
        *(OrderMade(content=one) for one in made),
        *(
            StockReserved(
                order=one.id,
                warehouse=parcel.place,
                items=reserve(one, parcel.place),
                decision=decision,
                awaited=shared(order, one),
            )
            for one, parcel in zip(made, parcels, strict=True)
            if one not in later
        ),
    ]


def _let_go(order: Order, made: list[Order], later: list[Order]) -> Iterator[Event]:
    """Let an order that waits count on nothing more than its parts that go now take with them."""
    if order.awaits is not None:
        rest = [item for one in made if one in later for item in shared(order, one)]
        yield AwaitEnded(order=order.id, items=tuple(rest))


def _moves(order: Order, at: datetime) -> Iterator[Event]:
    """End an order in favour of its parts, through every state of the table."""
    before = order.status
    if before is Status.RECEIVED:
        yield StatusChanged(order=order.id, before=before, after=Status.TO_CHECK, at=at)
        before = Status.TO_CHECK
    yield StatusChanged(order=order.id, before=before, after=Status.REPLACED, at=at)


def _wanted_now(order: Order, facts: Facts) -> Decision | None:
    if not may_part(order):
        return None
    if not order.reserved:
        return parts_wanted(order, facts) or parts_ahead(order, facts)
    decision = order.sourced
    is_split = decision is not None and decision.is_split
    return decision if decision is not None and is_split and _is_there(order, decision, facts) else None


def _is_there(order: Order, decision: Decision, facts: Facts) -> bool:
    """Tell whether what was decided is still free, with what the order holds itself."""
    skus = {line.id: line.sku for line in order.lines}
    wanted: Counter[tuple[str, str]] = Counter()
    for parcel in decision.parcels:
        for line, qty in parcel.takes:
            wanted[parcel.place, skus.get(line, "")] += qty
    for item in order.reserved:
        wanted[item.warehouse, item.sku] -= item.qty
    return all(qty <= 0 or facts.unheld(place, sku) >= qty for (place, sku), qty in wanted.items())
