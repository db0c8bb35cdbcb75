"""Stock documents (库存单据): who moved how many pieces of what, when, why, under which number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

import msgspec

from app.text import N_


class DocKind(StrEnum):
    """What a document is about."""

    RECEIPT = "receipt"
    COUNT = "count"
    TRANSFER = "transfer"
    ARRIVAL = "arrival"
    """Goods are announced."""
    QUOTA = "quota"
    """So many may be sold ahead before anything is announced."""


DOC_TITLES: dict[DocKind, str] = {
    DocKind.RECEIPT: N_("Receipt"),
    DocKind.COUNT: N_("Count"),
    DocKind.TRANSFER: N_("Transfer"),
    DocKind.ARRIVAL: N_("Announced goods"),
    DocKind.QUOTA: N_("Pre-sale"),
}
AHEAD = frozenset({DocKind.ARRIVAL, DocKind.QUOTA})
"""Papers of what is not here yet."""


class DocState(StrEnum):
    """Where a document stands."""

    ASKS = "asks"
    """A count that differs too much: a second person counts before anything changes."""
    TRANSIT = "transit"
    """Sent, not arrived: nobody's promise."""
    EXPECTED = "expected"
    """Announced: orders may count on it, nothing moved."""
    DONE = "done"
    WITHDRAWN = "withdrawn"


DOC_STATES: dict[DocState, str] = {
    DocState.ASKS: N_("Second count wanted"),
    DocState.TRANSIT: N_("In transit"),
    DocState.EXPECTED: N_("Expected"),
    DocState.DONE: N_("Booked"),
    DocState.WITHDRAWN: N_("Withdrawn"),
}


class Bin(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a count sheet. Units: pieces; `base` is what the screen said when it was counted."""

    sku: str
    counted: int
    base: int
    lot: str = ""


class Accuracy(msgspec.Struct, frozen=True):
    """How many counted bins were equal to the screen. Source: capabilities 16, stock_accuracy."""

    equal: int
    counted: int


def accuracy(bins: Iterable[Bin]) -> Accuracy:
    """Return how right the stock was by these lines."""
    equal = [one.counted == one.base for one in bins]
    return Accuracy(sum(equal), len(equal))


class Fulfilled(msgspec.Struct, frozen=True):
    """Pieces of a receipt that a paper had announced. Units: pieces."""

    doc: str
    qty: int


class StockDoc(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One document about one article in one warehouse.

    Units: pieces. `qty` is what came in, what lay there, what was sent or is announced; `base` what a counter
    saw on the screen; `arrived` what reached `target`, or came of what was announced.
    """

    id: str
    kind: DocKind
    state: DocState = DocState.DONE
    warehouse: str
    sku: str
    qty: int
    base: int = 0
    target: str = ""
    """Where a transfer goes."""
    arrived: int = 0
    due_on: date | None = None
    """When announced goods are expected; what is sold ahead is sent by then."""
    fulfils: tuple[Fulfilled, ...] = ()
    """What a receipt brought of what was announced."""
    reference: str = ""
    """The number on the paper: delivery note, count sheet, waybill."""
    reason: str = ""
    by: str
    at: datetime
    closed_by: str = ""
    """Who counted again, took the transfer in, or withdrew the document."""
    closed_at: datetime | None = None
    lot: str = ""
    best_before: date | None = None

    @property
    def difference(self) -> int:
        """What a count found beyond the screen, or a transfer lost (negative) on its way. Units: pieces."""
        if self.kind is DocKind.COUNT:
            return self.qty - self.base
        if self.kind is DocKind.TRANSFER and self.state is DocState.DONE:
            return self.arrived - self.qty
        return 0

    @property
    def is_held(self) -> bool:
        """It was taken off its own shelf to be looked at, and comes back there, or part of it."""
        return self.kind is DocKind.TRANSFER and self.target == self.warehouse

    @property
    def in_transit(self) -> int:
        """Pieces on their way, in no warehouse's stock. Units: pieces."""
        return self.qty if self.state is DocState.TRANSIT else 0

    @property
    def coming(self) -> int:
        """Pieces orders may count on that are not here yet. Units: pieces."""
        return self.qty - self.arrived if self.state is DocState.EXPECTED else 0

    def moves(self) -> Iterator[tuple[str, int]]:
        """Say what the document changed: (warehouse, pieces). A withdrawn one changed nothing."""
        if self.state in (DocState.ASKS, DocState.WITHDRAWN):
            return
        match self.kind:
            case DocKind.RECEIPT:
                yield self.warehouse, self.qty
            case DocKind.COUNT:
                yield self.warehouse, self.difference
            case DocKind.TRANSFER:
                yield self.warehouse, -self.qty
                if self.state is DocState.DONE:
                    yield self.target, self.arrived


def arrived(doc: StockDoc, pieces: int) -> StockDoc:
    """Return an announcement of which so many more came, or fewer. Units: pieces."""
    came = doc.arrived + pieces
    state = DocState.DONE if came == doc.qty else DocState.EXPECTED
    return msgspec.structs.replace(doc, arrived=came, state=state)
