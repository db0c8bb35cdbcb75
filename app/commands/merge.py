"""Send several orders of one buyer as one."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Refusal, Spec, Undo, refuse
from app.domain.events import Event, OrderMade, OrderReplaced, StatusChanged, StockReleased
from app.domain.making import merged, why_not_merge
from app.domain.order import Order, Status
from app.domain.values import Keys, order_key
from app.text import N_


class Merge(Command, frozen=True, kw_only=True):
    """`into` is the new order; the first of `orders` gives it its receiver."""

    orders: tuple[str, ...]
    into: str


def needs(command: Merge) -> Keys:
    return frozenset(order_key(one) for one in (*command.orders, command.into))


def decide(command: Merge, facts: Facts) -> Decided:
    """Close the orders as they are and let one go on in their place.

    Refuses: `no_order`, `exists`, or why they may not go out as one, see `relations.why_not_merge`.
    """
    orders: list[Order] = []
    for one in command.orders:
        order = facts.order(one)
        if order is None:
            return NO_ORDER
        orders.append(order)
    there = facts.order(command.into)
    if there is not None and there.status is not Status.DISSOLVED:
        return refuse("exists", N_("These orders are merged already. Look at the new one."))
    objection = why_not_merge(orders)
    if objection is not None:
        return Refusal(objection.code, objection.text)
    content = merged(command.into, orders, facts.by.user, facts.now)
    events: list[Event] = []
    for order in orders:
        if order.reserved:
            events.append(StockReleased(order=order.id, items=order.reserved))
        events += [
            StatusChanged(order=order.id, before=order.status, after=Status.REPLACED, at=facts.now),
            OrderReplaced(order=order.id, by=(content.id,), numbers=(content.number,)),
        ]
    return [*events, OrderMade(content=content)]


def inverse(command: Merge, _facts: Facts) -> Undo | None:
    """Let the originals go on by themselves again."""
    return Undo("put_back", {"order": command.into})


SPEC = Spec("merge", Merge, needs, decide, Authority.DESK, inverse=inverse)
