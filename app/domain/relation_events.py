"""What happened between orders: merged, split, taken back, news of an original."""

from __future__ import annotations

from typing_extensions import override

from app.domain.decision import Decision
from app.domain.event import Event, listed
from app.domain.order import Order, Snag
from app.domain.values import Key
from app.text import N_, Text

__all__ = ["OrderMade", "OrderPutBack", "OrderReplaced", "SourceShipped"]


class OrderMade(Event, frozen=True, kw_only=True):
    """An order begins that was merged or split from others; made once more after it was taken back."""

    content: Order

    @property
    def order(self) -> str:
        """The order it begins."""
        return self.content.id

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("order", self.content.id),)

    @override
    def says(self) -> Text:
        numbers = listed([Text(source.number) for source in self.content.made_from])
        return Text(N_("Made from {numbers}"), {"numbers": numbers})


class OrderReplaced(Event, frozen=True, kw_only=True):
    """Others go on in the place of this order."""

    order: str
    by: tuple[str, ...]
    numbers: tuple[str, ...]
    decision: Decision | None = None
    """Why in several parcels, where nobody asked for it."""

    @override
    def says(self) -> Text:
        return Text(
            N_("Goes on as {numbers}"), {"numbers": listed([Text(number) for number in self.numbers])}
        )


class OrderPutBack(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The order goes on itself again, with the exceptions it had: whose they were, and their clocks."""

    order: str
    snags: tuple[Snag, ...] = ()

    @override
    def says(self) -> Text:
        return Text(N_("Goes on by itself again"))


class SourceShipped(Event, frozen=True, kw_only=True):
    """`parcel`, an order made of this one, left the house: the channel of this one is told."""

    order: str
    parcel: str
    carrier: str
    tracking_no: str

    @override
    def says(self) -> Text:
        return Text(
            N_("Handed to {carrier}, {tracking_no}"),
            {"carrier": self.carrier, "tracking_no": self.tracking_no},
        )
