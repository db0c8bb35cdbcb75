"""The order (系统单): our work object, one row, changed only by events."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from app.domain.account import Credited
from app.domain.aftersale import Origin, ReturnCase
from app.domain.announced import Announced
from app.domain.carrier import Carriage, Counted
from app.domain.classed import Classed
from app.domain.clock import Stop
from app.domain.contract import Contract
from app.domain.decision import Decision
from app.domain.duty import Escalation, Snooze
from app.domain.effect import Held, Outcome
from app.domain.floor_refusal import FloorRefusal
from app.domain.invoice import Bill, Invoice
from app.domain.kind_names import called_now
from app.domain.kit import KitOf
from app.domain.lot import FromLot
from app.domain.message import Message
from app.domain.promised import Awaits, Reserved
from app.domain.scan import Errand, Scan
from app.domain.told import Said, Told
from app.domain.values import Receiver, Region
from app.domain.visit import Visit
from app.domain.vouching import Reviewed, Signature, Waiver
from app.domain.waybill import Waybill
from app.text import N_, Text


class Status(StrEnum):
    """Work states; the moves between them are the table in `lifecycle`."""

    RECEIVED = "received"
    TO_CHECK = "to_check"
    GATED = "gated"
    RELEASED = "released"
    PICKING = "picking"
    PACKED = "packed"
    SHIPPED = "shipped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REPLACED = "replaced"
    """Merged or split: others go on in its place; it keeps its content and may come back."""
    DISSOLVED = "dissolved"
    """Made by merging or splitting, and taken back."""


TITLES: dict[Status, str] = {
    Status.RECEIVED: N_("Received"),
    Status.TO_CHECK: N_("To check"),
    Status.GATED: N_("At the gates"),
    Status.RELEASED: N_("Released"),
    Status.PICKING: N_("Picking"),
    Status.PACKED: N_("Packed"),
    Status.SHIPPED: N_("Shipped"),
    Status.COMPLETED: N_("Completed"),
    Status.CANCELLED: N_("Cancelled"),
    Status.RETURNED: N_("Returned"),
    Status.REPLACED: N_("Merged or split"),
    Status.DISSOLVED: N_("Taken back"),
}
"""What the screen calls each work state."""

LEFT = frozenset({Status.CANCELLED, Status.REPLACED, Status.DISSOLVED})
"""States of an order that no longer stands for a purchase to compare with."""

EDITABLE = frozenset({Status.RECEIVED, Status.TO_CHECK, Status.GATED, Status.RELEASED})
"""States in which the content may still change."""

OPEN = EDITABLE | {Status.PICKING, Status.PACKED}
"""States in which somebody still has something to do."""


class ChannelState(StrEnum):
    """The channel's own state, as `channels.md` section 1 unifies it."""

    AWAITING_PAYMENT = "awaiting_payment"
    ON_HOLD = "on_hold"
    TO_SHIP = "to_ship"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    CLOSED_REFUNDED = "closed_refunded"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    """The file that spoke of it was taken back."""


DEAD = frozenset({ChannelState.CANCELLED, ChannelState.CLOSED_REFUNDED})
"""The channel has called the order off."""

GONE = frozenset({ChannelState.SHIPPED, ChannelState.DELIVERED, ChannelState.COMPLETED})
"""On the channel the goods are already on their way."""


LINES_MOST = 500
"""So many lines a person gives an order; a channel may bring more."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One article of an order. `sku` is empty until the channel's own code is matched.

    `swapped_from` is the article the buyer ordered, where another one goes instead; `held` is why it waits
    and `held_by` by which rule; `priced_from` the price it came with, where changed; `kit` what it is of.
    Units: `unit_price_minor` in the order's currency; `qty`, `picked` in pieces.
    """

    id: str
    ext_sku: str
    title: str = ""
    sku: str = ""
    qty: int
    unit_price_minor: int
    picked: int = 0
    swapped_from: str = ""
    held: str = ""
    held_by: str = ""
    priced_from: int | None = None
    kit: KitOf | None = None
    lots: tuple[FromLot, ...] = ()


