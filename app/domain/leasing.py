"""How much of an article a desk may hold for the time it is without the network."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.domain.rules import Rules
from app.domain.stock import Lease, Stock
from app.domain.values import Key, stock_key

LEASES_MOST = 100
"""No desk asks for more articles at once."""
RENEWALS = 8
"""How often a lease is renewed in its life."""


class Shelf(msgspec.Struct, frozen=True):
    """One article in one warehouse."""

    warehouse: str
    sku: str

    @property
    def key(self) -> Key:
        """Name its stock."""
        return stock_key(self.warehouse, self.sku)


class Ask(Shelf, frozen=True):
    """How much of it a desk would like to hold. Units: `qty` pieces."""

    qty: int


def life(rules: Rules) -> timedelta:
    """Return how long a lease runs. Source: rules lease_hours."""
    return timedelta(hours=rules.lease_hours)


def renewal(rules: Rules) -> timedelta:
    """Return the time between two renewals: as long an expired lease still waits for late work.

    Source: sync.md section 1, a grace of one renewal period.
    """
    return life(rules) / RENEWALS


def over_at(lease: Lease, rules: Rules) -> datetime:
    """Return when a lease is given back without its holder: a cart's at once, a desk's a renewal later."""
    return lease.until if lease.is_cart else lease.until + renewal(rules)


def cart_life(rules: Rules) -> timedelta:
    """Return how long a cart holds its goods. Source: capabilities 3, cart hold for manual entry 10 min."""
    return timedelta(minutes=rules.cart_hold_min)


def grantable(stock: Stock, desk: str, wanted: int, rules: Rules) -> int:
    """Return how much a desk may hold from now on; never less than it holds, it may have sold that already.

    Units: pieces.
    Source: rules lease_share_pct, lease_from_pieces; sync.md section 1, at most a share of what is available.
    """
    held = stock.leased_to(desk)
    if rules.lease_share_pct == 0:
        return 0
    leased = stock.leased - stock.in_carts
    base = stock.available + leased
    if base < rules.lease_from_pieces:
        return held
    others = leased - held
    share = base * rules.lease_share_pct // 100
    return max(held, min(wanted, share - others, stock.available + held))


def p90(figures: list[int]) -> int:
    """Return what nine of ten figures do not exceed, the nearest rank; 0 of none."""
    if not figures:
        return 0
    ranked = sorted(figures)
    return ranked[-(-len(ranked) * 9 // 10) - 1]
