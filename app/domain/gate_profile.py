"""Which gates orders of a shop and a type meet, and with which limits; the most exact profile decides.

Source: capabilities 4, profiles per channel and order type; missing configuration fails closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

import msgspec

from app.domain.order import Order
from app.domain.rules import Rules
from app.text import N_

BUSINESS, COD, REPLACEMENT, CONSUMER = "business", "cod", "replacement", "consumer"
ORDER_TYPES: Mapping[str, str] = {
    "": N_("Orders of every type"),
    BUSINESS: N_("Orders of businesses"),
    CONSUMER: N_("Orders of consumers"),
    COD: N_("Orders paid at the door"),
    REPLACEMENT: N_("Replacements"),
}
"""Every order is of exactly one type; a profile without one is for all of them."""
CHOSEN = ("window", "price", "invoice", "review")
"""Gates a profile may leave out, or ask more orders; everything else is asked of every order it is about."""
BINDING: Mapping[str, frozenset[str]] = {BUSINESS: frozenset({"invoice"})}
"""Gates of those that orders of a type meet whatever a profile says. Source: capabilities 4.1."""
LIMITS = (
    "price_floor_pct",
    "price_ceiling_pct",
    "review_above_minor",
    "review_signatures",
    "dunning_stop_level",
)
"""Thresholds of the rules that a profile may set otherwise."""
_MORNING, _EVENING = time.min, time.max


class Limit(msgspec.Struct, frozen=True):
    """One threshold, by its name in the rules, in its unit there."""

    name: str
    value: int


class GateProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A published profile never changes: a change is its next revision.

    `shops`: codes; none named: all of them. `kind` is a key of `ORDER_TYPES`. `gates`: those of `CHOSEN` that
    are asked. `all_day`: orders above the amount are looked at by day too.
    """

    code: str
    title: str
    shops: tuple[str, ...] = ()
    kind: str = ""
    gates: tuple[str, ...] = ("window", "price", "review")
    limits: tuple[Limit, ...] = ()
    all_day: bool = False
    active: bool = True
    rev: int = 0

    def fits(self, shop: str, kind: str) -> bool:
        """Tell whether orders of a shop and a type fall under it."""
        return self.active and self.kind in ("", kind) and (not self.shops or shop in self.shops)

    @property
    def exactness(self) -> tuple[bool, bool]:
        """Return how exactly it names: the shop before the type."""
        return bool(self.shops), bool(self.kind)

    def meets(self, other: GateProfile) -> bool:
        """Tell whether both say something of the same orders, and neither more exactly."""
        if self.code == other.code or self.exactness != other.exactness or self.kind != other.kind:
            return False
        return not self.shops or not set(self.shops).isdisjoint(other.shops)


def type_of(order: Order) -> str:
    """Return the type of an order: who pays decides, and whether anybody does."""
    if order.makes_good is not None:
        return REPLACEMENT
    if order.customer or order.terms_days is not None:
        return BUSINESS
    return COD if order.is_cod else CONSUMER


def profile_for(profiles: Iterable[GateProfile], order: Order) -> GateProfile | None:
    """Return the most exact profile an order falls under."""
    kind = type_of(order)
    fits = (profile for profile in profiles if profile.fits(order.shop, kind))
    return max(fits, key=lambda one: (*one.exactness, one.code), default=None)


def limited(rules: Rules, profile: GateProfile) -> Rules:
    """Return the rules as they are for orders under a profile."""
    changes: dict[str, object] = {one.name: one.value for one in profile.limits}
    if profile.all_day:
        changes |= {"review_from": _MORNING, "review_until": _EVENING}
    if "review" not in profile.gates:
        changes["review_signatures"] = 0
    return msgspec.structs.replace(rules, **changes) if changes else rules
