"""The money did not come."""

from __future__ import annotations

from datetime import datetime

from app.command import Facts
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import Order
from app.domain.owing import is_owed, unpaid_at
from app.repairs import OUT_OF_REACH, SENT_LATER, called_off, look_again, told
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Not paid")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find money of which nothing has come for too long. Source: capabilities 15, payment_failed."""
    if not is_owed(order) or order.received_money_minor or facts.now < unpaid_at(order, facts.rules):
        return None
    return Finding(
        Text(N_("{payable} not paid yet"), {"payable": shown(order.payable_minor, order.currency)})
    )


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the patience ends."""
    return unpaid_at(order, facts.rules) if is_owed(order) else None


KIND = Kind(
    code="payment_failed",
    title=TITLE,
    hint=N_("Compare with the channel's own page. Ship nothing before the money is here."),
    severity="warn",
    rank=10,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless the money has come in; then the order goes on."),
        ),
        Repair(
            "ask_payment",
            N_("Ask for payment"),
            told("payment_failed", "payment"),
            SENT_LATER,
            off=OUT_OF_REACH,
        ),
        Repair(
            "cancel_order",
            N_("Cancel order"),
            called_off(TITLE),
            N_("No goods move. The order can be restored while the channel keeps it open."),
        ),
    ),
    form="receive_payment",
    goal_min=120,
    wake_at=wake_at,
    gate="payment",
    stops=(Wait.CUSTOMER, Wait.PLATFORM),
)
