"""Say what the invoice of an order shall say."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.events import InvoiceSet
from app.domain.invoice import Invoice
from app.domain.order import LEFT
from app.text import N_

TITLE_MOST, TAX_NO_MOST = 100, 32
"""Characters of an invoice title and of what may be a tax number."""


class SetInvoice(Command, frozen=True, kw_only=True):
    """Without `invoice` the buyer wants none."""

    order: str
    invoice: Invoice | None


def decide(command: SetInvoice, facts: Facts) -> Decided:
    """Keep what it shall say; what no invoice can be made of is asked about, see `snags.invoice_missing`.

    Refuses: `no_order`, `too_late`, `bad_title`, `bad_number`, `unchanged`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status in LEFT:
        return refuse("too_late", N_("This order goes nowhere any more. Open the one in its place."))
    invoice = command.invoice
    if invoice == order.invoice:
        return refuse("unchanged", N_("It says that already. Nothing to do."))
    if invoice is not None:
        if len(invoice.title) > TITLE_MOST or not invoice.title.isprintable():
            return refuse("bad_title", N_("A title has up to 100 characters, on one line. Change it."))
        if len(invoice.tax_no) > TAX_NO_MOST or not invoice.tax_no.isprintable():
            return refuse("bad_number", N_("A tax number has 15 to 20 symbols. Look again."))
    return [InvoiceSet(order=order.id, invoice=invoice, by=facts.by.user)]


def inverse(command: SetInvoice, facts: Facts) -> Undo | None:
    """Bring the invoice data of before back."""
    order = facts.order(command.order)
    return Undo("set_invoice", {"order": order.id, "invoice": order.invoice}) if order is not None else None


SPEC = Spec(
    "set_invoice",
    SetInvoice,
    order_of,
    decide,
    Authority.DESK,
    changes=("invoice",),
    inverse=inverse,
)
