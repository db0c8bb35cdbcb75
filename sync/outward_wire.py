"""What other systems and the hub say to each other: JSON, bounded in every field, money in minor units.

Fields nobody knows are left alone, so a system may say more than the hub of today understands.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

ROWS_MOST = 200
LINES_MOST = 500
ORDER_BYTES = 262_144
ASK_BYTES = 16_384
MINOR_MOST = 10**13

Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
Word = Annotated[str, Meta(max_length=64)]
Words = Annotated[str, Meta(max_length=400)]
Minor = Annotated[int, Meta(ge=0, le=MINOR_MOST)]
Pieces = Annotated[int, Meta(ge=0, le=10**9)]
Aware = Annotated[datetime, Meta(tz=True)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
ChannelSays = Literal[
    "awaiting_payment", "on_hold", "to_ship", "partly_shipped", "shipped", "delivered", "completed",
    "cancelled", "closed_refunded",
]  # fmt: skip


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why something cannot be, as RFC 9457 has it: `detail` is a sentence that says what to do."""

    title: str
    status: int
    detail: str
    code: str
    type: str = "about:blank"


# --- orders ---------------------------------------------------------------------------------------


class LineIn(msgspec.Struct, frozen=True, kw_only=True):
    """One article of an order that is brought; `ext_sku` as the shop calls it. Units: minor units, pieces."""

    ext_sku: Code
    qty: Annotated[int, Meta(ge=1, le=10**6)]
    unit_price_minor: Minor
    title: Annotated[str, Meta(max_length=200)] = ""


class ReceiverIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets it. `raw` is the address as the buyer wrote it; with it the parts may stay empty."""

    name: Word = ""
    phone: Word = ""
    street: Words = ""
    raw: Words = ""
    note: Words = ""
    account: Word = ""


class RegionIn(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes, down to the district."""

    country: Country = "CN"
    province: Word = ""
    city: Word = ""
    district: Word = ""
    postcode: Word = ""


class OrderIn(msgspec.Struct, frozen=True, kw_only=True):
    """An order as a shop has it now; the same `ext_id` again is news of the same order.

    `version` grows in text order; without it every new content counts. Units: minor units of `currency`.
    """

    shop: Code
    ext_id: Code
    lines: Annotated[list[LineIn], Meta(min_length=1, max_length=LINES_MOST)]
    total_minor: Minor
    payable_minor: Minor
    paid_minor: Minor
    ordered_at: Aware
    receiver: ReceiverIn
    region: RegionIn = RegionIn()
    refunded_minor: Minor = 0
    state: ChannelSays = "to_ship"
    version: Word = ""
    number: Word = ""
    currency: Currency | None = None
    customer: Word = ""
    ship_by_at: Aware | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was brought, and under which id it is found."""

    id: str
    shop: str
    ext_id: str


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One article. Units: minor units, pieces."""

    id: str
    ext_sku: str
    sku: str
    title: str
    qty: int
    picked: int
    unit_price_minor: int


class OpenException(msgspec.Struct, frozen=True, kw_only=True):
    """What an order waits for a person with."""

    kind: str
    severity: str
    opened_at: datetime


class OrderOut(msgspec.Struct, frozen=True, kw_only=True):
    """An order without anything personal. `version` is its ETag. Units: minor units of `currency`."""

    id: str
    number: str
    shop: str
    ext_id: str
    version: int
    status: str
    channel_state: str
    currency: str
    total_minor: int
    payable_minor: int
    paid_minor: int
    refunded_minor: int
    country: str
    province: str
    city: str
    district: str
    warehouse: str
    carrier: str
    tracking_no: str
    customer: str
    ordered_at: datetime
    received_at: datetime
    ship_by_at: datetime | None
    released_at: datetime | None
    lines: list[OrderLine]
    exceptions: list[OpenException]
    gates: dict[str, str]
    """Gates that are not met, and how: waits | stops."""


class ReceiverOut(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets an order, in full; that it was read is written down."""

    name: str
    phone: str
    street: str
    raw: str
    postcode: str


class OrderPage(msgspec.Struct, frozen=True, kw_only=True):
    """Orders by their ids. `next` leads on; empty: these are all there are now."""

    items: list[OrderOut]
    next: str = ""


# --- parcels, stock, news -------------------------------------------------------------------------


class ParcelIn(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel that left. An order the floor has not begun is booked as picked and packed with it."""

    carrier: Code
    tracking_no: Code


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One parcel that left."""

    order: str
    parcel: int
    carrier: str
    tracking_no: str
    shipped_at: datetime


class ParcelPage(msgspec.Struct, frozen=True, kw_only=True):
    """Parcels by order. `next` leads on."""

    items: list[Parcel]
    next: str = ""


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One article in one warehouse. `available` may still be sold. Units: pieces."""

    warehouse: str
    sku: str
    on_hand: int
    reserved: int
    safety: int
    available: int


class ShelfPage(msgspec.Struct, frozen=True, kw_only=True):
    """Stock by warehouse and article. `next` leads on."""

    items: list[Shelf]
    next: str = ""


class StockIn(msgspec.Struct, frozen=True, kw_only=True):
    """How much lies there now, as another system counts it. Units: pieces."""

    on_hand: Pieces
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class CartLine(msgspec.Struct, frozen=True, kw_only=True):
    """An article in a cart, as the shop calls it. Units: pieces; 0: not any more."""

    ext_sku: Code
    qty: Annotated[int, Meta(ge=0, le=10**6)]


class CartIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer is about to pay for: all of it, each time; nothing gives everything back.

    `ordered_at` as the order will say it: the order brought with both takes what its cart holds.
    """

    ordered_at: Aware
    lines: Annotated[list[CartLine], Meta(max_length=LINES_MOST)]


class CartHeld(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one article in one warehouse. Units: pieces."""

    warehouse: str
    sku: str
    qty: int


class CartOut(msgspec.Struct, frozen=True, kw_only=True):
    """What is held now, and until when; less than was asked for where it is short. `order`: its id then."""

    order: str
    items: list[CartHeld]
    until: datetime | None = None


class ReceiptIn(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that came in. `reference` is the number of their paper. Units: pieces."""

    warehouse: Code
    sku: Code
    qty: Annotated[int, Meta(ge=1, le=10**9)]
    reference: Code


class ArrivalIn(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that a purchase will bring. Units: pieces in all, with what came of it already."""

    qty: Annotated[int, Meta(ge=1, le=10**6)]
    due_on: date


class CreditIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a business may owe on account, and how long. Units: minor units of its currency, days."""

    credit_minor: Annotated[int, Meta(ge=0, le=10**12)]
    terms_days: Annotated[int, Meta(ge=0, le=365)]


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for is done. `seq` is its number in the history of this hub."""

    done: bool
    seq: int


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news. The same piece has the same `id` for ever, however it travels."""

    id: str
    kind: str
    subject: str
    at: datetime
    about: dict[str, Any]


class EventPage(msgspec.Struct, frozen=True, kw_only=True):
    """News, the oldest first. `next` is never empty: ask with it again later."""

    items: list[Event]
    next: str