class Snag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One open exception (异常): why an order, a delivery or a command needs a person."""

    kind: str
    severity: str
    """bad: goods or money would go wrong; warn: the rest."""
    text: Text
    opened_at: datetime
    due_at: datetime
    digest: str = ""
    """What a person's answer would be bound to; empty where an answer alone does not help."""
    waits_for: tuple[str, ...] = ()
    """What would cure it from outside, as `wakes` of events name it: "sku_map:TM1/A-1", "stock:LN-220"."""
    goal_min: int = 0
    """Units: minutes of working time."""
    may_stop: tuple[str, ...] = ()
    """Who stops its clock when it waits for them, see `clock.Wait`."""
    warn_at: datetime | None = None
    stops: tuple[Stop, ...] = ()
    """When its clock stood still, the last of them perhaps until now; see `clock`."""
    owner: str = ""
    """Whose work it is; empty: that of whoever comes first."""
    claimed_at: datetime | None = None
    """When its owner took it; without it, it was given to them and may be taken by somebody else."""
    declined: tuple[str, ...] = ()
    """Who gave it back: they are not asked again."""
    queue: str = ""
    """The role it is handed to where its type names none, by the class of its order."""
    snooze: Snooze | None = None
    escalation: Escalation | None = None

    def __post_init__(self) -> None:
        """Read an older name of its type as the present one."""
        msgspec.structs.force_setattr(self, "kind", called_now(self.kind))


