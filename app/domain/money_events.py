"""What happened to the money of an order."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from app.domain.event import Event
from app.domain.invoice import Invoice
from app.domain.money import shown
from app.domain.payment import METHODS
from app.domain.said_time import day_said
from app.text import N_, Text

__all__ = [
    "InvoiceSet",
    "PaymentReceived",
    "PriceCorrected",
]


class InvoiceSet(Event, frozen=True, kw_only=True):
    """What the invoice of an order shall say; without one the buyer wants none."""

    order: str
    invoice: Invoice | None
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Invoice data set") if self.invoice is not None else N_("No invoice wanted"))


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Units: `amount_minor` in the order's currency; negative takes a mistake back."""

    order: str
    amount_minor: int
    by: str
    currency: str = ""
    method: str = ""
    paid_on: date | None = None

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"paid:{self.order}",)

    @override
    def says(self) -> Text:
        if not self.currency:
            return Text(N_("Payment noted"))
        amount = shown(abs(self.amount_minor), self.currency)
        if self.amount_minor < 0:
            return Text(N_("{amount} noted as paid was taken back"), {"amount": amount})
        noted = Text(N_("{amount} noted as paid"), {"amount": amount})
        if self.paid_on is not None:
            noted = Text(N_("{noted} on {day}"), {"noted": noted, "day": day_said(self.paid_on)})
        if self.method in METHODS:
            noted = Text("{noted} · {method}", {"noted": noted, "method": Text(METHODS[self.method])})
        return noted


class PriceCorrected(Event, frozen=True, kw_only=True):
    """Units: `before_minor`, `after_minor` per piece; `delta_minor` is what the order costs more."""

    order: str
    line: str
    before_minor: int
    after_minor: int
    delta_minor: int
    currency: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(
            N_("Price {before} → {after}: {reason}"),
            {
                "before": shown(self.before_minor, self.currency),
                "after": shown(self.after_minor, self.currency),
                "reason": self.reason,
            },
        )
