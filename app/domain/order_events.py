"""What happened to an order: it came, its content changed, it moved on."""

from __future__ import annotations

from datetime import date, datetime

from typing_extensions import override

from app.domain.amendment import FIELD_WORDS, Amendment, fields_said
from app.domain.announced import Announced
from app.domain.event import Event, listed
from app.domain.order import LEFT, TITLES, ChannelState, Line, Order, Pause, Status
from app.domain.said_time import day_said
from app.domain.stock_events import StockReleased
from app.domain.values import Key, Receiver, Region
from app.text import N_, Text

__all__ = [
    "AddressFixed",
    "AddressTaken",
    "ItemSwapped",
    "KitUnpacked",
    "LinesMatched",
    "MakerChanged",
    "OrderAmended",
    "OrderPaused",
    "OrderReceived",
    "OrderResumed",
    "OrderTouched",
    "OrderWithdrawn",
    "PauseMoved",
    "StateClassified",
    "StatusChanged",
    "closing",
]


MOVED, MOVED_BECAUSE = "{before} → {after}", "{before} → {after}: {reason}"
"""What the journal says of a move; of one to the warehouse it keeps how the gates stood."""


class OrderReceived(Event, frozen=True, kw_only=True):
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
        return Text(N_("Received, {lines} lines"), {"lines": len(self.content.lines)})


class OrderAmended(Event, frozen=True, kw_only=True):
    order: str
    amendment: Amendment
    by: str

    @override
    def says(self) -> Text:
        changed = [field for field in self.amendment.changes() if field in FIELD_WORDS]
        if not changed:
            return Text(N_("The channel confirmed it"))
        return Text(N_("Changed: {fields}"), {"fields": fields_said(changed)})


class AddressFixed(Event, frozen=True, kw_only=True, omit_defaults=True):
    order: str
    receiver: Receiver
    region: Region
    by: str
    refused_by: str = ""
    """The carrier that gave no label for the postcode before, where no person was asked."""

    @override
    def says(self) -> Text:
        if self.refused_by:
            return Text(
                N_("{carrier} refused the postcode: the usual one, {postcode}, was set"),
                {"carrier": self.refused_by, "postcode": self.region.postcode},
            )
        return Text(
            N_("Address set to {province} {city} {district}"),
            {"province": self.region.province, "city": self.region.city, "district": self.region.district},
        )


class AddressTaken(Event, frozen=True, kw_only=True):
    """An order that is being picked or packed goes elsewhere; its papers with the old address are void."""

    order: str
    there: Announced
    by: str

    @override
    def says(self) -> Text:
        region = self.there.region
        return Text(
            N_("Goes to {province} {city} {district} now, as the buyer asked"),
            {"province": region.province, "city": region.city, "district": region.district},
        )


class KitUnpacked(Event, frozen=True, kw_only=True):
    """The parts of a kit stand in its place, for the same money. Units: `qty` kits."""

    order: str
    line: str
    sku: str
    qty: int
    parts: tuple[Line, ...]

    @override
    def says(self) -> Text:
        pieces = sum(part.qty for part in self.parts)
        said: dict[str, str | int | Text] = {"sku": self.sku, "qty": self.qty, "pieces": pieces}
        return Text(N_("Kit {sku}, {qty} times: {pieces} pieces of its parts"), said)


class LinesMatched(Event, frozen=True, kw_only=True):
    """Lines got their article from the shop's mapping; an empty article is a mapping taken back."""

    order: str
    skus: tuple[tuple[str, str], ...]
    by: str = ""

    @override
    def says(self) -> Text:
        skus = listed([Text(sku or "–") for _, sku in self.skus])
        return Text(N_("Matched to {skus}"), {"skus": skus})


class ItemSwapped(Event, frozen=True, kw_only=True):
    """Another article goes in the place of the one that was ordered, at the same price."""

    order: str
    line: str
    before: str
    after: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(
            N_("{after} goes instead of {before}: {reason}"),
            {"before": self.before, "after": self.after, "reason": self.reason},
        )


class OrderWithdrawn(Event, frozen=True, kw_only=True):
    """The file that brought it was taken back: what it said counts no longer, and may come again."""

    order: str
    file: str
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("The file {file} was taken back by {by}"), {"file": self.file, "by": self.by})


_MEANT: dict[ChannelState, str] = {
    ChannelState.TO_SHIP: N_("The state on the channel means: to ship"),
    ChannelState.AWAITING_PAYMENT: N_("The state on the channel means: waits for payment"),
    ChannelState.ON_HOLD: N_("The state on the channel means: held there"),
}


class StateClassified(Event, frozen=True, kw_only=True):
    """A person said what a state of the channel means, or took that back."""

    order: str
    before: ChannelState
    after: ChannelState
    by: str

    @override
    def says(self) -> Text:
        return Text(_MEANT.get(self.after, N_("What the state on the channel means is asked again")))


class StatusChanged(Event, frozen=True, kw_only=True, omit_defaults=True):
    order: str
    before: Status
    after: Status
    at: datetime
    reason: str = ""
    """Why somebody wanted it: what they typed, or a message of ours."""
    unmet: int | None = None
    """Gates and other reasons that kept it back at that moment, where it went to the warehouse."""
    waived: int = 0
    """Gates that were met only because somebody answered for them."""

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"order:{self.order}",) if self.after in LEFT else ()

    @override
    def says(self) -> Text:
        params: dict[str, str | int | Text] = {
            "before": Text(TITLES[self.before]),
            "after": Text(TITLES[self.after]),
        }
        if self.unmet is not None:
            params |= {"unmet": self.unmet, "waived": self.waived}
        if self.reason:
            return Text(MOVED_BECAUSE, params | {"reason": Text(self.reason)})
        return Text(MOVED, params)


class OrderPaused(Event, frozen=True, kw_only=True, omit_defaults=True):
    order: str
    pause: Pause
    until_on: str = ""
    """The day it goes on, by the shop's clock."""

    @override
    def says(self) -> Text:
        return _held(self.pause.reason, self.until_on)


class PauseMoved(Event, frozen=True, kw_only=True):
    """A held order goes on at another time, or when somebody resumes it."""

    order: str
    pause: Pause
    reason: str
    by: str
    until_on: str = ""
    """The day it goes on, by the shop's clock."""

    @override
    def says(self) -> Text:
        return _held(self.reason, self.until_on)


class OrderResumed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A hold ended: a person said so, or its time came."""

    order: str
    reason: str = ""

    @override
    def says(self) -> Text:
        return Text(N_("Resumed: {reason}"), {"reason": self.reason}) if self.reason else Text(N_("Resumed"))


class OrderTouched(Event, frozen=True, kw_only=True):
    """A person worked on an order that had not been touched before."""

    order: str


class MakerChanged(Event, frozen=True, kw_only=True):
    """Somebody changed what a signature binds; they may not sign it."""

    order: str
    maker: str


def _held(reason: str, until_on: str) -> Text:
    """Say until when an order waits, and why: what a person typed, or the title of an exception."""
    if not until_on:
        return Text(N_("Held until somebody resumes it: {reason}"), {"reason": Text(reason)})
    day = day_said(date.fromisoformat(until_on))
    return Text(N_("Held until {day}: {reason}"), {"day": day, "reason": Text(reason)})


def closing(order: Order, after: Status, at: datetime, reason: str = "") -> list[Event]:
    """Say what happens when an order leaves the house's hands without being shipped by us."""
    events: list[Event] = [StockReleased(order=order.id, items=order.reserved)] if order.reserved else []
    return [*events, StatusChanged(order=order.id, before=order.status, after=after, at=at, reason=reason)]
