"""Invoices (发票): what one says, what was asked for, the check digit of a unified social credit code."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.text import N_, Text


class InvoiceKind(StrEnum):
    """What the buyer asks for."""

    ORDINARY = "ordinary"
    SPECIAL = "special"


INVOICE_TITLES: dict[InvoiceKind, str] = {
    InvoiceKind.ORDINARY: N_("Ordinary invoice"),
    InvoiceKind.SPECIAL: N_("Special VAT invoice"),
}
"""What the screen calls each kind."""


class Invoice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the invoice of an order shall say. An ordinary one without a title is made out to the receiver."""

    kind: InvoiceKind
    title: str = ""
    tax_no: str = ""


class BillLine(msgspec.Struct, frozen=True, kw_only=True):
    """What an invoice says of one line of its order. Units: pieces; minor units, tax included."""

    line: str
    qty: int
    amount_minor: int


class Bill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One invoice that was asked for; what became of it stands under its key in `Order.effects`.

    `to` is a digest of whom it was made out to: names are personal. Units: `tax_pct` whole percent.
    """

    key: str
    to: str
    lines: tuple[BillLine, ...]
    tax_pct: int
    provider: str
    """The service it was asked of."""
    asked_at: datetime
    red_of: str = ""
    """The key of the blue one that a red one takes back, whole or in part."""
    seller: str = ""
    """The company of the group that sold."""

    @property
    def amount_minor(self) -> int:
        """What it comes to. Units: minor units of the order's currency."""
        return sum(line.amount_minor for line in self.lines)


_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_OLDER = (15, 20)
"""Lengths of tax numbers from before the unified code."""


def check_digit(body: str) -> str:
    """Return the eighteenth symbol of a unified social credit code.

    Raises:
        ValueError: a symbol does not belong to the code.
    Source: GB 32100-2015, 31 symbols without I O S V Z, modulus 31.
    """
    total = sum(_SYMBOLS.index(symbol) * weight for symbol, weight in zip(body, _WEIGHTS, strict=True))
    return _SYMBOLS[-total % 31]


def plain_tax_no(typed: str) -> str:
    """Return a tax number as it is kept: capitals, no blanks."""
    return "".join(typed.split()).upper()


def tax_no_fault(tax_no: str) -> tuple[Text, str] | None:
    """Say what is wrong with a tax number, and which one would be right where that is known.

    Older numbers are taken as they are: 15 or 20 symbols, or the 18 of a resident who trades.
    Source: capabilities 7, data and 7.1.
    """
    count = len(tax_no)
    if not tax_no.isascii() or not tax_no.isalnum():
        return Text(N_("A tax number has only figures and capital letters.")), ""
    if count in _OLDER:
        return None
    if count != 18:
        return Text(N_("{count} symbols. A tax number has 18, an older one 15 or 20."), {"count": count}), ""
    strange = next((symbol for symbol in tax_no if symbol not in _SYMBOLS), "")
    if strange:
        return Text(N_("A tax number never holds {symbol}. Look again."), {"symbol": strange}), ""
    right = check_digit(tax_no[:17])
    if right == tax_no[17] or is_personal(tax_no):
        return None
    text = Text(
        N_("The last symbol is {wrong}, {right} would fit. Look again."),
        {"wrong": tax_no[17], "right": right},
    )
    return text, tax_no[:17] + right


_PERSONAL_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_personal(tax_no: str) -> bool:
    """Tell the number of a sole trader, which is a resident's own: 17 figures and its own check digit.

    Source: GB 11643-1999.
    """
    body = tax_no[:17]
    if not body.isdecimal():
        return False
    total = sum(int(figure) * weight for figure, weight in zip(body, _PERSONAL_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == tax_no[17]


TITLE_MOST, TAX_NO_MOST = 100, 32
"""Characters of an invoice title and of what may be a tax number."""


def unusable(invoice: Invoice) -> tuple[str, str] | None:
    """Say why invoice data cannot even be kept: a code and a sentence."""
    if len(invoice.title) > TITLE_MOST or not invoice.title.isprintable():
        return "bad_title", N_("A title has up to 100 characters, on one line. Change it.")
    if len(invoice.tax_no) > TAX_NO_MOST or not invoice.tax_no.isprintable():
        return "bad_number", N_("A tax number has 15 to 20 symbols. Look again.")
    return None


def invoice_fault(invoice: Invoice) -> Text | None:
    """Say what an invoice lacks. A special one needs a title and a tax number."""
    if invoice.kind is InvoiceKind.SPECIAL and not (invoice.title.strip() and invoice.tax_no):
        return Text(N_("A special VAT invoice needs a title and a tax number."))
    fault = tax_no_fault(invoice.tax_no) if invoice.tax_no else None
    return fault[0] if fault is not None else None
