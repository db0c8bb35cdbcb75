"""Is there as much on every shelf as came, less what left? And was nobody paid back too much?

Source: sync.md section 15 (I4, I5); capabilities 3.5 and 5.8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, and_, case, func, select

from app.domain.aftersale import COMES_BACK, VOID, Grade
from app.domain.drift import Drift
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.order import Order
from app.domain.refund import refunded_per_line
from sync import tables as t
from sync.hub.finding import Finding
from sync.hub.seal import open_document
from sync.hub.shelves import FIELDS, shelf_of
from sync.hub.verify_lots import LotPapers, Lots, Shelf, above


class Papers(NamedTuple):
    """What counters, or the papers of a shelf, come to. Units: pieces.

    `on_hand` is opening, corrections, documents, returns and parcels; `reserved` what orders and desks hold,
    and what is set aside for orders that wait.
    """

    on_hand: int
    reserved: int
    lots: Lots = ()

    def drift(self, case: str, papers: Papers) -> Drift:
        """Say how far counters stand above papers."""
        on_hand, reserved = self.on_hand - papers.on_hand, self.reserved - papers.reserved
        return Drift(case=case, on_hand=on_hand, reserved=reserved, lots=above(self.lots, papers.lots))


_orders = msgspec.json.Decoder(Order)
_docs = msgspec.json.Decoder(StockDoc)


def stock_adds_up(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I4, I5: reserved is what orders hold; on hand is what came less what left; nothing is oversold.

    on hand = opening + adjusted + received + counted differences + transferred in − transferred out
    + returned − shipped.
    """
    moved, returned, sums = _moved(db, feed_id), _returned(db, feed_id), _sums(feed_id)
    lots = LotPapers(db, feed_id)
    known: set[Shelf] = set()
    for row in db.execute(_shelves(feed_id)):
        shelf = (row.warehouse, row.sku)
        known.add(shelf)
        subject = f"{row.warehouse}/{row.sku}"
        if not 0 <= row.reserved <= row.on_hand:
            yield Finding("I4", subject, "reserved", f"0 to {row.on_hand}", f"{row.reserved}")
        held = (row.open or 0) + row.set_aside
        if row.reserved != held:
            yield Finding("I4", subject, "reserved", f"{held}", f"{row.reserved}")
        terms = _terms(row, moved, returned)
        yield from lots.breaches(shelf, row.lots, row.on_hand)
        if sum(terms.values()) != row.on_hand:
            came = ", ".join(f"{name} {pieces:+d}" for name, pieces in terms.items() if pieces)
            yield Finding("I5", subject, f"on hand: {came}", f"{sum(terms.values())}", f"{row.on_hand}")
    reserved = {(warehouse, sku) for warehouse, sku in db.execute(select(sums.c.warehouse, sums.c.sku))}
    elsewhere = reserved.union(returned, *moved.values())
    for warehouse, sku in sorted(elsewhere - known):
        yield Finding("I4", f"{warehouse}/{sku}", "goods moved where there is no stock row")


def shelves_by_papers(
    db: Connection, feed_id: int, one: Shelf | None = None
) -> Iterator[tuple[Shelf, tuple[Papers, Papers]]]:
    """Yield every shelf, or one, with what its counters say and what its papers come to."""
    moved, returned, lots = _moved(db, feed_id), _returned(db, feed_id), LotPapers(db, feed_id)
    found, s = _shelves(feed_id), t.stock.c
    if one is not None:
        found = found.where(s.warehouse == one[0], s.sku == one[1])
    for row in db.execute(found.order_by(s.warehouse, s.sku)):
        shelf = (row.warehouse, row.sku)
        on_hand = sum(_terms(row, moved, returned).values())
        was, now = lots.compared(shelf, row.lots, on_hand)
        kept = Papers(on_hand=row.on_hand, reserved=row.reserved, lots=was)
        yield shelf, (kept, Papers(on_hand=on_hand, reserved=int(row.open or 0) + row.set_aside, lots=now))


