"""Out of which goods an order is promised: what is free, and what the desk that asks holds for itself."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import Authority, Facts
from app.domain import sourcing
from app.domain.events import Event, LeaseExceeded, StockLeased, StockReserved
from app.domain.order import Order


def covered(order: Order, facts: Facts, authority: Authority) -> Iterator[Event]:
    """Promise an order its goods where they are; a desk only what it holds on lease, until the hub answers.

    What only the hub decides draws on no lease: its desk cannot count with that before it reads the answer.
    """
    free = facts.leased if not facts.at_hub else facts.free if authority is Authority.DESK else facts.unheld
    warehouse = sourcing.choose(order, facts.warehouses_of(order), free)
    if warehouse:
        yield StockReserved(
            order=order.id,
            warehouse=warehouse,
            items=sourcing.reserve(order, warehouse),
            desk=facts.by.desk if authority is Authority.DESK else "",
            by_lease=not facts.at_hub,
        )
    elif not facts.at_hub:
        yield from _given_way(order, facts)
    elif order.id in facts.confirmed and not order.is_overpromised:
        yield LeaseExceeded(order=order.id)


def _given_way(order: Order, facts: Facts) -> Iterator[StockLeased]:
    """Count with what the hub may take of this desk's leases for an order that comes first.

    Else a later and smaller one is confirmed out of what that one uses up.
    """
    for warehouse in facts.warehouses_of(order):
        for sku, qty in sourcing.wanted(order).items():
            held = facts.leased(warehouse, sku)
            if held:
                yield StockLeased(warehouse=warehouse, sku=sku, desk=facts.by.desk, qty=held - min(held, qty))
