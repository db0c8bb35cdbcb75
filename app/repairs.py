"""Repairs that several exception types share."""

from __future__ import annotations

from collections.abc import Callable

from app.command import Command, Facts
from app.commands.call_back import CallBack
from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.commands.redo_effect import RedoEffect
from app.commands.send_message import SendMessage
from app.commands.settle import Settle
from app.commands.settle_effect import SettleEffect
from app.commands.split import Split
from app.domain.effect import EffectState, first_in
from app.domain.invoice import Invoice, InvoiceKind, invoice_fault
from app.domain.making import by_stock, why_not_split
from app.domain.order import EDITABLE, Order
from app.domain.sourcing import missing
from app.domain.values import digest
from app.domain.wording import message_key, way_to
from app.text import N_

Build = Callable[[Order, Facts], Command | None]
SENT_LATER = N_(
    "It leaves after 30 seconds and can be taken back till then. The clock stands still meanwhile."
)
"""Why writing to the buyer is safe, where the type may wait for the buyer."""
OUT_OF_REACH = N_("No way to reach the buyer")


def look_again(order: Order, _facts: Facts) -> Command:
    """Ask the hub for what is known at this moment."""
    return Recheck(order=order.id)


def held_for(reason: str) -> Build:
    """Keep the order back; `reason` is the title of the exception, said as a sentence in every language."""

    def hold(order: Order, _facts: Facts) -> Command | None:
        return None if order.pause else Hold(order=order.id, reason=reason)

    return hold


def called_off(reason: str) -> Build:
    """Call the order off, where the warehouse has not begun; `reason` is the title of the exception."""

    def cancel(order: Order, _facts: Facts) -> Command | None:
        return Cancel(order=order.id, reason=reason) if order.status in EDITABLE else None

    return cancel


def called_back(order: Order, _facts: Facts) -> Command:
    """Have a parcel brought back; the case is named after the errand, so that twice is once."""
    case = digest(order.id, "call_back", order.errand.key if order.errand is not None else "")
    return CallBack(order=order.id, case=f"undelivered-{case}")


def split_off(order: Order, facts: Facts) -> Command | None:
    """Send what is there now, and the rest by itself when it comes."""
    parts = by_stock(order, missing(order, facts.warehouses_of(order), facts.free)) if order.matched else ()
    if not parts or why_not_split(order, parts) is not None:
        return None
    return Split(order=order.id, parts=parts)


def sent_again(state: EffectState) -> Build:
    """Do the first effect that stands so once more."""

    def redo(order: Order, _facts: Facts) -> Command | None:
        outcome = first_in(order.effects, state)
        if outcome is None:
            return None
        return RedoEffect(order=order.id, key=outcome.key, known_at=outcome.at)

    return redo


def taken_as_done(state: EffectState) -> Build:
    """Take the first effect that stands so as happened."""

    def settle(order: Order, _facts: Facts) -> Command | None:
        outcome = first_in(order.effects, state)
        return SettleEffect(order=order.id, key=outcome.key) if outcome is not None else None

    return settle


def known_invoice(order: Order, facts: Facts) -> Invoice | None:
    """Return the invoice data of the customer, where an invoice can be made of them and they are others."""
    customer = facts.refs.customers.get(order.customer)
    if customer is None or not customer.invoice_title:
        return None
    kind = order.invoice.kind if order.invoice is not None else InvoiceKind.SPECIAL
    invoice = Invoice(kind=kind, title=customer.invoice_title, tax_no=customer.tax_no)
    return None if invoice == order.invoice or invoice_fault(invoice) is not None else invoice


def told(kind: str, template: str) -> Build:
    """Write to the buyer in the words of the company, where they can be reached; the exception sleeps."""

    def write(order: Order, _facts: Facts) -> Command | None:
        snag = order.snag(kind)
        if snag is None or snag.snooze is not None or not way_to(order):
            return None
        return SendMessage(
            order=order.id, kind=kind, template=template, key=message_key(order, kind, template)
        )

    return write


def answered(kind: str) -> Build:
    """Take the exception as answered, for exactly what was asked."""

    def settle(order: Order, _facts: Facts) -> Command | None:
        snag = order.snag(kind)
        return Settle(order=order.id, kind=kind, digest=snag.digest) if snag and snag.digest else None

    return settle
