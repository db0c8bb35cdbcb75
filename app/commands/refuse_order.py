"""Say that this warehouse does not send an order, and why."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import Event, LinePicked, LotsTaken, OrderRefused, StatusChanged
from app.domain.floor_refusal import REASONS, FloorRefusal
from app.domain.order import Line, Order, Status
from app.domain.sourcing import said_of
from app.text import N_


class RefuseOrder(Command, frozen=True, kw_only=True):
    """`why` is one of `floor_refusal.REASONS`."""

    order: str
    why: str


def decide(command: RefuseOrder, facts: Facts) -> Decided:
    """Give the order back: what was picked lies on its shelf again, and its stock stays promised to it.

    Refuses: `no_order`, `no_reason`, `not_picking`.
    Source: capabilities 15, warehouse_rejected.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    reason = REASONS.get(command.why)
    if reason is None:
        return refuse("no_reason", N_("Say why: choose one of the list."))
    if order.status not in (Status.RELEASED, Status.PICKING):
        return refuse("not_picking", N_("This order is not in the pick queue. Put it aside."))
    events: list[Event] = [event for line in order.lines if line.picked for event in _laid_back(order, line)]
    if order.status is Status.PICKING:
        back = Status.RELEASED
        events.append(StatusChanged(order=order.id, before=order.status, after=back, at=facts.now))
    refusal = FloorRefusal(
        warehouse=order.warehouse,
        why=command.why,
        by=facts.by.user,
        at=facts.now,
        said=said_of(order, reason.field),
    )
    return [*events, OrderRefused(order=order.id, refusal=refusal)]


def _laid_back(order: Order, line: Line) -> Iterator[Event]:
    yield LinePicked(order=order.id, line=line.id, qty=-line.picked)
    if line.lots:
        back = tuple(msgspec.structs.replace(one, qty=-one.qty) for one in line.lots)
        yield LotsTaken(order=order.id, line=line.id, sku=line.sku, lots=back)


def inverse(command: RefuseOrder, _facts: Facts) -> Undo | None:
    """Send it after all; what was put back is picked anew."""
    return Undo("withdraw_refusal", {"order": command.order})


SPEC = Spec("refuse_order", RefuseOrder, order_of, decide, Authority.DESK, inverse=inverse, touches=False)
