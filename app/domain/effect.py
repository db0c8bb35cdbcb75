"""What must happen in the world outside, once: what became of it, as an order remembers it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from app.domain.values import Key
from app.text import N_, Text


class EffectState(StrEnum):
    """`leased`: somebody is at it; `unknown`: asked for, and nobody knows whether it happened."""

    TODO = "todo"
    LEASED = "leased"
    DONE = "done"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


FINAL = frozenset({EffectState.DONE, EffectState.REJECTED, EffectState.UNKNOWN})
"""What a worker may report: it happened, it will not, or a person must find out."""

KINDS: dict[str, str] = {
    "confirm": N_("Ship confirmation"),
    "label": N_("Shipping label"),
    "void": N_("Label taken back"),
    "redeliver": N_("Deliver again"),
    "call_back": N_("Bring it back"),
    "invoice": N_("Invoice"),
    "notify": N_("Notice"),
    "stock": N_("Stock figure"),
    "follow": N_("Tracking of the parcel"),
    "deliver": N_("Delivery order"),
    "recall": N_("Delivery order taken back"),
    "address": N_("Address for the channel"),
    "memo": N_("Memo for the channel"),
    "number": N_("Other tracking number for the channel"),
    "rest": N_("Rest of the order for the channel"),
    "customer": N_("News to the CRM"),
    "voucher": N_("Voucher of a day"),
}
"""What each kind of effect is called."""


def called(kind: str) -> str:
    """Return what a kind is called; a newer hub may carry out what this Docket has no word for."""
    return KINDS.get(kind, N_("Other system"))


WITH_THE_LAST = N_("The shop hears of it with the last parcel.")
"""What an order says of a parcel while the others have not left, and afterwards."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One effect as the hub's table holds it. `fence` grows with every lease: old results do not count."""

    key: str
    kind: str
    order: str
    state: EffectState
    fence: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one effect of an order. `by` is empty where the provider said so itself."""

    key: str
    kind: str
    state: EffectState
    text: Text
    at: datetime
    ref: str = ""
    by: str = ""
    field: str = ""
    """What of it was rejected, where they named it."""


HOLD = timedelta(seconds=35)
"""So long what a person asks for stays in the house: 30 s to take it back, and some for the way to the hub.

Source: capabilities 5.3.
"""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something asked for once more that leaves the house at a time, and what was known of it before."""

    until: datetime
    was: Outcome


def effect_key(key: str) -> Key:
    """Name the row of an effect."""
    return ("effect", key)


def with_outcome(outcomes: tuple[Outcome, ...], outcome: Outcome) -> tuple[Outcome, ...]:
    """Put what became of an effect in the place of what was known of it."""
    return (*(one for one in outcomes if one.key != outcome.key), outcome)


def outcome_of(outcomes: tuple[Outcome, ...], key: str) -> Outcome | None:
    """Return what is known of one effect."""
    return next((one for one in outcomes if one.key == key), None)


REJECTED_AS: dict[str, str] = {"invoice": "invoice_rejected", "label": "label_failed"}
"""Kinds of effects whose rejection is an exception type of its own; the others are `writeback_failed`."""
UNKNOWN_AS: dict[str, str] = {"label": "label_failed"}
"""The same of those nobody knows of; the others are `effect_unknown`."""
_OWN = {EffectState.REJECTED: REJECTED_AS, EffectState.UNKNOWN: UNKNOWN_AS}


def first_in(outcomes: tuple[Outcome, ...], state: EffectState) -> Outcome | None:
    """Return the oldest effect in a state; a failure that is a type of its own is found there."""
    is_own = _OWN.get(state, {})
    return next((one for one in outcomes if one.state is state and one.kind not in is_own), None)


def held_of(held: tuple[Held, ...], key: str) -> Held | None:
    """Return what waits to be done once more."""
    return next((one for one in held if one.was.key == key), None)


def without_held(held: tuple[Held, ...], key: str) -> tuple[Held, ...]:
    """Let go of what does not wait any more."""
    return tuple(one for one in held if one.was.key != key)
