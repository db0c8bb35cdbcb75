"""An order on account, with what else is open, comes to more than its customer may owe."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.split import Split
from app.crediting import creditor, dunned, lacking, taken_elsewhere
from app.domain.clock import Wait
from app.domain.credit import fitting, owed_minor
from app.domain.making import why_not_split
from app.domain.money import shown
from app.domain.order import EDITABLE, Order
from app.repairs import held_for, look_again
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Over credit")
"""Also why it is held, where that is the answer."""


def found(order: Order, facts: Facts) -> Finding | None:
    """Find what would be owed beyond the credit of the customer, everything that is open counted together.

    Source: capabilities 15, credit_hold; `company.Customer.credit_minor`; DECISIONS 35.
    """
    if order.status not in EDITABLE or not lacking(order, facts):
        return None
    wakes = (f"customer:{order.customer}", f"credit:{order.customer}") if order.customer else ()
    customer, owed = creditor(order, facts), owed_minor(order)
    if customer is None:
        params: dict[str, str | int | Text] = {"owed": shown(owed, order.currency)}
        return Finding(Text(N_("{owed} on account, and no credit is agreed in this money"), params), wakes)
    if level := dunned(order, facts):
        text = Text(N_("The customer was reminded {level} times of what is overdue"), {"level": level})
        return Finding(text, (*wakes, "rules"))
    params = {
        "owed": shown(taken_elsewhere(order, facts) + owed, order.currency),
        "credit": shown(customer.credit_minor, order.currency),
    }
    return Finding(Text(N_("{owed} on account, the credit of the customer is {credit}"), params), wakes)


def split_to_fit(order: Order, facts: Facts) -> Command | None:
    """Send what fits the free credit, and the rest when that is paid."""
    customer = creditor(order, facts)
    if customer is None or dunned(order, facts):
        return None
    parts = fitting(order, customer.credit_minor - taken_elsewhere(order, facts))
    if not parts or why_not_split(order, parts) is not None:
        return None
    return Split(order=order.id, parts=parts)


KIND = Kind(
    code="credit_hold",
    title=TITLE,
    hint=N_("Ask for a payment, split the order, or have a lead raise the credit and say why."),
    severity="bad",
    rank=12,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless money came in or the credit was raised."),
        ),
        Repair(
            "split_to_fit",
            N_("Split to fit"),
            split_to_fit,
            N_("What fits the credit goes now, the rest waits until it is paid. It can be taken back."),
            off=N_("Nothing of it fits"),
        ),
        Repair(
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("The order keeps its stock and waits until somebody resumes it."),
            off=N_("On hold already"),
        ),
    ),
    form="credit",
    gate="credit",
    goal_min=4 * 60,
    stops=(Wait.CUSTOMER,),
)
