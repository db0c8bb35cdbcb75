"""How an order, its goods and its money stand: what goals are made of."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.order import Order, Status
from app.training.lesson import Floor

Judge = Callable[[Floor], bool]
GOING: frozenset[Status] = frozenset(
    {Status.RELEASED, Status.PICKING, Status.PACKED, Status.SHIPPED, Status.COMPLETED}
)


def goes_on(order: Order) -> bool:
    """Tell whether nothing but the night review keeps it: no exception, no pause, goods promised."""
    waits = {hold.gate for hold in order.holds} - {"review"}
    is_held = order.pause is not None or any(line.held for line in order.lines)
    return not order.snags and not is_held and not waits and (order.fully_reserved or order.status in GOING)


def go_on(*names: str) -> Judge:
    """Every one of these goes on, or what stands for it today does."""

    def judge(floor: Floor) -> bool:
        found = [floor.heirs(name) for name in names]
        return all(heirs and all(map(goes_on, heirs)) for heirs in found)

    return judge


def order_is(name: str, is_so: Callable[[Order], bool]) -> Judge:
    """One order of the deck is there and is so."""

    def judge(floor: Floor) -> bool:
        order = floor.order(name)
        return order is not None and is_so(order)

    return judge


def money_of(*names: str, paid_minor: int) -> Judge:
    """What was paid for these is neither more nor less, however they were joined or parted."""

    def judge(floor: Floor) -> bool:
        return sum(order.paid_minor for order in floor.heirs(*names)) == paid_minor

    return judge
