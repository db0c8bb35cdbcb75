"""Which warehouse serves an order: the first of the shop's list that has everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.floor_refusal import REASONS, FloorRefusal
from app.domain.order import Order
from app.domain.promised import Reserved
from app.domain.values import digest

Free = Callable[[str, str], int]
"""Says how many pieces of an article may be promised in a warehouse to whoever asks."""


def wanted(order: Order) -> dict[str, int]:
    """Pieces per article, lines of the same article added up."""
    sums: dict[str, int] = {}
    for line in order.lines:
        if line.qty > 0:
            sums[line.sku] = sums.get(line.sku, 0) + line.qty
    return sums


def choose(order: Order, warehouses: Iterable[str], free: Free) -> str:
    """Return the first warehouse with full stock, or "" if there is none.

    Source: DECISIONS 7, what a desk holds on lease.
    """
    wants = wanted(order)
    for warehouse in warehouses:
        if all(free(warehouse, sku) >= qty for sku, qty in wants.items()):
            return warehouse
    return ""


def missing(order: Order, warehouses: Iterable[str], free: Free) -> dict[str, int]:
    """Pieces short per article in the warehouse that lacks least; empty when one has all."""
    return shortest(wanted(order), warehouses, free)


def shortest(wants: dict[str, int], warehouses: Iterable[str], free: Free) -> dict[str, int]:
    """Do the same for pieces that are no order yet."""
    best: dict[str, int] | None = None
    for warehouse in warehouses:
        short: dict[str, int] = {}
        for sku, qty in wants.items():
            here = free(warehouse, sku)
            if here < qty:
                short[sku] = qty - here
        if best is None or sum(short.values()) < sum(best.values()):
            best = short
    return wants if best is None else best


def apart(order: Order, warehouses: Iterable[str], free: Free) -> bool:
    """Tell whether everything is somewhere, be it in several places."""
    places = tuple(warehouses)
    return all(sum(free(place, sku) for place in places) >= qty for sku, qty in wanted(order).items())


def reserve(order: Order, warehouse: str) -> tuple[Reserved, ...]:
    """Say what each line takes from `warehouse`."""
    return tuple(Reserved(line.id, warehouse, line.sku, line.qty) for line in order.lines if line.qty > 0)


# --- a warehouse that says no -----------------------------------------------------------------------


def said_of(order: Order, field: str) -> str:
    """Digest the part of an order a warehouse objects to; nothing where it objects to none."""
    if field == "address":
        return digest(order.receiver.name, order.receiver.phone, order.receiver.street, order.region)
    if field == "lines":
        return digest([(line.id, line.sku, line.qty) for line in order.lines])
    return ""


def standing_refusal(order: Order) -> FloorRefusal | None:
    """Return the no of the warehouse an order stands in, as long as what it named is what it was."""
    if not order.refusals or order.refusals[-1].warehouse != order.warehouse:
        return None
    last = order.refusals[-1]
    field = REASONS[last.why].field if last.why in REASONS else ""
    return last if not field or last.said == said_of(order, field) else None
