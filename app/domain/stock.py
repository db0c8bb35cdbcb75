"""Stock of one article in one warehouse, and what is promised from it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces one desk may promise by itself until `until`; they count as reserved, so nobody else has them.

    Units: pieces.
    Source: sync.md section 1, offline stock leases.
    """

    desk: str
    qty: int
    until: datetime


class Stock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Pieces of one article in one warehouse; `0 <= reserved <= on_hand` always.

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
    """What of `reserved` desks hold for a time without the network, by desk."""

    @property
    def available(self) -> int:
        """What may still be promised. Units: pieces. Source: capabilities 3, available figure."""
        return max(0, self.unreserved - self.safety)

    @property
    def unreserved(self) -> int:
        """What lies there and nobody holds, the safety stock with it. Units: pieces."""
        return self.on_hand - self.reserved

    @property
    def promised(self) -> int:
        """What orders hold; a lease gives way where fewer pieces are found. Units: pieces."""
        return self.reserved - self.leased

    @property
    def leased(self) -> int:
        """What desks hold for themselves. Units: pieces."""
        return sum(lease.qty for lease in self.leases)

    def lease_of(self, desk: str) -> Lease | None:
        """Return what one desk holds."""
        return next((lease for lease in self.leases if lease.desk == desk), None)

    def leased_to(self, desk: str) -> int:
        """Return how much one desk holds. Units: pieces."""
        lease = self.lease_of(desk)
        return lease.qty if lease is not None else 0

    def available_to(self, desk: str) -> int:
        """Return what a desk may have: what is free, and its own lease. Units: pieces."""
        return self.available + self.leased_to(desk)


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces held for one line of one order, or by one desk. Units: pieces."""

    kind: str = "order"
    """order | lease"""
    owner: str
    """The order, or the desk."""
    line: str
    warehouse: str
    sku: str
    qty: int
    state: str
    """open | released | shipped"""
    expires_at: datetime | None = None
