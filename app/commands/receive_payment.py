"""Note money that came in outside the channel, or take a mistake back."""

from __future__ import annotations

from datetime import date

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import PaymentReceived
from app.domain.order import OPEN, Order, Status
from app.domain.payment import METHODS
from app.quotas import today
from app.text import N_


class ReceivePayment(Command, frozen=True, kw_only=True):
    """Units: `amount_minor` in the order's currency; negative takes a mistake back.

    `paid_on` is the day the money came, `method` one of `payment.METHODS`; neither where nobody said.
    """

    order: str
    amount_minor: int
    method: str = ""
    paid_on: date | None = None


def decide(command: ReceivePayment, facts: Facts) -> Decided:
    """Add to what was paid.

    Refuses: `no_order`, `too_late`, `no_amount`, `too_much`, `no_method`, `not_yet`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if not may_pay(order):
        return refuse("too_late", N_("This order is finished. Note the money with its invoice."))
    if command.amount_minor == 0:
        return refuse("no_amount", N_("How much? Type the amount that came in."))
    if order.paid_minor + command.amount_minor < 0:
        return refuse("too_much", N_("More than was paid cannot be taken back. Type less."))
    if command.method and command.method not in METHODS:
        return refuse("no_method", N_("Nobody knows this way of paying. Choose one from the list."))
    if command.paid_on is not None and command.paid_on > today(order, facts):
        return refuse("not_yet", N_("That day is still to come. Type the day the money came."))
    return [
        PaymentReceived(
            order=order.id,
            amount_minor=command.amount_minor,
            by=facts.by.user,
            currency=order.currency,
            method=command.method,
            paid_on=command.paid_on,
        )
    ]


def may_pay(order: Order) -> bool:
    """Who buys on account pays after the goods have left: that closes what the credit still counts."""
    is_due = order.is_paid_later and order.status in (Status.SHIPPED, Status.COMPLETED)
    return order.status in OPEN or is_due


def inverse(command: ReceivePayment, _facts: Facts) -> Undo | None:
    """Take the amount back."""
    args = {"order": command.order, "amount_minor": -command.amount_minor, "method": command.method}
    return Undo("receive_payment", args)


SPEC = Spec(
    "receive_payment",
    ReceivePayment,
    order_of,
    decide,
    Authority.HUB,
    changes=("paid_minor",),
    inverse=inverse,
)