def _terms(row: Any, moved: Mapping[str, Counter[Shelf]], returned: Counter[Shelf]) -> dict[str, int]:
    shelf = (row.warehouse, row.sku)
    return {
        "opening": row.opening,
        "adjusted": row.adjusted,
        **{name: moved[name][shelf] for name in moved},
        "returned": returned[shelf],
        "shipped": -int(row.shipped or 0),  # PostgreSQL adds up to a Decimal
    }


def _sums(feed_id: int) -> Any:
    r = t.reservation.c
    return (
        select(
            r.warehouse,
            r.sku,
            func.sum(case((r.state == "open", r.qty), else_=0)).label("open"),
            func.sum(case((r.state == "shipped", r.qty), else_=0)).label("shipped"),
        )
        .where(r.feed_id == feed_id)
        .group_by(r.warehouse, r.sku)
        .subquery()
    )


def _shelves(feed_id: int) -> Select[Any]:
    s, sums = t.stock.c, _sums(feed_id)
    found = select(
        *(s.warehouse, s.sku, s.on_hand, s.reserved, s.set_aside, s.opening, s.adjusted, s.lots),
        *(sums.c.open, sums.c.shipped),
    ).outerjoin(sums, and_(sums.c.warehouse == s.warehouse, sums.c.sku == s.sku))
    return found.where(s.feed_id == feed_id)


