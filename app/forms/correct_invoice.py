"""Guide: correct what an invoice service refused, and send it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.command import Command, Facts
from app.commands.resubmit_invoice import ResubmitInvoice
from app.domain.billing import refused_bill
from app.domain.invoice import INVOICE_TITLES, Invoice, InvoiceKind, plain_tax_no
from app.domain.order import Order
from app.form import Advice, Answers, Choice, Field, Form, Step, Verdict, no_verdict
from app.text import N_, Text
from app.typed_order import BILLED_TO

Check = Callable[[str, Answers, Order, Facts], Verdict | None]
REFUSED = Text(N_("The service refused exactly this. Change it."))


def still_refused(name: str, check: Check) -> Check:
    """Say beside the field that was refused that it still says the same."""

    def verdict(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
        judged = check(value, answers, order, facts)
        if judged is not None and judged.is_error:
            return judged
        refused = refused_bill(order)
        is_same = (
            refused is not None and refused[1].field == name and value == start(order, facts)[name_of(name)]
        )
        return Verdict(is_error=True, text=REFUSED) if is_same else judged

    return verdict


def name_of(field: str) -> str:
    """Return what the guide calls a field of the service."""
    return "invoice" if field == "kind" else field


def kinds(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the invoices there are."""
    return tuple(Choice(kind.value, Text(title)) for kind, title in INVOICE_TITLES.items())


def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest what is known of the customer."""
    customer = facts.refs.customers.get(order.customer)
    if customer is None or not customer.invoice_title:
        return None
    known = {"title": customer.invoice_title, "tax_no": customer.tax_no}
    if all(answers.get(name, "") == value for name, value in known.items()):
        return None
    told = Text(N_("Suggestion: {title}"), {"title": customer.invoice_title})
    return Advice(told, Text(N_("Title and tax number of this customer.")), known)


def start(order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with what was refused."""
    invoice = order.invoice
    if invoice is None:
        return {"invoice": InvoiceKind.ORDINARY.value, "title": "", "tax_no": ""}
    return {"invoice": invoice.kind.value, "title": invoice.title, "tax_no": invoice.tax_no}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    refused = refused_bill(order)
    return ResubmitInvoice(
        order=order.id,
        key=refused[0].key if refused is not None else "",
        invoice=Invoice(
            kind=InvoiceKind(answers["invoice"]),
            title=answers["title"].strip(),
            tax_no=plain_tax_no(answers["tax_no"]),
        ),
    )


def is_offered(order: Order, _facts: Facts) -> bool:
    """Offer it where a blue one was refused: a red one says nothing of the buyer."""
    refused = refused_bill(order)
    return refused is not None and not refused[0].red_of


_TO: tuple[Field[Any], ...] = tuple(
    replace(field, check=still_refused(field.name, field.check)) for field in BILLED_TO
)

FORM: Form[Order] = Form(
    code="correct_invoice",
    title=N_("Correct the invoice"),
    steps=(
        Step(
            name="kind",
            title=N_("Kind"),
            question=N_("Which invoice shall it be?"),
            reason=N_("The service made nothing yet; the same invoice is asked for again, corrected."),
            fields=(
                Field(
                    "invoice",
                    N_("Invoice"),
                    N_("Choose what the buyer asked for."),
                    "choice",
                    check=still_refused("kind", no_verdict),
                    choices=kinds,
                ),
            ),
        ),
        Step(
            name="data",
            title=N_("Title, number"),
            question=N_("What does the invoice say?"),
            reason=N_("A wrong tax number makes it worthless to the buyer."),
            told=("title",),
            fields=_TO,
            advice=advise,
        ),
    ),
    start=start,
    build=build,
    label=N_("Correct invoice"),
    key="3",
    grant="resubmit_invoice",
    is_offered=is_offered,
)
