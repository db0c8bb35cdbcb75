"""An order on account comes to more than its customer may owe for one."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.money import shown
from app.domain.order import EDITABLE, Order
from app.repairs import held_for, look_again
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Over credit")
"""Also why it is held, where that is the answer."""


def found(order: Order, facts: Facts) -> Finding | None:
    """Find what would be owed beyond the credit of the customer.

    Source: capabilities 15, credit_hold; `company.Customer.credit_minor`.
    """
    if order.status not in EDITABLE or not order.is_on_account or order.is_paid:
        return None
    customer = facts.refs.customers.get(order.customer)
    if customer is None or customer.currency != order.currency:
        return None
    owed_minor = order.payable_minor - order.received_money_minor
    if owed_minor <= customer.credit_minor:
        return None
    params: dict[str, str | int | Text] = {
        "owed": shown(owed_minor, order.currency),
        "credit": shown(customer.credit_minor, order.currency),
    }
    text = Text(N_("{owed} on account, the credit of the customer is {credit}"), params)
    return Finding(text, waits_for=(f"customer:{customer.code}",))


KIND = Kind(
    code="credit_hold",
    title=TITLE,
    hint=N_("Ask for a payment, split the order, or have a lead raise the credit under Settings, Customers."),
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
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("The order keeps its stock and waits until somebody resumes it."),
            off=N_("On hold already"),
        ),
    ),
    form="split",
    goal_min=4 * 60,
    stops=(Wait.CUSTOMER,),
)
