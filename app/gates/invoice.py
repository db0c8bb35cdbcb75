"""Invoice: can an invoice be made of what is known?"""

from __future__ import annotations

from app.command import Facts
from app.domain.invoice import INVOICE_TITLES
from app.domain.order import Order
from app.gate import Gate, Measure, State
from app.text import N_, Text

MISSING = "invoice_missing"


def measure(order: Order, _facts: Facts) -> Measure:
    """Ask the exception: invoice data are sealed, so only the hub judges them on every desk's behalf.

    Source: capabilities 4, invoice data of a business; capabilities 7.1.
    """
    snag = order.snag(MISSING)
    if snag is not None:
        return Measure(State.STOPS, snag.text, N_("Complete the invoice data, or leave them so."))
    if order.invoice is None:
        return Measure(State.MET, Text(N_("As agreed")))
    return Measure(State.MET, Text(INVOICE_TITLES[order.invoice.kind]))


GATE = Gate(
    "invoice",
    N_("Invoice"),
    55,
    measure,
    applies=lambda order: bool(order.customer) or order.invoice is not None,
)
