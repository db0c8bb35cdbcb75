"""What an order asks of an invoice service."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.invoice import Bill
from app.domain.money import shown
from app.text import N_, Text

__all__ = ["BillAsked"]


class BillAsked(Event, frozen=True, kw_only=True):
    """An invoice is to be made, or the one that was refused, as it would be now: its key stays."""

    order: str
    bill: Bill
    currency: str

    @override
    def says(self) -> Text:
        words = (
            N_("Red invoice over {amount} asked for")
            if self.bill.red_of
            else N_("Invoice over {amount} asked for")
        )
        return Text(words, {"amount": shown(self.bill.amount_minor, self.currency)})
