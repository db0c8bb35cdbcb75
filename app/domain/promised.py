"""What is promised to the lines of an order: pieces that lie there, or pieces that are to arrive."""

from __future__ import annotations

from collections import Counter
from datetime import date

import msgspec


class Reserved(msgspec.Struct, frozen=True):
    """Stock promised to one line. Units: pieces."""

    line: str
    warehouse: str
    sku: str
    qty: int


class Awaits(msgspec.Struct, frozen=True, kw_only=True):
    """An order waits for goods that are to arrive, all of its lines in one warehouse.

    `later` are the articles that are not there yet; what is there of the others is kept for it meanwhile.
    `arrival` is the paper it counts on, `reference` its number.
    """

    items: tuple[Reserved, ...]
    later: tuple[str, ...]
    arrival: str
    reference: str
    promised_on: date
    """What the buyer may count on."""
    due_on: date
    """When the goods are expected by now; later than promised: somebody has to speak with the buyer."""

    @property
    def warehouse(self) -> str:
        """Where it waits."""
        return self.items[0].warehouse

    @property
    def pieces(self) -> Counter[tuple[str, str]]:
        """What it counts with, by shelf. Units: pieces."""
        sums: Counter[tuple[str, str]] = Counter()
        for item in self.items:
            sums[item.warehouse, item.sku] += item.qty
        return sums
