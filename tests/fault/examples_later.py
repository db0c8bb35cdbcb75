"""More of `examples`: settings a lead publishes, and verbs that came later."""

from __future__ import annotations

from datetime import timedelta

from builders import NOW
from examples import EXAMPLES, Example, Past, nothing, one_order, says

from app.commands.hold import Hold
from app.commands.lease_stock import LeaseStock
from app.commands.postpone import Postpone
from app.commands.set_customer import SetCustomer
from app.commands.set_price_list import SetPriceList
from app.commands.set_view import SetView
from app.domain.company import Customer, PriceList
from app.domain.leasing import Ask
from app.domain.order_view import OrderView, SharedView
from app.domain.values import Role

LATER = NOW + timedelta(hours=1)


def _held(past: Past) -> Past:
    return one_order(past).by(Role.LEAD, Hold(order="o1", reason="ask"))


MORE: dict[str, Example] = {
    "postpone": Example(Role.CLERK, _held, says(Postpone(order="o1", reason="Monday", until=LATER))),
    "set_customer": Example(
        Role.LEAD, nothing, says(SetCustomer(customer=Customer(code="LH", title="Hotel")))
    ),
    "set_price_list": Example(
        Role.LEAD,
        nothing,
        says(SetPriceList(price_list=PriceList(code="HT", title="Hotels", prices={"LN-220": 24_000}))),
    ),
    "set_view": Example(
        Role.LEAD, nothing, says(SetView(view=SharedView(code="v1", title="Late", view=OrderView())))
    ),
    "lease_stock": Example(Role.CLERK, nothing, says(LeaseStock(items=(Ask("SZ", "LN-220", 3),)))),
}
ALL = EXAMPLES | MORE
ELSEWHERE = {
    "expire_lease": "a worker of the hub asks it, when a lease has run out",
    "record_effect": "a worker of the hub asks it, after it called somebody outside",
    "redo_effect": "needs an effect nobody can tell the outcome of",
    "return_lease": "needs a lease of the very desk that gives it back",
    "settle_effect": "needs an effect nobody can tell the outcome of",
}
"""Verbs that one desk and its hub cannot give by themselves, and why."""
