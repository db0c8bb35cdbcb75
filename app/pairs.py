"""The two orders of a suspected duplicate, as far as they are at hand."""

from __future__ import annotations

from app.command import Facts, Unnamed
from app.domain.duplicate import KIND, order_in
from app.domain.order import Order


def newer_of(order: Order, facts: Facts) -> Order:
    """Return the one of two that was placed later; of two at one moment, the one that is asked about."""
    return max(pair_of(order, facts), key=lambda one: (one.ordered_at, one is order))


def pair_of(order: Order, facts: Facts) -> tuple[Order, ...]:
    """Return an order and the one it is like, where that one is loaded."""
    snag = order.snag(KIND)
    other = twin_of(order_in(snag.digest), facts) if snag is not None else None
    return (order,) if other is None else (other, order)


def twin_of(id: str, facts: Facts) -> Order | None:
    """Return the earlier order, where it is loaded."""
    try:
        return facts.order(id)
    except Unnamed:
        return None
