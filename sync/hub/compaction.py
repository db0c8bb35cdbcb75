"""Let the feed forget what no desk needs to hear: images a newer one replaced, later also that rows are gone.

The newest image of every row stays, so the feed alone still says what there is; the chain goes on through the
The newest image of every row stays, so the feed alone still says what there is; the chain goes on through
the digests its blocks keep. A desk that was away for longer than rows are remembered as gone loads everything
again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, case, select, update

from sync import tables as t
from sync.hub.bulk import Of
from sync.hub.database import reading, writing
from sync.hub.feed import UNSUMMED

IMAGES_KEPT = timedelta(days=7)
GONE_KEPT = timedelta(days=90)
"""How long the feed remembers that a row is gone; the history of orders is in their journal for ever."""
NUMBERS = 500
"""Numbers looked through in one transaction: at most some thousand rows, so that no batch waits for long."""

_CHANGES = Of(t.change, ("seq",), ("seq", "i"))
_STANDING: Mapping[str, Of] = {
    "order": Of(t.orders, ("id", "seq"), ("id",)),
    "stock_doc": Of(t.stock_doc, ("id", "seq"), ("id",)),
    "snag": Of(t.snag, ("id", "seq"), ("id",)),
}
_STOCK = Of(t.stock, ("warehouse", "sku", "seq"), ("warehouse", "sku"))
_REFS = Of(t.ref, ("tbl", "pk", "seq"), ("tbl", "pk"))


class Compaction:
    """Walks through the feed, some numbers at a time; another hub of this database may walk beside it."""

    def __init__(self, engine: Engine, feed_id: int) -> None:
        self._engine, self._feed_id = engine, feed_id
        self._at = 0

    def step(self, now: datetime) -> bool:
        """Look through the next numbers; False when all that is old enough has been looked at."""
        with reading(self._engine) as db:
            images = number_at(db, self._feed_id, now - IMAGES_KEPT)
            gone = number_at(db, self._feed_id, now - GONE_KEPT)
        if self._at >= images:
            self._at = 0
            return False
        until = min(self._at + NUMBERS, images)
        with writing(self._engine) as db:  # first the word that something is missing, then it is
            feed = t.feed.c
            db.execute(
                update(t.feed)
                .where(feed.feed_id == self._feed_id)
                .values(compacted=_most(feed.compacted, until), floor=_most(feed.floor, min(gone, until)))
            )
        with writing(self._engine) as db:
            _CHANGES.delete(db, self._feed_id, self._needless(db, until, gone))
        self._at = until
        return True

    def _needless(self, db: Connection, until: int, gone: int) -> list[tuple[int, int]]:
        """Name the rows between here and `until` that no desk needs any more."""
        c = t.change.c
        rows = db.execute(
            select(c.seq, c.i, c.tbl, c.pk, c.op).where(
                c.feed_id == self._feed_id, c.seq > self._at, c.seq <= until
            )
        ).all()
        images = [row for row in rows if row.op == "U" and row.tbl != UNSUMMED]
        stands = _standing(db, self._feed_id, {(row.tbl, row.pk) for row in images})
        needless = [(row.seq, row.i) for row in images if row.seq < stands.get((row.tbl, row.pk), 0)]
        over = [(r.seq, r.i) for r in rows if (r.op == "D" or r.tbl == UNSUMMED) and r.seq <= gone]
        return [*needless, *over]


def number_at(db: Connection, feed_id: int, at: datetime) -> int:
    """Return the last number that was surely published at or before an instant; 0 where there is none."""
    c = t.command.c
    least, most = 0, db.execute(select(t.feed.c.head).where(t.feed.c.feed_id == feed_id)).scalar() or 0
    while least < most:
        middle = (least + most + 1) // 2
        after = select(c.hub_at).where(c.feed_id == feed_id, c.seq >= middle).order_by(c.seq).limit(1)
        came_at = db.execute(after).scalar()
        if came_at is not None and came_at <= at:
            least = middle
        else:
            most = middle - 1
    return least


def _standing(db: Connection, feed_id: int, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the numbers under which rows stand now."""
    found: dict[tuple[str, str], int] = {}
    for table, of in _STANDING.items():
        rows = of.read(db, feed_id, [(pk,) for tbl, pk in keys if tbl == table])
        found |= {(table, pk): seq for pk, seq in rows}
    shelves = [tuple(pk.split("/", 1)) for tbl, pk in keys if tbl == "stock"]
    found |= {("stock", f"{house}/{sku}"): seq for house, sku, seq in _STOCK.read(db, feed_id, shelves)}
    small = [key for key in keys if key[0] not in ("stock", *_STANDING)]
    found |= {(tbl, pk): seq for tbl, pk, seq in _REFS.read(db, feed_id, small)}
    return found


def _most(column: Any, number: int) -> Any:
    return case((column < number, number), else_=column)
