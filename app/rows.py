"""Lines of lists: plain values ready to draw, made from indexed columns, never from decoded documents.

Units: `*_minor` minor units of `currency`; `*_s` seconds; `qty` pieces.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from app.text import Text


class SnagRow(msgspec.Struct, frozen=True, kw_only=True):
    """One exception in a list; `id` is the order, or the case for deliveries and commands."""

    id: str
    subject: str
    """order | raw | command"""
    kind: str
    severity: str
    text: Text
    title: str = ""
    """What its type is called."""
    opened_at: datetime
    due_at: datetime
    number: str = ""
    shop: str = ""
    channel: str = ""
    shop_title: str = ""
    buyer: str = ""
    """Masked."""
    currency: str = "CNY"
    payable_minor: int = 0
    pending: bool = False
    """A command of this desk on this order is not accepted yet."""
    goal_s: int = 0
    left_s: int = 0
    """Working time: all of it, and what is left of it now, negative when it is over."""
    is_stopped: bool = False
    """Its clock stands still."""
    is_urgent: bool = False
    owner: str = ""
    owner_title: str = ""
    is_claimed: bool = False
    is_asleep: bool = False
    wait: str = ""
    """Whom it sleeps for, see `clock.Wait`; empty: until a time."""
    until: datetime | None = None
    why: str = ""
    """Why it stands before the lead, see `duty.Why`."""


SPLITS = ("mine", "group", "soon", "waiting")
"""Mine; everybody's that is awake; nearly late; put off."""


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order in a list; `buyer` and `phone` masked."""

    id: str
    number: str
    shop: str
    channel: str
    shop_title: str
    ext_id: str
    status: str
    snag: str
    """The most severe open snag, or empty."""
    buyer: str
    phone: str
    place: str
    """Province and city."""
    currency: str
    payable_minor: int
    pieces: int
    warehouse: str
    ordered_at: datetime
    received_at: datetime
    ship_by_at: datetime | None = None
    signatures_needed: int = 0
    signed: int = 0
    tracking_no: str = ""
    touched: bool = False
    held: bool = False
    """A person stopped it."""
    pending: bool = False
    found: tuple[str, ...] = ()
    """Where the words of a search stand in it, see `OrderQuery`; never the words themselves."""


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to an order. `delivery`: saved | accepted | protected."""

    at: datetime
    who: str
    """A colleague or a shop; empty where the hub followed its rules."""
    text: Text
    delivery: str


class StockRow(msgspec.Struct, frozen=True, kw_only=True):
    """Stock of one article in one warehouse. Units: pieces."""

    warehouse: str
    warehouse_title: str
    sku: str
    title: str
    bin: str
    on_hand: int
    reserved: int
    safety: int
    held: int = 0
    """Too old to sell, or recalled."""
    keeps: date | None = None
    """Until when the lot keeps that expires first."""
    available: int
    counting: str = ""
    """The count that waits for a second one."""
    leased: int = 0
    """What carts and other desks hold for themselves; `reserved` is what orders hold."""
    carts: int = 0
    """What of it is held for orders that are being placed."""
    mine: int = 0
    """What this desk holds: free to it alone, and in `available`."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """An order to which pieces of one shelf are promised. Units: pieces."""

    order: str
    number: str
    pieces: int
    kept_until: datetime | None = None
    """Not paid: they are everybody's again then."""


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One command of this desk and how safe it is.

    `state`: saved | doubtful (waits, and would not pass here any more) | accepted | protected | refused |
    conflict | closed (it was refused, and somebody has dealt with that). `error` says why, where it failed.
    """

    n: int
    name: str
    subject: str
    """What people call what it is about."""
    who: str
    saved_at: datetime
    state: str
    said: Text | None = None
    """What it does, as a sentence."""
    order: str = ""
    """The order it is about, if it is about one."""
    case: str = ""
    """The exception in the inbox that asks what to do now."""
    error: Text | None = None
    changed: tuple[Text, ...] = ()
    """What the hub made of it beyond what this desk had shown."""
