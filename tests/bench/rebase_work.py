"""A thousand commands that wait on one desk, and rows of the hub that come beneath them."""

from __future__ import annotations

import time

import msgspec
from meters import rounded

from app.commands.hold import Hold
from app.lanes import Lane
from app.ports import Login, OrderQuery
from sync.projection import Row
from sync.replica.rows import decode
from sync.replica.slices import SLICE_ROWS, Slice
from sync.replica.store import Store
from sync.replica.views import Views

PENDING = 1_000
TIMES = 5


def rebased(store: Store, lane: Lane, login: Login) -> dict[str, float | int]:
    """Return what a page costs a desk with much unsent: shelves that move, and the very orders.

    Units: milliseconds of CPU time of the thread that applies, the median of some pages; orders per slice.
    """
    ids = [row.id for row in Views(store).order_page(OrderQuery(), 0, 2 * PENDING)]
    pending: list[str] = []
    for one in ids:
        command = Hold(order=one, reason="bench")
        if lane.call(lambda command=command: store.submit(command, login, "", None)).refusal is None:
            pending.append(one)
        if len(pending) == PENDING:
            break
    shelves, orders = lane.call(lambda: (_rows(store, "stock"), _rows(store, "order", frozenset(pending))))
    return {
        "rebase_pending": len(pending),
        "rebase_shelves_cpu_ms": _applied(store, lane, shelves),
        "rebase_orders_cpu_ms": _applied(store, lane, orders),
    }


def _rows(store: Store, tbl: str, among: frozenset[str] = frozenset()) -> list[Row]:
    """Return a slice of rows as the hub said them last."""
    asked = (
        "SELECT r.tbl, r.pk, r.seq, coalesce(b.doc, r.doc), r.scope FROM row r "
        "LEFT JOIN before b ON b.tbl = r.tbl AND b.pk = r.pk WHERE r.tbl = ?"
    )
    rows = [Row(*row) for row in store._db.execute(asked, (tbl,))]
    return [row for row in rows if not among or row.pk in among][:SLICE_ROWS]


def _applied(store: Store, lane: Lane, rows: list[Row]) -> float:
    took_s = []
    for n in range(1, TIMES + 1):
        changed = [_changed(row, n) for row in rows]

        def apply(changed: list[Row] = changed) -> float:
            began_s = time.thread_time()
            store.apply(Slice(changed, store.mark.cursor, None))
            return time.thread_time() - began_s

        took_s.append(lane.call(apply))
    return rounded(sorted(took_s)[TIMES // 2] * 1e3)


def _changed(row: Row, n: int) -> Row:
    was = decode(row.tbl, row.doc or b"")
    field = {"stock": "on_hand", "order": "priority"}[row.tbl]
    now = msgspec.structs.replace(was, **{field: getattr(was, field) + n})
    return row._replace(seq=row.seq + n, doc=msgspec.json.encode(now))
