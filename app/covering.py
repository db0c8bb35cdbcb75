"""Out of which goods an order is promised: what is free, and what the desk that asks holds for itself."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.awaiting import awaited, free_to
from app.choosing import where_whole
from app.command import Authority, Facts
from app.domain import sourcing
from app.domain.decision import Decision
from app.domain.events import Event, LeaseExceeded, StockKept, StockLeased, StockReserved
from app.domain.order import Order
from app.domain.owing import keeps_until
from app.domain.serving import is_foreign
from app.parting import may_part, parts_wanted
from app.replanning import of_itself


def covered(order: Order, facts: Facts, authority: Authority) -> Iterator[Event]:
    """Promise an order its goods where they are; a desk only what it holds on lease, until the hub answers.

    What only the hub decides draws on no lease: its desk cannot count with that before it reads the answer.
    """
    if not facts.at_hub:
        warehouse = sourcing.choose(order, facts.warehouses_of(order), facts.leased)
        if not warehouse:
            yield from _given_way(order, facts)
            return
        items = sourcing.reserve(order, warehouse)
        desk = facts.by.desk if authority is Authority.DESK else ""
        yield StockReserved(order=order.id, warehouse=warehouse, items=items, desk=desk, by_lease=True)
        return
    free = facts.free if authority is Authority.DESK else facts.unheld
    ready = msgspec.structs.replace(order, awaits=None)
    decision = where_whole(ready, facts, free_to(order, facts, free), whole=not may_part(order))
    warehouse = _single(decision) if decision is not None else ""
    if warehouse:
        yield StockReserved(
            order=order.id,
            warehouse=warehouse,
            items=sourcing.reserve(order, warehouse),
            desk=facts.by.desk if authority is Authority.DESK else "",
            decision=decision,
            instead=of_itself(order, warehouse, decision, facts),
            awaited=order.awaits.items if order.awaits is not None else (),
        )
        yield from _emptied(order, facts)
    elif order.id in facts.confirmed and not order.is_overpromised:
        yield LeaseExceeded(order=order.id)
    elif (waits := list(awaited(order, facts))) and parts_wanted(order, facts) is None:
        yield from waits


def _emptied(order: Order, facts: Facts) -> Iterator[StockLeased]:
    """Give back what the cart of an order holds beyond what the order took."""
    for warehouse in facts.warehouses_of(order):
        for sku in sourcing.wanted(order):
            stock = facts.stock(warehouse, sku)
            if stock is not None and stock.leases and stock.lease_of(facts.cart) is not None:
                yield StockLeased(warehouse=warehouse, sku=sku, desk=facts.cart)


def kept(order: Order, before: Order | None, facts: Facts) -> Iterator[StockKept]:
    """Let an order that is not paid keep its goods for the time its shop allows; only the hub grants it."""
    is_moved = before is not None and before.content_hash != order.content_hash
    until = keeps_until(order, facts.shop_of(order), facts.now, is_moved=is_moved) if facts.at_hub else None
    if until is not None:
        minutes = int((until - facts.now).total_seconds()) // 60
        yield StockKept(order=order.id, until=until, minutes=minutes)


def still_fits(order: Order, facts: Facts) -> bool:
    """Tell whether what is promised to an order is what it wants, from where something is sent."""
    house, shop = facts.refs.warehouses.get(order.warehouse), facts.shop_of(order)
    is_shut = house is not None and (house.is_stopped or (shop is not None and is_foreign(shop, house)))
    if is_shut and order.warehouse not in facts.warehouses_of(order):
        return False
    wants = {(line.id, line.sku, line.qty) for line in order.lines if line.qty > 0}
    return wants == {(item.line, item.sku, item.qty) for item in order.reserved}


def _single(decision: Decision) -> str:
    """Return the place everything is promised in: chosen, or the best alone until it is parted."""
    if decision.is_whole and len(decision.parcels) == 1:
        return decision.parcels[0].place
    alone = (one for one in decision.candidates if one.score is not None and one.parcels == 1)
    best = next(alone, None) if len(decision.sendings) == 1 else None
    return best.places[0] if best is not None else ""


def _given_way(order: Order, facts: Facts) -> Iterator[StockLeased]:
    """Count with what the hub may take of this desk's leases for an order that comes first.

    Else a later and smaller one is confirmed out of what that one uses up.
    """
    for warehouse in facts.warehouses_of(order):
        for sku, qty in sourcing.wanted(order).items():
            held = facts.leased(warehouse, sku)
            if held:
                yield StockLeased(warehouse=warehouse, sku=sku, desk=facts.by.desk, qty=held - min(held, qty))
