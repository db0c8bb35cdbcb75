"""What an order sheet says of the orders it belongs together with, and of the business that buys."""

from __future__ import annotations

import msgspec

from app.domain.agreement import contracts_said
from app.domain.billing import bills_said
from app.domain.company import Customer
from app.domain.invoice import INVOICE_TITLES
from app.domain.order import TITLES, Order
from app.domain.relations import Find
from app.text import N_, Text


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """One order that belongs to another: its id, its number, how they belong together."""

    id: str
    number: str
    text: Text


def kin_of(order: Order, find: Find) -> tuple[Kin, ...]:
    """Return the orders one can go to from here: what goes on in its place first."""
    named = [
        *((one, N_("goes on in its place, {state}")) for one in order.replaced_by),
        *((source.order, N_("is in this order, {state}")) for source in order.made_from),
    ]
    return tuple(
        Kin(id=found.id, number=found.number, text=Text(words, {"state": Text(TITLES[found.status])}))
        for one, words in named
        if (found := find(one)) is not None
    )


def terms_said(order: Order, customer: Customer | None) -> tuple[tuple[str, Text], ...]:
    """Say who buys on which terms and what the invoice shall say; a heading and a sentence each."""
    said: list[tuple[str, Text]] = []
    if order.customer:
        said.append(
            (N_("Customer"), Text("{title}", {"title": customer.title if customer else order.customer}))
        )
    if order.terms_days is not None:
        said.append((N_("Payment"), Text(N_("On account, {days} days"), {"days": order.terms_days})))
    if order.invoice is not None:
        said.append((N_("Invoice"), Text(INVOICE_TITLES[order.invoice.kind])))
        if order.invoice.title:
            said.append((N_("Invoice title"), Text("{title}", {"title": order.invoice.title})))
        if order.invoice.tax_no:
            said.append((N_("Tax number"), Text("{number}", {"number": order.invoice.tax_no})))
    return (*said, *bills_said(order), *contracts_said(order))
