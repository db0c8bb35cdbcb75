"""Say what the invoice of an order shall say."""

from __future__ import annotations

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, Undo, order_of, refuse
from app.domain.billing import is_on_its_way
from app.domain.events import InvoiceSet
from app.domain.invoice import Invoice, unusable
from app.domain.order import LEFT
from app.text import N_


class SetInvoice(Command, frozen=True, kw_only=True):
    """Without `invoice` the buyer wants none."""

    order: str
    invoice: Invoice | None


def decide(command: SetInvoice, facts: Facts) -> Decided:
    """Keep what it shall say; what no invoice can be made of is asked about, see `snags.invoice_missing`.

    Refuses: `no_order`, `too_late`, `bad_title`, `bad_number`, `unchanged`, `on_its_way`.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    if order.status in LEFT:
        return refuse("too_late", N_("This order goes nowhere any more. Open the one in its place."))
    invoice = command.invoice
    if invoice == order.invoice:
        return refuse("unchanged", N_("It says that already. Nothing to do."))
    if any(is_on_its_way(order, bill.key) for bill in order.bills):
        return refuse("on_its_way", N_("The invoice is being made. Wait for its number, then change it."))
    if invoice is not None:
        wrong = unusable(invoice)
        if wrong is not None:
            return refuse(*wrong)
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
