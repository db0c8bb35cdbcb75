"""What the warehouse did with an order."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.text import N_, Text

__all__ = [
    "LinePicked",
    "NumberCorrected",
    "OrderPacked",
    "OrderShipped",
    "PaperPrinted",
    "ReceiverRead",
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
    told_by: str = ""
    """The system that sent it, and keeps its number; empty: a person scanned it."""

    @override
    def says(self) -> Text:
        return Text(
            N_("Handed to {carrier}, {tracking_no}"),
            {"carrier": self.carrier, "tracking_no": self.tracking_no},
        )


class NumberCorrected(Event, frozen=True, kw_only=True):
    """`parcel`, this order or one made of it, travels under another number."""

    order: str
    parcel: str
    carrier: str
    was: str
    now: str
    why: str

    @override
    def says(self) -> Text:
        known: dict[str, str | int | Text] = {"was": self.was, "now": self.now, "why": Text(self.why)}
        return Text(N_("Tracking number {was} became {now}: {why}"), known)


class PaperPrinted(Event, frozen=True, kw_only=True):
    """`copy` counts the prints before this one: 0 is the first."""

    order: str
    paper: str
    copy: int
    by: str

    @override
    def says(self) -> Text:
        said = Text(_PAPER_WORDS[self.paper])
        if self.copy:
            return Text(N_("{paper} printed again, copy {n}"), {"paper": said, "n": self.copy})
        return Text(N_("{paper} printed"), {"paper": said})


class ReceiverRead(Event, frozen=True, kw_only=True):
    """Somebody had name, number and street shown in full."""

    order: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Receiver read in full: {reason}"), {"reason": self.reason})


_PAPER_WORDS = {"label": N_("Shipping label"), "slip": N_("Packing slip"), "list": N_("Pick list")}
