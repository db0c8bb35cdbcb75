"""Stock of one article in one warehouse, and what is promised from it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from app.domain.lot import Lot, lot_of

CART = "cart:"
"""Begins the name of a cart as a holder; no desk is called so."""


def cart_of(order: str) -> str:
    """Name the cart that becomes an order, as a holder of stock."""
    return f"{CART}{order}"


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces somebody holds until `until`; they count as reserved, so nobody else has them.

    `desk`: a desk, that may promise them by itself, or a cart (`cart_of`), whose order is not placed yet.
    Units: pieces.
    Source: sync.md section 1, offline stock leases; capabilities 3, cart hold.
    """

    desk: str
    qty: int
    until: datetime

    @property
    def is_cart(self) -> bool:
        """Tell whether a cart holds it."""
        return self.desk.startswith(CART)


class Arrival(msgspec.Struct, frozen=True):
    """Pieces a paper announces that are not here yet, or that may be sold before any paper does.

    Units: pieces.
    """

    doc: str
    due_on: date
    qty: int
    reference: str = ""


class Stock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Pieces of one article in one warehouse.

    Always `0 <= set_aside <= reserved <= on_hand` and `0 <= awaited <= coming`: what is sold ahead is covered
    by what is announced. Orders that wait count on `awaited + set_aside`.

    Units: pieces.
    """

    warehouse: str
    sku: str
    on_hand: int = 0
    reserved: int = 0
    safety: int = 0
    bin: str = ""
    counting: str = ""
    """The count that waits for a second one."""
    leases: tuple[Lease, ...] = ()
    """What of `reserved` desks and carts hold for a time, by holder."""
    lots: tuple[Lot, ...] = ()
    """None: not kept in lots; else they come to `on_hand`."""
    set_aside: int = 0
    """What of `reserved` came for orders that wait: the oldest takes it next."""
    awaited: int = 0
    """What orders that wait count on beyond that."""
    coming: int = 0
    """The sum of `arrivals`."""
    arrivals: tuple[Arrival, ...] = ()
    """What is announced, the soonest first."""

    @property
    def available(self) -> int:
        """What may still be promised. Units: pieces. Source: capabilities 3, available figure."""
        return max(0, self.unreserved - self.safety - self.held)

    @property
    def unreserved(self) -> int:
        """What lies there and nobody holds, the safety stock with it. Units: pieces."""
        return self.on_hand - self.reserved

    @property
    def held(self) -> int:
        """What lies there in lots that are too old to sell, or recalled. Units: pieces."""
        return sum(lot.free for lot in self.lots if lot.barred)

    def may_leave(self, no: str) -> int:
        """Return what of a lot may go elsewhere: what may be sold stays for those it is promised to.

        Units: pieces.
        """
        lot = lot_of(self.lots, no)
        is_barred = lot is not None and bool(lot.barred)
        return self.unreserved if is_barred else max(0, self.unreserved - self.held)

    @property
    def promised(self) -> int:
        """What orders hold; a lease gives way where fewer pieces are found. Units: pieces."""
        return self.reserved - self.leased

    @property
    def leased(self) -> int:
        """What desks and carts hold for themselves. Units: pieces."""
        return sum(lease.qty for lease in self.leases)

    @property
    def in_carts(self) -> int:
        """What of it is held for orders that are being placed. Units: pieces."""
        return sum(lease.qty for lease in self.leases if lease.is_cart)

    def ahead(self, today: date) -> int:
        """Return how many pieces that are not here may still be sold; nothing while what comes is overdue.

        Units: pieces.
        """
        is_known = bool(self.arrivals) and self.arrivals[-1].due_on >= today
        return self.coming - self.awaited if is_known else 0

    def arrival_for(self, pieces: int, today: date) -> Arrival | None:
        """Return with what so many pieces arrive that nobody counts on yet; None where they do not."""
        if not 0 < pieces <= self.ahead(today):
            return None
        reached = -self.awaited
        for one in self.arrivals:
            reached += one.qty
            if reached >= pieces and one.due_on >= today:
                return one
        return None

    def lease_of(self, desk: str) -> Lease | None:
        """Return what one desk, or one cart, holds."""
        return next((lease for lease in self.leases if lease.desk == desk), None)

    def leased_to(self, desk: str) -> int:
        """Return how much one desk, or one cart, holds. Units: pieces."""
        lease = self.lease_of(desk)
        return lease.qty if lease is not None else 0

    def available_to(self, desk: str, cart: str = "") -> int:
        """Return what a desk may have: what is free, its own lease and what its cart holds. Units: pieces."""
        if not self.leases:
            return self.available
        return self.available + self.leased_to(desk) + self.leased_to(cart)


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces held for one line of one order, by one desk or for one cart. Units: pieces."""

    kind: str = "order"
    """order | lease | cart"""
    owner: str
    """The order, or who holds it for a time."""
    line: str
    warehouse: str
    sku: str
    qty: int
    state: str
    """open | released | shipped"""
    expires_at: datetime | None = None
