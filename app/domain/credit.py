"""What an order on account owes, and what of it fits the credit."""

from __future__ import annotations

from app.domain.making import Part, split
from app.domain.order import LEFT, Order
from app.domain.values import digest


def owed_minor(order: Order) -> int:
    """Return what an order on account still owes; one that is paid or called off owes nothing.

    Units: minor units.
    """
    if order.status in LEFT or not order.is_on_account or order.is_paid:
        return 0
    return max(0, order.payable_minor - order.received_money_minor)


def fitting(order: Order, free_minor: int) -> tuple[Part, ...]:
    """Return what fits a free credit, and the rest, as two parts of an order; none where either is empty.

    Lines come in their order, as many pieces of each as fit. Units: minor units.
    """
    parts = _cut(order, owed_minor(order), free_minor)
    return parts if parts and owed_minor(_first(order, parts)) <= free_minor else ()


def covered(order: Order) -> tuple[Part, ...]:
    """Return what the money that came pays for, and the rest, as two parts; none where either is empty."""
    parts = _cut(order, order.payable_minor, order.received_money_minor)
    return parts if parts and _first(order, parts, pays_first=True).is_paid else ()


def _first(order: Order, parts: tuple[Part, ...], *, pays_first: bool = False) -> Order:
    return split(order, parts, order.maker, order.received_at, pays_first=pays_first)[0]


def _cut(order: Order, owed: int, free_minor: int) -> tuple[Part, ...]:
    goods = sum(line.qty * line.unit_price_minor for line in order.lines)
    if owed <= free_minor or free_minor <= 0 or goods <= 0:
        return ()
    left = goods * free_minor // owed
    here: list[tuple[str, int]] = []
    later: list[tuple[str, int]] = []
    for line in order.lines:
        fits = line.qty
        if line.unit_price_minor > 0:
            fits = min(line.qty, left // line.unit_price_minor)
        left -= fits * line.unit_price_minor
        if fits:
            here.append((line.id, fits))
        if line.qty > fits:
            later.append((line.id, line.qty - fits))
    if not here or not later:
        return ()
    name = digest(order.id, here, later)
    return Part(id=f"s-{name}-1", lines=tuple(here)), Part(id=f"s-{name}-2", lines=tuple(later))
