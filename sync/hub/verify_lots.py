"""Is there as much of every lot on its shelf as came, less what left? That is I5 for lots."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, select

from app.domain.goods import DocKind, StockDoc
from app.domain.lot import Lot
from app.domain.order import OPEN, Order
from sync import tables as t
from sync.hub.finding import Finding
from sync.hub.seal import open_document

Shelf = tuple[str, str]
"""(warehouse, article)"""
Lots = tuple[tuple[str, int, int], ...]
"""Lots: their number, pieces, and those of them that are in hand for orders."""

_orders = msgspec.json.Decoder(Order)
_docs = msgspec.json.Decoder(StockDoc)
_lots = msgspec.json.Decoder(tuple[Lot, ...])
_NAMES = {DocKind.RECEIPT: "received", DocKind.COUNT: "counted", DocKind.TRANSFER: "transferred"}


class LotPapers:
    """What papers and orders say of every lot. Units: pieces."""

    def __init__(self, db: Connection, feed_id: int) -> None:
        self._moved: defaultdict[Shelf, defaultdict[str, Counter[str]]]
        self._moved = defaultdict(lambda: defaultdict(Counter))
        self._picked: Counter[tuple[Shelf, str]] = Counter()
        d, o = t.stock_doc.c, t.orders.c
        for doc in db.execute(select(d.doc).where(d.feed_id == feed_id, d.doc.contains('"lot":'))).scalars():
            self._read_doc(_docs.decode(doc))
        named = select(o.doc).where(o.feed_id == feed_id, o.doc.contains('"lot'))
        for doc in db.execute(named).scalars():
            try:
                self._read_order(_orders.decode(open_document(doc.encode(), None)))
            except msgspec.MsgspecError:
                continue  # told by the check of the orders themselves

    def _read_doc(self, doc: StockDoc) -> None:
        for warehouse, pieces in doc.moves() if doc.lot else ():
            self._moved[warehouse, doc.sku][doc.lot][_NAMES[doc.kind]] += pieces

    def _read_order(self, order: Order) -> None:
        for line in order.lines:
            for one in line.lots:
                if order.status in OPEN:
                    self._picked[(one.warehouse, line.sku), one.no] += one.qty
                else:
                    self._moved[one.warehouse, line.sku][one.no]["shipped"] -= one.qty
        for item in (item for case in order.returns for item in case.restocked if item.lot):
            self._moved[item.warehouse, item.sku][item.lot]["returned"] += item.qty

    def terms(self, shelf: Shelf, lots: tuple[Lot, ...]) -> Iterator[tuple[str, Counter[str], int]]:
        """Yield each lot with a number: what it is made of, and how much of it is in hand."""
        adjusted = {lot.no: lot.adjusted for lot in lots}
        moved = self._moved[shelf]
        for no in sorted({*adjusted, *moved} - {""}):
            terms = Counter({"adjusted": adjusted.get(no, 0)})
            terms.update(moved.get(no, {}))
            yield no, terms, self._picked[shelf, no]

    def compared(self, shelf: Shelf, doc: str, on_hand: int) -> tuple[Lots, Lots]:
        """Return the lots of a shelf as they are kept, and by their papers, which come to `on_hand`."""
        lots = _lots.decode(doc)
        papers = [(no, sum(terms.values()), picked) for no, terms, picked in self.terms(shelf, lots)]
        if lots or papers:
            papers.append(("", on_hand - sum(qty for _, qty, _ in papers), self._picked[shelf, ""]))
        kept = ((lot.no, lot.qty, lot.picked) for lot in lots)
        return tuple(sorted(filter(_holds, kept))), tuple(sorted(filter(_holds, papers)))

    def breaches(self, shelf: Shelf, doc: str, on_hand: int) -> Iterator[Finding]:
        """Name each lot that is not what its papers come to, and lots that are not what lies there."""
        subject, lots = "/".join(shelf), _lots.decode(doc)
        came = sum(lot.qty for lot in lots)
        if lots and came != on_hand:
            yield Finding("I5", subject, "its lots together", f"{on_hand}", f"{came}")
        known = {lot.no: lot for lot in lots}
        for no, terms, picked in self.terms(shelf, lots):
            lot = known.get(no) or Lot(no=no)
            said = ", ".join(f"{name} {pieces:+d}" for name, pieces in terms.items() if pieces)
            if sum(terms.values()) != lot.qty:
                yield Finding("I5", subject, f"lot {no}: {said}", f"{sum(terms.values())}", f"{lot.qty}")
            if picked != lot.picked:
                yield Finding("I4", subject, f"lot {no}: in hand for orders", f"{picked}", f"{lot.picked}")


def above(kept: Lots, papers: Lots) -> Lots:
    """Return the lots that differ, with how far they stand above their papers."""
    was, now = ({no: (qty, picked) for no, qty, picked in lots} for lots in (kept, papers))
    found = []
    for no in sorted({*was, *now}):
        (qty, picked), (papers_qty, papers_picked) = was.get(no, (0, 0)), now.get(no, (0, 0))
        if (qty, picked) != (papers_qty, papers_picked):
            found.append((no, qty - papers_qty, picked - papers_picked))
    return tuple(found)


def _holds(lot: tuple[str, int, int]) -> bool:
    return bool(lot[1] or lot[2])
