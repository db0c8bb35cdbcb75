"""Guide: say what the invoice of an order shall say."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.set_invoice import SetInvoice
from app.domain.invoice import INVOICE_TITLES, Invoice, InvoiceKind, plain_tax_no
from app.domain.order import LEFT, Order
from app.form import Advice, Answers, Choice, Field, Form, Step
from app.text import N_, Text
from app.typed_order import BILLED_TO, NO_INVOICE, asks_invoice


def kinds(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the invoices there are."""
    titles = (Choice(kind.value, Text(title)) for kind, title in INVOICE_TITLES.items())
    return (Choice(NO_INVOICE, Text(N_("No invoice"))), *titles)


def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest what is known of the customer."""
    customer = facts.refs.customers.get(order.customer)
    if customer is None or not customer.tax_no or not asks_invoice(answers):
        return None
    known = {"title": customer.invoice_title, "tax_no": customer.tax_no}
    if all(answers.get(name, "") == value for name, value in known.items()):
        return None
    told = Text(N_("Suggestion: {title}"), {"title": customer.invoice_title})
    return Advice(told, Text(N_("Title and tax number of this customer.")), known)


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with what the order has."""
    invoice = order.invoice
    if invoice is None:
        return {"invoice": NO_INVOICE, "title": "", "tax_no": ""}
    return {"invoice": invoice.kind.value, "title": invoice.title, "tax_no": invoice.tax_no}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    if not asks_invoice(answers):
        return SetInvoice(order=order.id, invoice=None)
    kind, title = InvoiceKind(answers["invoice"]), answers["title"].strip()
    invoice = Invoice(kind=kind, title=title, tax_no=plain_tax_no(answers["tax_no"]))
    return SetInvoice(order=order.id, invoice=invoice)


FORM: Form[Order] = Form(
    code="invoice",
    title=N_("Invoice data"),
    steps=(
        Step(
            name="kind",
            title=N_("Kind"),
            question=N_("Which invoice does the buyer want?"),
            reason=N_("Only a special one counts against their own VAT."),
            fields=(
                Field(
                    "invoice", N_("Invoice"), N_("Choose what the buyer asked for."), "choice", choices=kinds
                ),
            ),
        ),
        Step(
            name="data",
            title=N_("Title, number"),
            question=N_("What does the invoice say?"),
            reason=N_("A wrong tax number makes it worthless to the buyer."),
            told=("title",),
            fields=BILLED_TO,
            advice=advise,
        ),
    ),
    start=start,
    build=build,
    label=N_("Invoice"),
    key="F",
    grant="set_invoice",
    is_offered=lambda order, _facts: order.status not in LEFT,
)
