"""The money is not here, or the channel says something that stops shipping."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.commands.recheck import Recheck
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import DEAD, EDITABLE, ChannelState, Order
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def unpaid_at(order: Order, facts: Facts) -> datetime:
    """Return when waiting for the money becomes a problem. Source: rules unpaid_after_min."""
    return order.ordered_at + timedelta(minutes=facts.rules.unpaid_after_min)


def found(order: Order, facts: Facts) -> Finding | None:
    """Find money that is missing too long, a refund, or a state of the channel that nobody may ignore.

    Source: capabilities 15, payment_failed, part_paid; capabilities 1, unknown status means hold.
    """
    if order.channel_state in DEAD:
        return Finding(Text(N_("Cancelled on the channel. Put picked goods back, then cancel here.")))
    if order.status not in EDITABLE:
        return None
    if order.channel_state is ChannelState.UNKNOWN:
        return Finding(Text(N_("The channel sent a state we do not know. Look the order up there.")))
    if order.channel_state is ChannelState.PARTLY_SHIPPED:
        return Finding(Text(N_("Partly shipped on the channel, but not by us. Look the order up there.")))
    if order.is_paid or order.is_on_account:
        return None
    params: dict[str, str | int | Text] = {
        "paid": shown(order.received_money_minor, order.currency),
        "payable": shown(order.payable_minor, order.currency),
    }
    if order.refunded_minor:
        return Finding(Text(N_("{paid} of {payable} left after a refund"), params))
    if facts.now < unpaid_at(order, facts):
        return None
    if order.received_money_minor:
        return Finding(Text(N_("Only {paid} of {payable} paid"), params))
    return Finding(Text(N_("{payable} not paid yet"), params))


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the patience ends."""
    return None if order.is_paid or order.status not in EDITABLE else unpaid_at(order, facts)


def look_again(order: Order, _facts: Facts) -> Command:
    """Ask the hub for what the channel said last."""
    return Recheck(order=order.id)


def cancel(order: Order, _facts: Facts) -> Command | None:
    """Call the order off, where the warehouse has not begun."""
    return Cancel(order=order.id, reason="payment_problem") if order.status in EDITABLE else None


KIND = Kind(
    code="payment_problem",
    title=N_("Payment problem"),
    hint=N_("Compare with the channel's own page. Ship nothing before the money is here."),
    severity="warn",
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless the money has come in; then the order goes on."),
        ),
        Repair(
            "cancel_order",
            N_("Cancel order"),
            cancel,
            N_("No goods move. The order can be restored while the channel keeps it open."),
        ),
    ),
    goal_min=120,
    wake_at=wake_at,
    gate="payment",
    stops=(Wait.CUSTOMER, Wait.PLATFORM),
)
