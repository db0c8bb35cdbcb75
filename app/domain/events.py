"""What happened. Past tense, frozen, never renamed once released; every event reads as a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from typing_extensions import override

from app.domain.company_events import (
    CaseClosed,
    CaseOpened,
    RulesSet,
    SkuMapped,
    StockAdjusted,
    StockReleased,
    StockReserved,
    StockShipped,
    TwinsDropped,
    TwinsNoted,
)
from app.domain.event import Event, listed
from app.domain.order import (
    TITLES,
    ChannelState,
    Hold,
    Line,
    Order,
    Pause,
    Said,
    Settled,
    Signature,
    Snag,
    Status,
)
from app.domain.values import Key, Receiver, Region
from app.text import N_, Text

__all__ = [
    "AddressFixed",
    "Amendment",
    "CaseClosed",
    "CaseOpened",
    "Event",
    "HoldClosed",
    "HoldOpened",
    "LinePicked",
    "LinesMatched",
    "MakerChanged",
    "OrderAmended",
    "OrderPacked",
    "OrderPaused",
    "OrderReceived",
    "OrderResumed",
    "OrderShipped",
    "OrderTouched",
    "PaymentReceived",
    "ReviewRejected",
    "RulesSet",
    "SignaturesAsked",
    "SignedOff",
    "SkuMapped",
    "SnagCleared",
    "SnagRaised",
    "SnagReopened",
    "SnagSettled",
    "StatusChanged",
    "StockAdjusted",
    "StockReleased",
    "StockReserved",
    "StockShipped",
    "TwinsDropped",
    "TwinsNoted",
    "closing",
    "listed",
]  # fmt: skip


class OrderReceived(Event, frozen=True, kw_only=True):
    content: Order

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("order", self.content.id),)

    @override
    def says(self) -> Text:
        return Text(N_("Received, {lines} lines"), {"lines": len(self.content.lines)})


class Amendment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """New values for parts of an order; what is UNSET stays. Units: `*_minor` in the order's currency."""

    lines: tuple[Line, ...] | msgspec.UnsetType = msgspec.UNSET
    receiver: Receiver | msgspec.UnsetType = msgspec.UNSET
    region: Region | msgspec.UnsetType = msgspec.UNSET
    channel_state: ChannelState | msgspec.UnsetType = msgspec.UNSET
    total_minor: int | msgspec.UnsetType = msgspec.UNSET
    payable_minor: int | msgspec.UnsetType = msgspec.UNSET
    paid_minor: int | msgspec.UnsetType = msgspec.UNSET
    refunded_minor: int | msgspec.UnsetType = msgspec.UNSET
    ship_by_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    priority: int | msgspec.UnsetType = msgspec.UNSET
    ext_version: str | msgspec.UnsetType = msgspec.UNSET
    said: Said | msgspec.UnsetType = msgspec.UNSET

    def changes(self) -> dict[str, object]:
        """Only what is set."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) is not msgspec.UNSET}


class OrderAmended(Event, frozen=True, kw_only=True):
    order: str
    amendment: Amendment
    by: str

    @override
    def says(self) -> Text:
        changed = [field for field in self.amendment.changes() if field in _FIELD_WORDS]
        if not changed:
            return Text(N_("The channel confirmed it"))
        return Text(N_("Changed: {fields}"), {"fields": fields_said(changed)})


_FIELD_WORDS = {
    "lines": N_("articles"),
    "receiver": N_("address"),
    "region": N_("address"),
    "channel_state": N_("state on the channel"),
    "total_minor": N_("money"),
    "payable_minor": N_("money"),
    "paid_minor": N_("money"),
    "refunded_minor": N_("money"),
    "ship_by_at": N_("promised date"),
    "priority": N_("priority"),
    "pause": N_("hold"),
    "status": N_("work state"),
    "settled": N_("answers"),
}


def fields_said(fields: Iterable[str]) -> Text:
    """Name fields of an order in words, each word once."""
    return listed([Text(word) for word in dict.fromkeys(_FIELD_WORDS.get(f, f) for f in fields)])


class AddressFixed(Event, frozen=True, kw_only=True):
    order: str
    receiver: Receiver
    region: Region
    by: str

    @override
    def says(self) -> Text:
        return Text(
            N_("Address set to {province} {city} {district}"),
            {"province": self.region.province, "city": self.region.city, "district": self.region.district},
        )


class LinesMatched(Event, frozen=True, kw_only=True):
    """Lines got their article from the shop's mapping; an empty article is a mapping taken back."""

    order: str
    skus: tuple[tuple[str, str], ...]
    by: str = ""

    @override
    def says(self) -> Text:
        return Text(N_("Matched to {skus}"), {"skus": ", ".join(sku or "-" for _, sku in self.skus)})


class StatusChanged(Event, frozen=True, kw_only=True):
    order: str
    before: Status
    after: Status
    at: datetime

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"order:{self.order}",) if self.after is Status.CANCELLED else ()

    @override
    def says(self) -> Text:
        return Text(
            "{before} → {after}", {"before": Text(TITLES[self.before]), "after": Text(TITLES[self.after])}
        )


class SnagRaised(Event, frozen=True, kw_only=True):
    order: str
    snag: Snag

    @override
    def says(self) -> Text:
        return Text(N_("Exception: {text}"), {"text": self.snag.text})


class SnagCleared(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    text: Text

    @override
    def says(self) -> Text:
        return Text(N_("Cleared: {text}"), {"text": self.text})


class SnagSettled(Event, frozen=True, kw_only=True):
    order: str
    settled: Settled
    text: Text

    @override
    def says(self) -> Text:
        return Text(N_("Answered: {text}"), {"text": self.text})


class SnagReopened(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    digest: str

    @override
    def says(self) -> Text:
        return Text(N_("An answer was taken back"))


class HoldOpened(Event, frozen=True, kw_only=True):
    order: str
    hold: Hold

    @override
    def says(self) -> Text:
        return Text(N_("Held: {text}"), {"text": self.hold.text})


class HoldClosed(Event, frozen=True, kw_only=True):
    order: str
    gate: str


class OrderPaused(Event, frozen=True, kw_only=True):
    order: str
    pause: Pause

    @override
    def says(self) -> Text:
        return Text(N_("Put on hold by a person"))


class OrderResumed(Event, frozen=True, kw_only=True):
    order: str

    @override
    def says(self) -> Text:
        return Text(N_("Resumed"))


class SignaturesAsked(Event, frozen=True, kw_only=True):
    order: str
    count: int

    @override
    def says(self) -> Text:
        return Text(N_("{count} signatures asked"), {"count": self.count})


class SignedOff(Event, frozen=True, kw_only=True):
    order: str
    signature: Signature

    @override
    def says(self) -> Text:
        return Text(N_("Signed off"))


class ReviewRejected(Event, frozen=True, kw_only=True):
    order: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Sent back: {reason}"), {"reason": self.reason})


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Units: `amount_minor` in the order's currency; negative takes a mistake back."""

    order: str
    amount_minor: int
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Payment noted"))


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


class OrderTouched(Event, frozen=True, kw_only=True):
    """A person worked on an order that had not been touched before."""

    order: str


class MakerChanged(Event, frozen=True, kw_only=True):
    """Somebody changed what a signature binds; they may not sign it."""

    order: str
    maker: str


def closing(order: Order, after: Status, at: datetime) -> list[Event]:
    """Say what happens when an order leaves the house's hands without being shipped by us."""
    events: list[Event] = [StockReleased(order=order.id, items=order.reserved)] if order.reserved else []
    return [*events, StatusChanged(order=order.id, before=order.status, after=after, at=at)]
