"""The block `map` of a manifest: what a record means.

Source: channels.md section 5.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from app.domain.order import ChannelState
from sync.manifest.block import Block, Code, Condition, Scalar, Short, Sorting, Words


class Value(Block, frozen=True, kw_only=True):
    """Where a field comes from: a path, columns of a file, an expression, or always the same."""

    path: Short = ""
    column: Annotated[tuple[Short, ...], Meta(max_length=20)] = ()
    expr: Short = ""
    const: Scalar | None = None
    type: Literal["", "text", "int", "money", "time", "epoch", "epoch_ms", "bool"] = ""
    unit: Literal["", "yuan", "cents", "decimal"] = ""
    """Of this amount only; else that of the map."""
    enum: Sorting | None = None
    default: Scalar | None = None
    required: bool = False
    encrypted: bool = False
    formats: Annotated[tuple[Short, ...], Meta(max_length=10)] = ()


class ExtraField(Block, frozen=True, kw_only=True):
    """Something a channel says of an order that no field of ours holds, for people to read.

    person: a name or a handle, masked on screen; bool: shown only where it is so. Where the path leads to
    several, they stand beside each other. What is `personal` is sealed; so is a person.
    """

    label: Words
    path: Short = ""
    column: Annotated[tuple[Short, ...], Meta(max_length=20)] = ()
    type: Literal["", "person", "money", "time", "epoch", "epoch_ms", "bool"] = ""
    unit: Literal["", "yuan", "cents", "decimal"] = ""
    words: Annotated[dict[Short, Words], Meta(max_length=60)] = field(default_factory=dict)
    """What the channel says → what people read; nothing at all is not shown."""
    personal: bool = False


class Check(Block, frozen=True, kw_only=True):
    """Two ways to the same amount. One that does not hold is told with the order."""

    expr: Short
    equals: Short
    when: Condition = field(default_factory=dict)


class StatusRule(Block, frozen=True, kw_only=True):
    """The first rule that fits says what the state is; `lock` says why the channel holds it back."""

    when: Condition
    then: ChannelState
    lock: Literal[
        "", "risk_review", "group_forming", "presale_balance", "gift_unclaimed", "refund_pending",
        "platform_lock", "address_pending",
    ] = ""  # fmt: skip


class Money(Block, frozen=True, kw_only=True):
    """yuan: of the large unit, where whole thousands as a number are refused; cents: whole numbers."""

    type: Literal["yuan", "cents", "decimal"]


class CaseMap(Block, frozen=True, kw_only=True):
    """How a refund or after-sales record is read."""

    roots: Annotated[tuple[Short, ...], Meta(min_length=1, max_length=10)]
    money: Money | None = None
    fields: Annotated[dict[Short, Value], Meta(max_length=20)]
    """`id`, `order`, `line`, `version`, `kind`, `state`, `amount`, `qty`, `currency`."""
    lines: Annotated[tuple[Short, ...], Meta(max_length=10)] = ()
    """Where such a record lists the lines that are paid back: each is a case of its own."""
    line: Annotated[dict[Short, Value], Meta(max_length=20)] = field(default_factory=dict)
    """What a line says itself, in the place of the same field of the record."""


class EventRule(Block, frozen=True, kw_only=True):
    """What a message is about: the first rule that fits counts; none is an exception of its own.

    `read`: it says nothing but which order to read again.
    """

    when: Condition
    means: Literal["read", "case", "cancelled", "address_change", "cancel_requested", "memo", "nothing"]
    kind: Literal["", "refund_only", "return_refund", "exchange", "resend", "repair", "price_protection"] = ""
    state: Literal[
        "", "requested", "awaiting_return", "return_in_transit", "refused", "platform_review", "refunding",
        "refunded", "failed",
    ] = ""  # fmt: skip


class EventMap(Block, frozen=True, kw_only=True):
    """How a message about an order is read."""

    fields: Annotated[dict[Short, Value], Meta(max_length=30)]
    """`order`, `case`, `line`, `version`, `amount`, `qty`, and those of a receiver."""
    rules: Annotated[tuple[EventRule, ...], Meta(max_length=60)]
    money: Money | None = None


class Map(Block, frozen=True, kw_only=True):
    """What a record means."""

    roots: Annotated[tuple[Short, ...], Meta(min_length=1, max_length=20)] = (".",)
    money: Money
    tz: Short = "UTC"
    null_times: tuple[Short, ...] = ()
    order: Annotated[dict[Short, Value], Meta(max_length=40)]
    extras: Annotated[dict[Code, ExtraField], Meta(max_length=20)] = field(default_factory=dict)
    checks: Annotated[tuple[Check, ...], Meta(max_length=10)] = ()
    status: Annotated[tuple[StatusRule, ...], Meta(min_length=1, max_length=60)]
    lists: Annotated[tuple[Short, ...], Meta(min_length=1, max_length=5)]
    """Where the lines stand; `gifts` are those of them whose lines are gifts."""
    gifts: tuple[Short, ...] = ()
    line: Annotated[dict[Short, Value], Meta(max_length=20)]
    refunds: CaseMap | None = None
    within: Annotated[tuple[CaseMap, ...], Meta(max_length=10)] = ()
    """Where an order lists its refunds itself; without `fields` they are read like those of `refunds`."""
    events: EventMap | None = None
