"""Ask once more for an invoice that was refused: corrected, or of another service, under its old key."""

from __future__ import annotations

import msgspec

from app.command import NO_ORDER, Authority, Command, Decided, Facts, Spec, order_of, refuse
from app.domain.billing import asked_again, refused_bill
from app.domain.events import BillAsked, EffectAskedAgain, Event, InvoiceSet
from app.domain.invoice import Invoice, invoice_fault, unusable
from app.text import N_


class ResubmitInvoice(Command, frozen=True, kw_only=True):
    """`invoice` is what it shall say now, None: what the order says. Without `provider` the same is asked."""

    order: str
    key: str
    invoice: Invoice | None = None
    provider: str = ""


def decide(command: ResubmitInvoice, facts: Facts) -> Decided:
    """Correct the order and ask again; lines and amounts are those of now.

    Refuses: `no_order`, `not_refused`, `no_service`, `bad_title`, `bad_number`, `bad_invoice`, `nothing_due`.
    Source: capabilities 15, invoice_rejected; the key stays, so no service makes it twice.
    """
    order = facts.order(command.order)
    if order is None:
        return NO_ORDER
    refused, shop = refused_bill(order), facts.shop_of(order)
    if refused is None or refused[0].key != command.key or shop is None:
        return refuse("not_refused", N_("No service refused this invoice. Look at the order again."))
    if command.provider and command.provider not in shop.invoicers:
        return refuse("no_service", N_("The shop asks no such service. Choose one from its settings."))
    events: list[Event] = []
    invoice = command.invoice
    if invoice is not None and invoice != order.invoice:
        wrong = unusable(invoice)
        if wrong is not None:
            return refuse(*wrong)
        fault = invoice_fault(invoice)
        if fault is not None:
            return refuse("bad_invoice", fault.message, **fault.params)
        events.append(InvoiceSet(order=order.id, invoice=invoice, by=facts.by.user))
        order = msgspec.structs.replace(order, invoice=invoice)
    bill = asked_again(order, shop, facts.now)
    if bill is None:
        return refuse("nothing_due", N_("There is nothing to invoice any more. Look at the order again."))
    bill = msgspec.structs.replace(bill, provider=command.provider or refused[0].provider)
    return [
        *events,
        BillAsked(order=order.id, bill=bill, currency=order.currency),
        EffectAskedAgain(order=order.id, key=bill.key),
    ]


SPEC = Spec(
    "resubmit_invoice", ResubmitInvoice, order_of, decide, Authority.HUB, changes=("invoice",), touches=False
)
