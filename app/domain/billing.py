"""Which invoices an order asks of its invoice service: the blue one, and red ones for what came back.

We prepare, ask and remember; we issue nothing. What an order should have been billed is compared with what it
was: either nothing more is to be asked, or exactly one more invoice is. Only one is on its way at a time.
Source: capabilities 7; a red one names the blue one it takes back, and what it takes back line by line.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.domain.company import Shop, day_at
from app.domain.effect import EffectState, Outcome, held_of, outcome_of
from app.domain.invoice import Bill, BillLine, invoice_fault
from app.domain.kit_lines import shared
from app.domain.money import apportion
from app.domain.order import Order, Status
from app.domain.order_class import NO_INVOICE
from app.domain.refund import refunded_minor, refunded_per_line, returned_per_line
from app.domain.values import digest
from app.text import N_, Text


class Billed(StrEnum):
    """When a shop asks for the invoice of an order."""

    SHIPPED = "shipped"
    PAID = "paid"


BILLED_TITLES: dict[Billed, str] = {
    Billed.SHIPPED: N_("When the goods left"),
    Billed.PAID: N_("When it is paid"),
}
"""What the settings call it."""

FIELDS: dict[str, str] = {
    "title": N_("Invoice title"),
    "tax_no": N_("Tax number"),
    "kind": N_("Kind of invoice"),
    "lines": N_("Lines"),
    "amount": N_("Amount"),
    "red_of": N_("Invoice to take back"),
    "other": N_("Something else"),
}
"""What a service may refuse, and what it is called."""
OF_BUYER = frozenset({"title", "tax_no", "kind"})
"""Fields that are corrected on the order; the others with the service, or in the goods."""

_GOES_ON = frozenset({Status.SHIPPED, Status.COMPLETED})
_NOTHING = frozenset({Status.CANCELLED, Status.REPLACED, Status.DISSOLVED, Status.RETURNED})
_ZERO = (0, 0)
Amounts = dict[str, tuple[int, int]]
"""Pieces and minor units of each line."""


def invoice_digest(order: Order) -> str:
    """Name whom and what kind an invoice is made out to, without saying it."""
    return digest(order.id, order.invoice)


def wanted(order: Order) -> Amounts:
    """Return what the invoices of an order should come to, line by line, when nothing more is to be asked.

    Discounts are shared by largest remainder, so lines add up to the amount payable to the last cent. What
    our cases gave back goes off its line; what only the channel gave back goes off all of them alike.
    Source: capabilities 7, rounding; 7.2; 7.4; DECISIONS 21.
    """
    if order.status in _NOTHING or order.invoice is None:
        return {}
    lines = [line for line in order.lines if line.qty > 0]
    if not lines or order.payable_minor <= 0:
        return {}
    shares = shared(order.payable_minor, lines, [line.unit_price_minor * line.qty for line in lines])
    back, pieces = refunded_per_line(order), returned_per_line(order)
    left = [max(0, share - back.get(line.id, 0)) for line, share in zip(lines, shares, strict=True)]
    unexplained = min(sum(left), max(0, order.refunded_minor - refunded_minor(order)))
    if unexplained:
        left = [have - off for have, off in zip(left, apportion(unexplained, left), strict=True)]
    return {
        line.id: (max(0, line.qty - pieces.get(line.id, 0)), amount)
        for line, amount in zip(lines, left, strict=True)
        if amount > 0
    }


def billed(bills: tuple[Bill, ...]) -> Amounts:
    """Return what stands on invoices that were not taken back. Units: pieces, minor units."""
    sums: Amounts = {}
    for bill in bills:
        sign = -1 if bill.red_of else 1
        for line in bill.lines:
            qty, amount = sums.get(line.line, _ZERO)
            sums[line.line] = qty + sign * line.qty, amount + sign * line.amount_minor
    return {line: pair for line, pair in sums.items() if pair[1] > 0}


def blue_of(bills: tuple[Bill, ...]) -> Bill | None:
    """Return the invoice that stands; none where all of it was taken back."""
    return next((bill for bill in reversed(bills) if not bill.red_of), None) if billed(bills) else None


def outcome_for(order: Order, bill: Bill) -> Outcome | None:
    """Return what became of one invoice; None while the service has not answered."""
    return outcome_of(order.effects, bill.key)


def is_on_its_way(order: Order, key: str) -> bool:
    """Tell whether nobody knows yet what became of an invoice that was asked for."""
    known = outcome_of(order.effects, key)
    return held_of(order.held, key) is not None or known is None or known.state is EffectState.UNKNOWN


def due_bill(order: Order, shop: Shop | None, now: datetime) -> Bill | None:
    """Return the invoice to ask for now.

    A title that changed, or an amount that grew, takes all of the old one back first; an amount that shrank
    only the difference. Source: capabilities 7, red-letter follows partial returns line by line.
    """
    if shop is None or not (order.bills or _begins(order, shop)):
        return None
    for bill in order.bills:
        known = outcome_for(order, bill)
        if known is None or known.state is not EffectState.DONE:
            return None
    want, have, blue = wanted(order), billed(order.bills), blue_of(order.bills)
    if blue is None:
        return _bill(order, shop, now, want) if want and _can_be_made(order) else None
    grew = any(amount > have.get(line, _ZERO)[1] for line, (_, amount) in want.items())
    if want and (grew or blue.to != invoice_digest(order)):
        return _bill(order, shop, now, have, blue) if _can_be_made(order) else None
    off = {line: _less(pair, want.get(line, _ZERO)) for line, pair in have.items()}
    off = {line: pair for line, pair in off.items() if pair[1] > 0}
    return _bill(order, shop, now, off, blue) if off else None


def _can_be_made(order: Order) -> bool:
    """Tell whether an invoice can be made of what the buyer gave; if not, `invoice_missing` asks."""
    return order.invoice is not None and invoice_fault(order.invoice) is None


def _begins(order: Order, shop: Shop) -> bool:
    if order.classed is not None and order.classed.invoice == NO_INVOICE:
        return False
    if not shop.invoicers or order.makes_good is not None or order.invoice is None:
        return False
    since = shop.invoices_from
    if since is not None and date.fromisoformat(day_at(shop, order.ordered_at)) < since:
        return False
    return order.status in _GOES_ON or (shop.invoiced_when == Billed.PAID and order.is_paid)


def _less(have: tuple[int, int], want: tuple[int, int]) -> tuple[int, int]:
    return max(0, have[0] - want[0]), have[1] - want[1]


def _bill(order: Order, shop: Shop, now: datetime, amounts: Amounts, blue: Bill | None = None) -> Bill:
    """Write an invoice over amounts; a red one goes to the service that made the blue one."""
    lines = tuple(
        BillLine(line=line, qty=qty, amount_minor=amount) for line, (qty, amount) in amounts.items()
    )
    return Bill(
        key=f"invoice:{order.id}:{len(order.bills) + 1}",
        to=blue.to if blue is not None else invoice_digest(order),
        lines=lines,
        tax_pct=blue.tax_pct if blue is not None else shop.tax_pct,
        provider=blue.provider if blue is not None else shop.invoicers[0] if shop.invoicers else "",
        asked_at=now,
        red_of=blue.key if blue is not None else "",
        seller=blue.seller if blue is not None else shop.entity,
    )


def tax_minor(amount_minor: int, tax_pct: int) -> int:
    """Return the tax within an amount that includes it, rounded half up. Units: minor units.

    Source: net = gross / (1 + rate), as services compute it for prices with tax.
    """
    whole = 100 + tax_pct
    return (2 * amount_minor * tax_pct + whole) // (2 * whole)


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice. Units: pieces; minor units, the amount includes the tax."""

    article: str
    title: str
    qty: int
    amount_minor: int
    tax_minor: int
    tax_pct: int


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a service is asked for; `key` is its idempotency key. Units: minor units of `currency`."""

    key: str
    colour: str
    """blue | red"""
    red_of: str
    """The number of the blue invoice a red one takes back."""
    shop: str
    seller: str = ""
    """The company of the group that sells, as its invoices call it."""
    order: str
    """Our number of the order."""
    kind: str
    title: str
    tax_no: str
    currency: str
    amount_minor: int
    tax_minor: int
    lines: tuple[RequestLine, ...]


def request_of(order: Order, bill: Bill) -> Request:
    """Write down what a service is asked for; an invoice without a title is made out to the receiver.

    A red one says of the buyer nothing: its blue one does, and what the order says may have changed since.
    """
    known = {line.id: line for line in order.lines}
    lines = []
    for one in bill.lines:
        goods = known.get(one.line)
        lines.append(
            RequestLine(
                article=goods.sku or goods.ext_sku if goods is not None else one.line,
                title=goods.title if goods is not None else "",
                qty=one.qty,
                amount_minor=one.amount_minor,
                tax_minor=tax_minor(one.amount_minor, bill.tax_pct),
                tax_pct=bill.tax_pct,
            )
        )
    blue = outcome_of(order.effects, bill.red_of)
    invoice = order.invoice if not bill.red_of else None
    return Request(
        key=bill.key,
        colour="red" if bill.red_of else "blue",
        red_of=blue.ref if blue is not None else "",
        shop=order.shop,
        seller=bill.seller,
        order=order.number,
        kind=invoice.kind.value if invoice is not None else "",
        title=invoice.title or order.receiver.name if invoice is not None else "",
        tax_no=invoice.tax_no if invoice is not None else "",
        currency=order.currency,
        amount_minor=bill.amount_minor,
        tax_minor=sum(line.tax_minor for line in lines),
        lines=tuple(lines),
    )


def asked_again(order: Order, shop: Shop | None, now: datetime) -> Bill | None:
    """Return what the invoice that was refused last would say now, under its old key."""
    return due_bill(msgspec.structs.replace(order, bills=order.bills[:-1]), shop, now)


def refused_bill(order: Order) -> tuple[Bill, Outcome] | None:
    """Return the invoice a service refused; only the last one can be, and none that nobody wants any more."""
    if not order.bills:
        return None
    bill = order.bills[-1]
    known = outcome_for(order, bill)
    if known is None or known.state is not EffectState.REJECTED:
        return None
    return (bill, known) if bill.red_of or wanted(order) else None


def bills_said(order: Order) -> tuple[tuple[str, Text], ...]:
    """Say how each invoice of an order stands; a heading and a sentence each."""
    return tuple(
        (N_("Red invoice") if bill.red_of else N_("Invoicing"), _said(outcome_for(order, bill)))
        for bill in order.bills
    )


def _said(outcome: Outcome | None) -> Text:
    if outcome is None:
        return Text(N_("Asked for, no answer yet"))
    if outcome.state is EffectState.DONE and outcome.ref:
        return Text(N_("Number {number}"), {"number": outcome.ref})
    return outcome.text
