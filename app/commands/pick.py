"""Take pieces of one line from the shelf, or put them back."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import Event, LinePicked, StatusChanged
from app.domain.order import DEAD, Order, Status
from app.text import N_


class Pick(Command, frozen=True, kw_only=True):
    """Units: `qty` pieces; negative puts back."""

    order: str
    line: str
    qty: int = 1


def decide(command: Pick, facts: Facts) -> Decided:
    """Count pieces; the first one starts picking, the last one put back ends it.

    Refuses: `no_order`, `not_picking`, `on_hold`, `called_off`, `no_line`, `no_quantity`, `too_many`,
        `too_few`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status not in (Status.RELEASED, Status.PICKING):
        return refuse("not_picking", N_("This order is not in the pick queue. Put it aside."))
    if command.qty > 0 and order.pause is not None:
        return refuse("on_hold", N_("This order is on hold. Put it aside until it is resumed."))
    if command.qty > 0 and order.channel_state in DEAD:
        return refuse("called_off", N_("The channel cancelled this order. Put the goods back."))
    line = next((line for line in order.lines if line.id == command.line), None)
    if line is None:
        return refuse("no_line", N_("This article is not in the order. Put it back."))
    if command.qty == 0:
        return refuse("no_quantity", N_("How many? Type 1 or more."))
    after = line.picked + command.qty
    if after > line.qty:
        return refuse("too_many", N_("{qty} are wanted and picked. Put the rest back."), qty=line.qty)
    if after < 0:
        return refuse("too_few", N_("Only {picked} are picked. Put back no more."), picked=line.picked)
    events: list[Event] = [LinePicked(order=order.id, line=line.id, qty=command.qty)]
    left = sum(line.picked for line in order.lines) + command.qty
    move = _move(order, left)
    if move is not None:
        events.append(StatusChanged(order=order.id, before=order.status, after=move, at=facts.now))
    return events


def _move(order: Order, picked: int) -> Status | None:
    if order.status is Status.RELEASED and picked > 0:
        return Status.PICKING
    if order.status is Status.PICKING and picked == 0:
        return Status.RELEASED
    return None


def inverse(command: Pick, _facts: Facts) -> Undo | None:
    """Put it back, or take it again."""
    return Undo("pick", {"order": command.order, "line": command.line, "qty": -command.qty})


SPEC = Spec("pick", Pick, order_of, decide, Authority.DESK, inverse=inverse, touches=False)
