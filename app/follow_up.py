"""What follows for the invoices and the visit of an order after every change."""

from __future__ import annotations

from collections.abc import Iterator

from app.command import Facts
from app.domain import events as e
from app.domain.billing import due_bill
from app.domain.company import today_of
from app.domain.order import Order
from app.domain.visiting import GONE


def billed(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield the invoice that is to be asked for now; only the hub asks."""
    bill = due_bill(order, facts.shop_of(order), facts.now) if facts.at_hub else None
    if bill is not None:
        yield e.BillAsked(order=order.id, bill=bill, currency=order.currency)


def unvisited(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that nobody comes to an order that goes nowhere any more: its slot is free.

    Source: capabilities 8.4, no orphan after cancels and returns.
    """
    visit = order.visit
    if facts.at_hub and visit is not None and not visit.is_done and order.status in GONE:
        today = today_of(facts.shop_of(order), facts.now)
        yield e.VisitCancelled(order=order.id, visit=visit, on=today)
