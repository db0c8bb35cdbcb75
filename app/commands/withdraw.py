"""Call an order off because the file that brought it is taken back."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.events import Event, OrderWithdrawn, closing
from app.domain.order import ChannelState, Order, Status
from app.domain.review import reviewed_by
from app.text import N_


class Withdraw(Command, frozen=True, kw_only=True):
    """`by` is the person who took `file` back; the account that brought the order asks for it."""

    order: str
    file: str
    by: str


def decide(command: Withdraw, facts: Facts) -> Decided:
    """Give the stock back and close the order; what a hand has touched stays.

    Refuses: `no_order`, `touched`, `in_warehouse`, `unchanged`.
    Source: architecture section 9, undo of a file import.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.channel_state is ChannelState.WITHDRAWN:
        return refuse("unchanged", N_("This order was taken back already. Nothing to do."))
    if _is_touched(order, facts.by.user):
        return refuse("touched", N_("Somebody worked on this order. Cancel it by hand if it has to go."))
    if _is_ours(order):
        return refuse("in_warehouse", N_("The warehouse has this order. Put the goods back first."))
    events: list[Event] = [OrderWithdrawn(order=order.id, file=command.file, by=command.by)]
    if order.status not in (Status.CANCELLED, Status.RETURNED):
        events += closing(order, Status.CANCELLED, facts.now)
    return events


def _is_touched(order: Order, account: str) -> bool:
    """Tell whether anybody but the account that brought it has worked on an order, also after its release."""
    is_changed = order.touched or order.maker != account
    return is_changed or bool(order.settled or reviewed_by(order) or order.pause or order.priority)


def _is_ours(order: Order) -> bool:
    """Tell whether our warehouse has begun; what the channel alone called shipped never was here."""
    has_begun = order.status in (Status.PICKING, Status.PACKED) or any(line.picked for line in order.lines)
    return has_begun or bool(order.carrier or order.tracking_no)


SPEC = Spec("withdraw", Withdraw, order_of, decide, Authority.HUB, touches=False)
