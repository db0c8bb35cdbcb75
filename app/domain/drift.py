"""A counter of a shelf that is not what its papers come to (账实不符)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.domain.lot import Lot, lot_of
from app.domain.stock import Stock
from app.domain.stock_events import ShelfRepaired
from app.domain.values import Key

KIND = "stock_drift"


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """How far the counters of a shelf stand above its papers, while a case says so. Units: pieces.

    The papers of `on_hand` are opening, corrections, documents, returns and parcels; those of `reserved` are
    what orders and desks hold. Counters and papers move together, so the distance stays what it was.
    """

    case: str
    on_hand: int
    reserved: int
    lots: tuple[tuple[str, int, int], ...] = ()
    """Lots that differ: number, how far above its papers, and how far of it in hand."""

    @property
    def is_over(self) -> bool:
        """Counters and papers agree by now."""
        return not (self.on_hand or self.reserved or self.lots)

    def by_papers(self, stock: Stock) -> tuple[int, int]:
        """Return what the papers of the shelf come to now: on hand and promised."""
        return stock.on_hand - self.on_hand, stock.reserved - self.reserved

    def of(self, lot: str) -> int:
        """Return how far one lot stands above its papers. Units: pieces."""
        return next((qty for no, qty, _ in self.lots if no == lot), 0)

    def repaired(self, stock: Stock, by: str) -> ShelfRepaired:
        """Set the counters to what the papers come to."""
        on_hand, reserved = self.by_papers(stock)
        return ShelfRepaired(
            warehouse=stock.warehouse,
            sku=stock.sku,
            on_hand=on_hand,
            reserved=reserved,
            was_on_hand=stock.on_hand,
            was_reserved=stock.reserved,
            by=by,
            lots=tuple(self._lots(stock)),
        )

    def _lots(self, stock: Stock) -> Iterator[tuple[str, int, int]]:
        for no, qty, picked in self.lots:
            lot = lot_of(stock.lots, no) or Lot(no=no)
            yield no, lot.qty - qty, lot.picked - picked


def drift_key(shelf: str) -> Key:
    """Name the drift of a shelf, "SZ/LN-220": read at the hub when asked for, never kept."""
    return ("drift", shelf)


def shelf_of_case(case: str) -> tuple[str, str]:
    """Return warehouse and article of a case, "drift/SZ/LN-220/1"; empty where it is about something else."""
    if not case.startswith("drift/") or case.count("/") < 3:
        return "", ""
    _, warehouse, rest = case.split("/", 2)
    return warehouse, rest.rpartition("/")[0]
