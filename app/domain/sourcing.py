"""Which warehouse serves an order: the first of the shop's list that has everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.order import Order, Reserved
from app.domain.stock import Stock


def wanted(order: Order) -> dict[str, int]:
    """Pieces per article, lines of the same article added up."""
    sums: dict[str, int] = {}
    for line in order.lines:
        if line.qty > 0:
            sums[line.sku] = sums.get(line.sku, 0) + line.qty
    return sums


def choose(order: Order, warehouses: Iterable[str], stock: Callable[[str, str], Stock | None]) -> str:
    """Return the first warehouse with full stock, or "" if there is none.

    Source: DECISIONS 7 (first with full stock).
    """
    wants = wanted(order)
    for warehouse in warehouses:
        for sku, qty in wants.items():
            row = stock(warehouse, sku)
            if row is None or row.available < qty:
                break
        else:
            return warehouse
    return ""


def missing(
    order: Order, warehouses: Iterable[str], stock: Callable[[str, str], Stock | None]
) -> dict[str, int]:
    """Pieces short per article in the warehouse that lacks least; empty when one has all."""
    return shortest(wanted(order), warehouses, stock)


def shortest(
    wants: dict[str, int], warehouses: Iterable[str], stock: Callable[[str, str], Stock | None]
) -> dict[str, int]:
    """Do the same for pieces that are no order yet."""
    best: dict[str, int] | None = None
    for warehouse in warehouses:
        short: dict[str, int] = {}
        for sku, qty in wants.items():
            row = stock(warehouse, sku)
            free = row.available if row else 0
            if free < qty:
                short[sku] = qty - free
        if best is None or sum(short.values()) < sum(best.values()):
            best = short
    return wants if best is None else best


def reserve(order: Order, warehouse: str) -> tuple[Reserved, ...]:
    """Say what each line takes from `warehouse`."""
    return tuple(Reserved(line.id, warehouse, line.sku, line.qty) for line in order.lines if line.qty > 0)
