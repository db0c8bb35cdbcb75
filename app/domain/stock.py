"""Stock of one article in one warehouse, and what is promised from it."""

from __future__ import annotations

import msgspec


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

    @property
    def available(self) -> int:
        """What may still be promised. Units: pieces. Source: capabilities 3, available figure."""
        return max(0, self.on_hand - self.reserved - self.safety)


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces held for one line of one order. Units: pieces."""

    kind: str = "order"
    owner: str
    line: str
    warehouse: str
    sku: str
    qty: int
    state: str
    """open | released | shipped"""
