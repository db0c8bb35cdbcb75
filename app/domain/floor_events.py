"""What the warehouse did with an order."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.text import N_, Text

__all__ = [
    "LinePicked",
    "OrderPacked",
    "OrderShipped",
]


class LinePicked(Event, frozen=True, kw_only=True):
    """Units: `qty` pieces; negative puts back."""

    order: str
    line: str
    qty: int

    @override
    def says(self) -> Text:
        return Text(N_("Picked {qty}"), {"qty": self.qty})


class OrderPacked(Event, frozen=True, kw_only=True):
    """Units: `weight_g` grams, 0 if not weighed."""

    order: str
    weight_g: int
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Packed"))


class OrderShipped(Event, frozen=True, kw_only=True):
    order: str
    carrier: str
    tracking_no: str

    @override
    def says(self) -> Text:
        return Text(
            N_("Handed to {carrier}, {tracking_no}"),
            {"carrier": self.carrier, "tracking_no": self.tracking_no},
        )
