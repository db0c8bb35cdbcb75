"""Note money that came in outside the channel, or take a mistake back."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import PaymentReceived
from app.domain.order import OPEN, Order, Status
from app.text import N_


class ReceivePayment(Command, frozen=True, kw_only=True):
    """Units: `amount_minor` in the order's currency; negative takes a mistake back."""

    order: str
    amount_minor: int


def decide(command: ReceivePayment, facts: Facts) -> Decided:
    """Add to what was paid.

    Refuses: `no_order`, `too_late`, `no_amount`, `too_much`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if not _may_pay(order):
        return refuse("too_late", N_("This order is finished. Note the money with its invoice."))
    if command.amount_minor == 0:
        return refuse("no_amount", N_("How much? Type the amount that came in."))
    if order.paid_minor + command.amount_minor < 0:
        return refuse("too_much", N_("More than was paid cannot be taken back. Type less."))
    return [PaymentReceived(order=order.id, amount_minor=command.amount_minor, by=facts.by.user)]


def _may_pay(order: Order) -> bool:
    """Who buys on account pays after the goods have left: that closes what the credit still counts."""
    is_due = order.is_on_account and order.status in (Status.SHIPPED, Status.COMPLETED)
    return order.status in OPEN or is_due


def inverse(command: ReceivePayment, _facts: Facts) -> Undo | None:
    """Take the amount back."""
    return Undo("receive_payment", {"order": command.order, "amount_minor": -command.amount_minor})


SPEC = Spec(
    "receive_payment",
    ReceivePayment,
    order_of,
    decide,
    Authority.HUB,
    changes=("paid_minor",),
    inverse=inverse,
)
