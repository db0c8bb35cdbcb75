"""Which orders take of the credit of their customer, and how much is left for one."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import Facts
from app.domain import events as e
from app.domain.account import Account, Credited, account_key
from app.domain.company import Customer
from app.domain.credit import owed_minor
from app.domain.order import EDITABLE, Order
from app.domain.waiver import waiver_of
from app.profiles import rules_for

GATE = "credit"


def creditor(order: Order, facts: Facts) -> Customer | None:
    """Return the business whose credit an order may use, where it is in use and pays in this money."""
    customer = facts.refs.customers.get(order.customer)
    if customer is None or not customer.active or customer.currency != order.currency:
        return None
    return customer


def taken_elsewhere(order: Order, facts: Facts) -> int:
    """Return what other orders of the customer take of its credit. Units: minor units."""
    row = facts.row(account_key(order.customer)) if order.customer else None
    used = row.used_minor if isinstance(row, Account) else 0
    mine = order.credited
    return used - (mine.amount_minor if mine is not None and mine.customer == order.customer else 0)


def dunned(order: Order, facts: Facts) -> int:
    """Return how often the customer was reminded, where that stops an order that was not agreed to before.

    Source: capabilities 4, dunning level; rules dunning_stop_level, 0: never.
    """
    customer, stop = creditor(order, facts), rules_for(order, facts).dunning_stop_level
    if customer is None or order.credited is not None or not 0 < stop <= customer.dunning:
        return 0
    return customer.dunning


def lacking(order: Order, facts: Facts) -> int:
    """Return by how much the credit is too small for an order; all it owes where there is no such credit.

    Source: capabilities 4, exposure is open receivables, unbilled orders and this one.
    """
    owed, customer = owed_minor(order), creditor(order, facts)
    if not owed:
        return 0
    if customer is None or dunned(order, facts):
        return owed
    return max(0, taken_elsewhere(order, facts) + owed - customer.credit_minor)


def credited(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Take of the credit what an order owes, or give it back; only the hub knows who was first.

    What has left the pick queue owes whatever the credit is; so does what somebody answers for.
    """
    if not facts.at_hub:
        return
    was, now = order.credited, _granted(order, facts)
    if was is not None and (now is None or now.customer != was.customer):
        yield e.CreditMoved(
            order=order.id, customer=was.customer, amount_minor=0, delta_minor=-was.amount_minor
        )
        was = None
    delta = (now.amount_minor if now else 0) - (was.amount_minor if was else 0)
    if now is not None and delta:
        yield e.CreditMoved(
            order=order.id, customer=now.customer, amount_minor=now.amount_minor, delta_minor=delta
        )


def _granted(order: Order, facts: Facts) -> Credited | None:
    owed = owed_minor(order)
    if not owed or not order.customer:
        return None
    may_stop = order.status in EDITABLE and waiver_of(order, GATE, facts.now) is None
    if may_stop and lacking(order, facts):
        return None
    return Credited(customer=order.customer, amount_minor=owed)
