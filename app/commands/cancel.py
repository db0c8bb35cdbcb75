"""Call an order off before the warehouse begins."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import closing
from app.domain.order import EDITABLE, OPEN, Status
from app.text import N_


class Cancel(Command, frozen=True, kw_only=True):
    order: str
    reason: str


def decide(command: Cancel, facts: Facts) -> Decided:
    """Give the stock back and close the order.

    Refuses: `no_order`, `replacement`, `too_late`, `picked`, `no_reason`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.makes_good is not None:
        return refuse("replacement", N_("It replaces goods of another order. Withdraw it there."))
    if order.status not in OPEN:
        return refuse("too_late", N_("This order is finished. It cannot be cancelled."))
    if order.status not in EDITABLE:
        return refuse("picked", N_("The warehouse has begun. Put the goods back first."))
    if not command.reason.strip():
        return refuse("no_reason", N_("Write why, so that the next person knows."))
    return closing(order, Status.CANCELLED, facts.now, command.reason.strip())


def inverse(command: Cancel, _facts: Facts) -> Undo | None:
    """Restore it."""
    return Undo("restore", {"order": command.order})


SPEC = Spec("cancel", Cancel, order_of, decide, Authority.DESK, changes=("status",), inverse=inverse)
