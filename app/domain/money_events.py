"""What happened to the money of an order."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.text import N_, Text

__all__ = [
    "PaymentReceived",
]


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Units: `amount_minor` in the order's currency; negative takes a mistake back."""

    order: str
    amount_minor: int
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Payment noted"))