def leases_agree(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I4: what a shelf says desks and carts hold is what the reservations beside it say."""
    r, s = t.reservation.c, t.stock.c
    held = select(r.owner, r.warehouse, r.sku, r.qty, r.expires_at).where(
        r.feed_id == feed_id, r.kind.in_(("lease", "cart")), r.state == "open"
    )
    open_leases = {(row.warehouse, row.sku, row.owner): (row.qty, row.expires_at) for row in db.execute(held)}
    shelves = select(*(s[field] for field in FIELDS)).where(s.feed_id == feed_id, s.leases != "[]")
    written: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    for row in db.execute(shelves):
        stock = shelf_of(row)
        for lease in stock.leases:
            written[stock.warehouse, stock.sku, lease.desk] = (lease.qty, lease.until)
    for key in sorted(open_leases.keys() | written.keys()):
        beside, said = open_leases.get(key), written.get(key)
        if beside != said:
            yield Finding("I4", "/".join(key), "lease", f"{beside}", f"{said}")


def sold_ahead(db: Connection, feed_id: int) -> Iterator[Finding]:
    """I4: what comes is what papers announce; what is sold of it is what orders wait for, and never more."""
    coming: Counter[Shelf] = Counter()
    for doc in _documents(db, feed_id):
        coming[doc.warehouse, doc.sku] += doc.coming
    waits: Counter[Shelf] = Counter()
    for order in _orders_with(db, feed_id, '"awaits":{'):
        waits.update(order.awaits.pieces if order.awaits is not None else {})
    s = t.stock.c
    known: set[Shelf] = set()
    for row in db.execute(select(*(s[field] for field in FIELDS)).where(s.feed_id == feed_id)):
        stock = shelf_of(row)
        shelf = (stock.warehouse, stock.sku)
        known.add(shelf)
        said = {
            "coming": (coming[shelf], stock.coming),
            "arrivals": (coming[shelf], sum(one.qty for one in stock.arrivals)),
            "waited for": (waits[shelf], stock.awaited + stock.set_aside),
        }
        for name, (expected, actual) in said.items():
            if expected != actual:
                yield Finding("I4", "/".join(shelf), name, f"{expected}", f"{actual}")
        if not 0 <= stock.awaited <= stock.coming:
            yield Finding("I4", "/".join(shelf), "sold ahead", f"0 to {stock.coming}", f"{stock.awaited}")
    for shelf in sorted((coming + waits).keys() - known):
        yield Finding("I4", "/".join(shelf), "goods announced or waited for where there is no stock row")


def _moved(db: Connection, feed_id: int) -> dict[str, Counter[Shelf]]:
    """Add up what documents moved, by what they are called in a sentence."""
    sums: dict[str, Counter[Shelf]] = {
        name: Counter() for name in ("received", "counted", "transferred in", "transferred out")
    }
    for doc in _documents(db, feed_id):
        for warehouse, pieces in doc.moves():
            sums[_name(doc, pieces)][warehouse, doc.sku] += pieces
    return sums


def _name(doc: StockDoc, pieces: int) -> str:
    if doc.kind is DocKind.RECEIPT:
        return "received"
    if doc.kind is DocKind.COUNT:
        return "counted"
    return "transferred in" if pieces > 0 else "transferred out"


def _returned(db: Connection, feed_id: int) -> Counter[Shelf]:
    """Add up what came back sellable."""
    shelves: Counter[Shelf] = Counter()
    for order in _orders_with(db, feed_id, '"restocked"'):
        for one in order.returns:
            for item in one.restocked:
                shelves[item.warehouse, item.sku] += item.qty
    return shelves


def _orders_with(db: Connection, feed_id: int, words: str) -> Iterator[Order]:
    o = t.orders.c
    for row in db.execute(select(o.doc).where(o.feed_id == feed_id, o.doc.contains(words))):
        try:
            yield _orders.decode(open_document(row.doc.encode(), None))
        except msgspec.MsgspecError:
            continue  # told by the check of the orders themselves


def documents_agree(db: Connection, feed_id: int) -> Iterator[Finding]:
    """A document's columns are its own; a count that asks and its shelf know each other."""
    asking: dict[Shelf, str] = {}
    stored = select(t.stock_doc).where(t.stock_doc.c.feed_id == feed_id)
    for row in db.execute(stored.order_by(t.stock_doc.c.id)):
        doc = _docs.decode(row.doc)
        columns = (doc.id, doc.kind, doc.state, doc.warehouse, doc.sku, doc.target)
        if columns != (row.id, row.kind, row.state, row.warehouse, row.sku, row.target):
            yield Finding("projection", f"stock_doc {row.id}", "columns differ from the document")
        if doc.state is DocState.ASKS:
            asking[doc.warehouse, doc.sku] = doc.id
    s = t.stock.c
    shelves = select(s.warehouse, s.sku, s.counting).where(s.feed_id == feed_id, s.counting != "")
    counting = {(row.warehouse, row.sku): row.counting for row in db.execute(shelves)}
    for shelf in sorted(asking.keys() | counting.keys()):
        if asking.get(shelf) != counting.get(shelf):
            yield Finding(
                "projection", "/".join(shelf), "the count that asks for a second one is not this shelf's"
            )


def returns_breaches(order: Order) -> Iterator[Finding]:
    """Nobody got back more than they paid; only sellable pieces lie on a shelf; every case has an owner."""
    if not order.returns:
        return
    refunds = [refund for one in order.returns for refund in one.refunds]
    for line, amount in refunded_per_line(order).items():
        paid = max(refund.paid_minor for refund in refunds if refund.line == line)
        if amount > paid:
            yield Finding("refund", f"{order.id}/{line}", "given back", f"<= {paid}", f"{amount}")
    articles = {line.id: line for line in order.lines}
    announced: Counter[str] = Counter()
    for one in order.returns:
        if not one.owner:
            yield Finding("return", f"{order.id}/{one.id}", "nobody owns this case")
        if sum(item.qty for item in one.restocked) != one.graded(Grade.SELLABLE):
            yield Finding("return", f"{order.id}/{one.id}", "on the shelf is not what was graded sellable")
        if one.kind in COMES_BACK and one.state not in VOID:
            announced.update({asked.line: asked.qty for asked in one.lines})
    for line, pieces in announced.items():
        sold = articles[line].qty if line in articles else 0
        if pieces > sold:
            yield Finding("return", f"{order.id}/{line}", "pieces come back", f"<= {sold}", f"{pieces}")


def _documents(db: Connection, feed_id: int) -> Iterator[StockDoc]:
    for row in db.execute(select(t.stock_doc.c.doc).where(t.stock_doc.c.feed_id == feed_id)):
        yield _docs.decode(row.doc)