class Hold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One unmet gate of this order (挂起); `state`: waits | stops."""

    gate: str
    state: str
    text: Text
    opened_at: datetime


class Pause(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person stopped this order: why, until when, and until which exception is answered."""

    reason: str
    by: str
    at: datetime
    until: datetime | None = None
    ask: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person answered what only a person can answer; void as soon as the asked-about content changes."""

    kind: str
    digest: str
    by: str
    at: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        """Read an older name of its type as the present one."""
        msgspec.structs.force_setattr(self, "kind", called_now(self.kind))


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order this one was made from, and what of it is in here.

    `said` and `channel_state` are what its channel had said by then: anything newer is news. `reserved` is
    what it held and `snags` what was open on it, both to be given back exactly.
    Units: `*_minor` its share of the money, in the order's currency.
    """

    order: str
    number: str
    lines: tuple[tuple[str, str], ...] = ()
    """Its line, our line."""
    total_minor: int = 0
    payable_minor: int = 0
    paid_minor: int = 0
    refunded_minor: int = 0
    said: Said = Said()
    channel_state: ChannelState = ChannelState.TO_SHIP
    warehouse: str = ""
    reserved: tuple[Reserved, ...] = ()
    snags: tuple[Snag, ...] = ()


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything we know and decided about one order. Units: `*_minor` in `currency`."""

    id: str
    number: str
    ver: int = 1
    shop: str
    ext_id: str
    ext_version: str = ""
    status: Status = Status.RECEIVED
    channel_state: ChannelState = ChannelState.TO_SHIP
    classified_from: str = ""
    """The state of the channel of which a person said that it means `channel_state`."""
    currency: str = "CNY"
    total_minor: int = 0
    payable_minor: int = 0
    paid_minor: int = 0
    refunded_minor: int = 0
    receiver: Receiver = Receiver()
    region: Region = Region()
    original: Region | None = None
    """The region before the first repair by a person or a rule."""
    announced: Announced | None = None
    """Where the buyer wants it since the warehouse has begun; nothing is sent before somebody decides."""
    left_address: Announced | None = None
    """Where it went before such an address was taken, to go back to."""
    lines: tuple[Line, ...] = ()
    warehouse: str = ""
    reserved: tuple[Reserved, ...] = ()
    awaits: Awaits | None = None
    """What it waits for is to arrive and counts on it: sold before it is there."""
    ordered_at: datetime
    received_at: datetime
    ship_by_at: datetime | None = None
    priority: int = 0
    said: Said = Said()
    content_hash: str = ""
    """Kept by `evolve`: the digest a signature binds to, see `review.content_hash`."""
    maker: str = ""
    """Who last changed the hashed content: a user, or the channel account."""
    signatures_needed: int = 0
    signatures: tuple[Signature, ...] = ()
    reviewed: Reviewed = Reviewed()
    rejection: Text | None = None
    pause: Pause | None = None
    snags: tuple[Snag, ...] = ()
    holds: tuple[Hold, ...] = ()
    settled: tuple[Settled, ...] = ()
    carrier: str = ""
    tracking_no: str = ""
    told_by: str = ""
    """The system that sent its parcel and keeps the number; empty: we do."""
    prints: dict[str, int] = {}
    """How often each paper was printed: every print after the first says that it is a copy."""
    released_at: datetime | None = None
    returns: tuple[ReturnCase, ...] = ()
    """Returns, exchanges, refunds and re-shipments (售后), the oldest first."""
    makes_good: Origin | None = None
    """The case whose goods it replaces: it costs nothing and is never a suspected duplicate."""
    touched: bool = False
    """A person worked on it before release; looking and the warehouse do not count."""
    made_from: tuple[Source, ...] = ()
    """The orders it was merged from, or the one it was split from."""
    made_as: str = ""
    """What it was when it was made, see `relations.made_as`."""
    made_for: str = ""
    """Where it went when it was made, see `relations.destination`."""
    replaced_by: tuple[str, ...] = ()
    """The orders that go on in its place."""
    classed: Classed | None = None
    waivers: tuple[Waiver, ...] = ()
    customer: str = ""
    """The business that buys, where it is one of ours."""
    terms_days: int | None = None  # paid so many days after delivery; None: paid before
    is_cod: bool = False  # the buyer pays whoever brings it (货到付款)
    credited: Credited | None = None
    """What it takes of the credit of its customer, as the hub granted it."""
    invoice: Invoice | None = None
    bills: tuple[Bill, ...] = ()
    """Invoices that were asked of a service, the oldest first."""
    contracts: tuple[Contract, ...] = ()
    """Texts that were sent to the customer, the oldest first."""
    visit: Visit | None = None
    """Who comes to install it, and when."""
    effects: tuple[Outcome, ...] = ()
    """What became of what was sent to the world outside for it."""
    held: tuple[Held, ...] = ()
    """What is to be sent once more, and can be taken back until it leaves."""
    refusals: tuple[FloorRefusal, ...] = ()
    """What warehouses said no to, the oldest first."""
    messages: tuple[Message, ...] = ()
    """What was last said to its buyer, or leaves the house soon."""
    by_lease: bool = False
    """What it holds comes out of a desk's lease, as that desk says; the hub has not answered."""
    is_overpromised: bool = False
    """A desk confirmed it out of a lease that was over, and it still holds nothing."""
    counted: Counted | None = None
    carriage: Carriage | None = None
    """Who shall take it, what that costs and why."""
    waybill: Waybill | None = None
    """The label asked of whoever takes it."""
    waybills: int = 0
    scans: tuple[Scan, ...] = ()
    errand: Errand | None = None
    sourced: Decision | None = None
    room: Counted | None = None
    stays_whole: bool = False
    """A split of it was taken back: nobody but a person splits it again."""
    told: Told = Told()
    kept_until: datetime | None = None  # not paid, it keeps its goods until then

    @property
    def received_money_minor(self) -> int:
        """Money we have and keep. Units: minor units."""
        return self.paid_minor - self.refunded_minor

    @property
    def given_back_minor(self) -> int:
        """Money we gave back before any goods left, owed again where it revives. Units: minor units."""
        if not self.returns or self.status not in OPEN:
            return 0
        return sum(case.refunded_minor for case in self.returns)

    @property
    def is_paid(self) -> bool:
        """The money is here; a channel that still waits for it is believed unless somebody noted a payment.

        Source: DECISIONS, stock is promised at payment.
        """
        if self.channel_state is ChannelState.UNKNOWN:
            return False
        if self.channel_state is ChannelState.AWAITING_PAYMENT and self.payable_minor == 0:
            return False
        return self.received_money_minor - self.given_back_minor >= self.payable_minor

    @property
    def is_on_account(self) -> bool:
        """The customer pays later, by agreement; a refund ends it."""
        return self.terms_days is not None and self.refunded_minor == 0

    @property
    def is_paid_later(self) -> bool:
        """It goes out before its money comes: on account, or paid at the door; a refund ends it."""
        return self.is_on_account or (self.is_cod and self.refunded_minor == 0)

    @property
    def matched(self) -> bool:
        """Every line is one of our articles."""
        return bool(self.lines) and "" not in [line.sku for line in self.lines]

    @property
    def fully_reserved(self) -> bool:
        """Stock is promised for every line (reservation is all or nothing)."""
        return bool(self.reserved)

    def snag(self, kind: str) -> Snag | None:
        """Return the open snag of that kind, if any."""
        kind = called_now(kind)
        return next((snag for snag in self.snags if snag.kind == kind), None)

    def case(self, id: str) -> ReturnCase | None:
        """Return one after-sales case, if it is here."""
        return next((case for case in self.returns if case.id == id), None)

    def is_settled(self, kind: str, digest: str) -> bool:
        """Tell whether a person already answered `kind` for exactly this content."""
        kind = called_now(kind)
        return any(s.kind == kind and s.digest == digest for s in self.settled)
