"""A part of the money is here, and the balance is not."""

from __future__ import annotations

from datetime import datetime

from app.command import Command, Facts
from app.commands.split import Split
from app.domain.clock import Wait
from app.domain.credit import covered
from app.domain.making import why_not_split
from app.domain.money import shown
from app.domain.order import Order
from app.domain.owing import is_owed, unpaid_at
from app.repairs import called_off, look_again
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Part paid")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a balance that is open for too long. Source: capabilities 15, part_paid."""
    if not is_owed(order) or not order.received_money_minor or facts.now < unpaid_at(order, facts.rules):
        return None
    params: dict[str, str | int | Text] = {
        "paid": shown(order.received_money_minor, order.currency),
        "payable": shown(order.payable_minor, order.currency),
    }
    return Finding(Text(N_("Only {paid} of {payable} paid"), params))


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again when the patience ends."""
    return unpaid_at(order, facts.rules) if is_owed(order) else None


def split_paid(order: Order, _facts: Facts) -> Command | None:
    """Send what the money that came pays for, and the rest when its balance is paid."""
    parts = covered(order)
    if not parts or why_not_split(order, parts) is not None:
        return None
    return Split(order=order.id, parts=parts, pays_first=True)


KIND = Kind(
    code="part_paid",
    title=TITLE,
    hint=N_("Ask the buyer for the balance. Split off what is paid if they want it now."),
    severity="warn",
    rank=11,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless the money has come in; then the order goes on."),
        ),
        Repair(
            "split_paid",
            N_("Split off paid"),
            split_paid,
            N_("What is paid goes now, the rest waits for its money. It can be taken back."),
            off=N_("The money pays for no article"),
        ),
        Repair(
            "cancel_order",
            N_("Cancel order"),
            called_off(TITLE),
            N_("No goods move. The order can be restored; give the buyer the money back."),
        ),
    ),
    form="split",
    goal_min=120,
    wake_at=wake_at,
    gate="payment",
    stops=(Wait.CUSTOMER,),
)
