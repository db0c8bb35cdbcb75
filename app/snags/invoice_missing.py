"""What the invoice of an order shall say is not known, or cannot be right."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.set_invoice import SetInvoice
from app.domain.clock import Wait
from app.domain.invoice import Invoice, invoice_fault
from app.domain.order import Order
from app.domain.values import digest
from app.profiles import asked_by_profile
from app.repairs import OUT_OF_REACH, SENT_LATER, answered, known_invoice, told
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find invoice data that no invoice can be made of, or a business that bought on a channel without any.

    Who typed the order in was asked; a channel asks nobody.
    Source: capabilities 15, invoice_missing; capabilities 7, data.
    """
    if order.invoice is not None:
        wrong = invoice_fault(order.invoice)
        if wrong is not None:
            return Finding(wrong, digest=digest(order.id, order.invoice))
        return _anothers(order.invoice, order, facts)
    if order.classed is not None and order.classed.invoice in ("ordinary", "special"):
        asked = Text(N_("Orders of this class need an invoice, and nobody said what it shall say."))
        return Finding(asked, digest=digest(order.id, order.invoice))
    if "invoice" in asked_by_profile(order, facts).more and not order.customer:
        asked = Text(N_("Such orders need an invoice, and nobody said what it shall say."))
        return Finding(asked, digest=digest(order.id, order.invoice))
    if not order.ext_id or order.customer not in facts.refs.customers:
        return None
    text = Text(N_("A business bought it, and nobody said what the invoice shall say."))
    return Finding(text, waits_for=(f"customer:{order.customer}",), digest=digest(order.id, order.invoice))


def _anothers(invoice: Invoice, order: Order, facts: Facts) -> Finding | None:
    """Find a title that is not that of the customer to whom its tax number belongs.

    Source: capabilities 7.1.
    """
    if not invoice.tax_no:
        return None
    owners = [
        one for one in facts.refs.customers.values() if one.tax_no == invoice.tax_no and one.invoice_title
    ]
    if not owners or any(one.invoice_title == invoice.title for one in owners):
        return None
    text = Text(N_("This tax number is that of {customer}, the title is not."), {"customer": owners[0].title})
    return Finding(text, waits_for=(f"customer:{owners[0].code}",), digest=digest(order.id, invoice))


def known_data(order: Order, facts: Facts) -> Command | None:
    """Take what is known of the customer, where an invoice can be made of it."""
    invoice = known_invoice(order, facts)
    return SetInvoice(order=order.id, invoice=invoice) if invoice is not None else None


KIND = Kind(
    code="invoice_missing",
    title=N_("Invoice data missing"),
    hint=N_("The buyer says title and tax number. What a customer uses stands under Settings, Customers."),
    severity="warn",
    rank=24,
    found=found,
    repairs=(
        Repair(
            "known_data",
            N_("Use known data"),
            known_data,
            N_("Only the invoice data change. It can be undone."),
            off=N_("Nothing known of this customer"),
        ),
        Repair(
            "ask_buyer",
            N_("Ask buyer"),
            told("invoice_missing", "invoice"),
            SENT_LATER,
            off=OUT_OF_REACH,
        ),
        Repair(
            "leave_it",
            N_("Leave it so"),
            answered("invoice_missing"),
            N_("Nothing changes. Other invoice data are judged again."),
        ),
    ),
    hub_only=True,
    gate="invoice",
    goal_min=4 * 60,
    stops=(Wait.CUSTOMER,),
)
