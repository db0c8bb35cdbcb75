"""What a row of the feed becomes in `replica.db`: the row itself, list columns, snags, search words.

Shared by the desk, which applies changes, and the hub, which builds snapshots.
Source: sync.md sections 4, 6, 11; qt.md 3b.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from app.domain import review
from app.domain.aftersale import ReturnCase
from app.domain.attempt import Attempt
from app.domain.bell import Bell
from app.domain.catalogue import Sku, SkuMap
from app.domain.clock import WARN_SHARE, stopped_at
from app.domain.counting import COUNTING
from app.domain.drill import Drill
from app.domain.evolve import Case
from app.domain.goods import StockDoc
from app.domain.habit import Habit
from app.domain.handover import Handover
from app.domain.mask import mask_name, mask_phone
from app.domain.order import Order, Status
from app.domain.order import Snag as OpenSnag
from app.domain.revision import TYPES as SETTINGS
from app.domain.revision import Revision
from app.domain.scopes import Reach
from app.domain.stock import Stock
from app.kinds import worst
from app.screening.standing import Screening
from sync.grams import grams, plain
from sync.instants import micros
from sync.mark import MODULUS, Mark, sum_of, sums_said
from sync.order_words import words_of
from sync.shelf_rows import SHELF_INDEXES, SHELF_TABLES, put_stock, put_stock_docs
from sync.wire import HistoryEntry

SCHEMA_REV = 14
"""A replica of another revision is thrown away and built again; it is never migrated."""

NEVER = 2**62
"""Where an order stands among the others by the time it must leave when it need not. Units: microseconds."""

TYPES: dict[str, type] = {
    "order": Order, "stock": Stock, "stock_doc": StockDoc, "sku": Sku, "sku_map": SkuMap, "snag": Case,
    "history": HistoryEntry, "revision": Revision, "habit": Habit, "bell": Bell, "drill": Drill,
    "handover": Handover, "attempt": Attempt, "screening": Screening,
    **COUNTING, **SETTINGS,
}  # fmt: skip
"""Tables that travel, and what their rows decode to."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE row (tbl TEXT NOT NULL, pk TEXT NOT NULL, seq INTEGER NOT NULL, scope TEXT NOT NULL,
  doc BLOB NOT NULL, PRIMARY KEY (tbl, pk));
CREATE TABLE before (tbl TEXT NOT NULL, pk TEXT NOT NULL, seq INTEGER NOT NULL, scope TEXT NOT NULL,
  doc BLOB, PRIMARY KEY (tbl, pk)) WITHOUT ROWID;
CREATE TABLE orders (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, number TEXT NOT NULL, shop TEXT NOT NULL,
  ext_id TEXT NOT NULL, status TEXT NOT NULL, snag TEXT NOT NULL, buyer TEXT NOT NULL, phone TEXT NOT NULL,
  place TEXT NOT NULL, currency TEXT NOT NULL, payable_minor INTEGER NOT NULL, pieces INTEGER NOT NULL,
  warehouse TEXT NOT NULL, ordered_at INTEGER NOT NULL, received_at INTEGER NOT NULL, ship_by_at INTEGER,
  leaves_at INTEGER NOT NULL,
  signatures_needed INTEGER NOT NULL, signed INTEGER NOT NULL, signers TEXT NOT NULL, maker TEXT NOT NULL,
  waits_review INTEGER NOT NULL, touched INTEGER NOT NULL, held INTEGER NOT NULL, released_at INTEGER,
  priority INTEGER NOT NULL, tracking_no TEXT NOT NULL, words TEXT NOT NULL);
CREATE TABLE snag (subject_id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  severity TEXT NOT NULL, text TEXT NOT NULL, opened_at INTEGER NOT NULL, due_at INTEGER NOT NULL,
  waits_for TEXT NOT NULL, goal_s INTEGER NOT NULL, warn_at INTEGER NOT NULL, stopped_at INTEGER,
  owner TEXT NOT NULL, claimed INTEGER NOT NULL, asleep INTEGER NOT NULL, wait TEXT NOT NULL, until INTEGER,
  why TEXT NOT NULL, PRIMARY KEY (subject_id, kind)) WITHOUT ROWID;
CREATE TABLE return_case (order_id TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
  owner TEXT NOT NULL, pieces INTEGER NOT NULL, opened_at INTEGER NOT NULL,
  PRIMARY KEY (order_id, id)) WITHOUT ROWID;
CREATE TABLE sku (code TEXT PRIMARY KEY, title TEXT NOT NULL, barcode TEXT NOT NULL,
  words TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE history (pk TEXT PRIMARY KEY, order_id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  by TEXT NOT NULL, command TEXT NOT NULL, because TEXT NOT NULL, texts TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE find USING fts5(grams, content='', detail=none, columnsize=0,
  tokenize='ascii', prefix='1 2 3 4');
INSERT INTO find (find, rank) VALUES ('automerge', 0);
"""

INDEXES = """
CREATE UNIQUE INDEX orders_id ON orders (id);
CREATE INDEX orders_received ON orders (received_at);
CREATE INDEX orders_day ON orders (received_at, released_at, touched);
CREATE INDEX orders_floor ON orders (status, warehouse);
CREATE INDEX orders_ordered ON orders (ordered_at); CREATE INDEX orders_ship_by ON orders (leaves_at);
CREATE INDEX orders_amount ON orders (payable_minor);
CREATE INDEX orders_status ON orders (status, received_at);
CREATE INDEX orders_shop ON orders (shop, received_at);
CREATE INDEX orders_warehouse ON orders (warehouse, received_at);
CREATE INDEX orders_held ON orders (received_at) WHERE held;
CREATE INDEX orders_touched ON orders (received_at) WHERE touched;
CREATE INDEX orders_number ON orders (number COLLATE NOCASE); CREATE INDEX orders_ext_id ON orders (ext_id);
CREATE INDEX orders_tracking ON orders (tracking_no) WHERE tracking_no <> '';
CREATE INDEX orders_released ON orders (released_at) WHERE released_at IS NOT NULL;
CREATE INDEX orders_review ON orders (received_at) WHERE waits_review;
CREATE INDEX snag_due ON snag (asleep, due_at, severity, subject_id, kind);
CREATE INDEX snag_kind ON snag (kind); CREATE INDEX return_case_state ON return_case (state, opened_at);
CREATE INDEX sku_barcode ON sku (barcode) WHERE barcode <> '';
CREATE INDEX history_order ON history (order_id, seq); CREATE INDEX history_at ON history (at, by);
CREATE INDEX history_repair ON history (at) WHERE because <> '';
CREATE INDEX history_ship ON history (at, order_id) WHERE command = 'ship';
"""

_ORDER_COLUMNS = (
    "id", "number", "shop", "ext_id", "status", "snag", "buyer", "phone", "place", "currency",
    "payable_minor", "pieces", "warehouse", "ordered_at", "received_at", "ship_by_at", "leaves_at",
    "signatures_needed", "signed", "signers", "maker", "waits_review", "touched", "held", "released_at",
    "priority", "tracking_no", "words",
)  # fmt: skip
_ORDERS = f"SELECT rowid, {', '.join(_ORDER_COLUMNS)} FROM orders WHERE id IN"
_PUT_ORDER = (
    f"INSERT INTO orders (rowid, {', '.join(_ORDER_COLUMNS)}) VALUES (?{', ?' * len(_ORDER_COLUMNS)})"
)
_WORDS = len(_ORDER_COLUMNS) - 1
_SNAG_COLUMNS = (
    "subject_id", "kind", "subject", "severity", "text", "opened_at", "due_at", "waits_for", "goal_s",
    "warn_at", "stopped_at", "owner", "claimed", "asleep", "wait", "until", "why",
)  # fmt: skip
_RETURN_COLUMNS = ("order_id", "id", "kind", "state", "owner", "pieces", "opened_at")
_ORDER_TYPE = msgspec.json.Decoder(Order)
_encode = msgspec.json.encode


class Row(NamedTuple):
    """One row of the replica as the feed says it; no `doc` means that it is gone from `scope`."""

    tbl: str
    pk: str
    seq: int
    doc: bytes | None
    scope: str = ""


# --- what an order becomes --------------------------------------------------------------------------


def waits_for_review(order: Order) -> bool:
    """Tell whether the review is the only gate this order still has to pass."""
    gates = {hold.gate for hold in order.holds}
    is_sent_back = order.snag("sent_back") is not None
    return order.status is Status.GATED and gates == {"review"} and order.pause is None and not is_sent_back


def _order_columns(order: Order) -> tuple[Any, ...]:
    receiver, region = order.receiver, order.region
    reviewers = review.reviewed_by(order)
    return (
        order.id,
        order.number,
        order.shop,
        order.ext_id,
        order.status.value,
        worst(order.snags),
        mask_name(receiver.name),
        mask_phone(receiver.phone),
        " ".join(filter(None, (region.province, region.city))),
        order.currency,
        order.payable_minor,
        sum(line.qty for line in order.lines),
        order.warehouse,
        micros(order.ordered_at),
        micros(order.received_at),
        micros(order.ship_by_at) if order.ship_by_at else None,
        micros(order.ship_by_at) if order.ship_by_at else NEVER,
        order.signatures_needed,
        review.said_so_far(order),
        "\n".join(reviewers),
        order.maker,
        waits_for_review(order),
        order.touched,
        order.pause is not None,
        micros(order.released_at) if order.released_at else None,
        order.priority,
        order.tracking_no,
        words_of(order),
    )


def _snag_columns(subject: str, id: str, snag: OpenSnag, owner: str = "") -> tuple[Any, ...]:
    waits = "".join(f"\n{key}\n" for key in snag.waits_for)
    goal = timedelta(minutes=snag.goal_min) or snag.due_at - snag.opened_at
    stopped, snooze = stopped_at(snag.stops), snag.snooze
    return (
        id,
        snag.kind,
        subject,
        snag.severity,
        _encode(snag.text).decode(),
        micros(snag.opened_at),
        micros(snag.due_at),
        waits,
        goal // timedelta(seconds=1),
        micros(snag.warn_at or snag.opened_at + goal * WARN_SHARE),
        micros(stopped) if stopped else None,
        snag.owner or owner,
        micros(snag.claimed_at) if snag.claimed_at else 0,
        snooze is not None,
        snooze.wait if snooze else "",
        micros(snooze.until) if snooze and snooze.until else None,
        snag.escalation.why if snag.escalation else "",
    )


def _return_columns(order: str, case: ReturnCase) -> tuple[Any, ...]:
    pieces = case.pieces
    about = (order, case.id, case.kind.value, case.state.value, case.owner)
    return (*about, pieces, micros(case.opened_at))


# --- writing ----------------------------------------------------------------------------------------


def create(db: sqlite3.Connection) -> None:
    """Lay out an empty replica."""
    db.executescript(TABLES + SHELF_TABLES + INDEXES + SHELF_INDEXES)
    db.execute("INSERT INTO meta VALUES ('schema_rev', ?)", (str(SCHEMA_REV),))


def put(db: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Write rows and everything lists and search need of them; later rows of one key win."""
    latest = {(row.tbl, row.pk): row for row in rows}
    by_table: dict[str, list[Row]] = {}
    for row in latest.values():
        by_table.setdefault(row.tbl, []).append(row)
    for tbl, part in by_table.items():
        if tbl != "history":
            _put_rows(db, part)
        if tbl in _DERIVE:
            _DERIVE[tbl](db, part)


def _put_rows(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    db.executemany(
        "INSERT INTO row (tbl, pk, seq, doc, scope) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (tbl, pk) DO UPDATE SET seq = excluded.seq, doc = excluded.doc, scope = excluded.scope",
        [row for row in rows if row.doc is not None],
    )
    db.executemany("DELETE FROM row WHERE tbl = ? AND pk = ?", [row[:2] for row in rows if row.doc is None])


def _put_orders(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    marks = ", ".join("?" * len(rows))
    known = {row[1]: row for row in db.execute(f"{_ORDERS} ({marks})", [row.pk for row in rows])}
    gone = [row.pk for row in rows if row.doc is None and row.pk in known]
    orders = sorted(
        (_ORDER_TYPE.decode(row.doc) for row in rows if row.doc is not None),
        key=lambda o: (o.received_at, o.id),
    )
    (top,) = db.execute("SELECT coalesce(max(rowid), 0) FROM orders").fetchone()
    fresh, forget, index = [], [(known[key][0], known[key][-1]) for key in gone], []
    for order in orders:
        values, was = _order_columns(order), known.get(order.id)
        if was is None:
            top += 1
            fresh.append((top, *values))
            index.append((top, grams(values[_WORDS])))
            continue
        rowid, *before = was
        _change_order(db, rowid, before, values)
        if before[_WORDS] != values[_WORDS]:
            forget.append((rowid, before[_WORDS]))
            index.append((rowid, grams(values[_WORDS])))
    db.executemany(
        "INSERT INTO find (find, rowid, grams) VALUES ('delete', ?, ?)",
        [(rowid, grams(words)) for rowid, words in forget],
    )
    db.executemany("DELETE FROM orders WHERE id = ?", [(key,) for key in gone])
    db.executemany(_PUT_ORDER, fresh)
    db.executemany("INSERT INTO find (rowid, grams) VALUES (?, ?)", index)
    snags = [_snag_columns("order", order.id, s) for order in orders for s in order.snags]
    _settle(db, "snag", _SNAG_COLUMNS, list(known), snags)
    returns = [_return_columns(o.id, one) for o in orders for one in o.returns]
    _settle(db, "return_case", _RETURN_COLUMNS, list(known), returns)


def _change_order(db: sqlite3.Connection, rowid: int, was: Sequence[Any], now: Sequence[Any]) -> None:
    """Write the columns that differ: each column named is written into all its indexes anew (measured)."""
    differs = [at for at, value in enumerate(now) if value != was[at]]
    if differs:
        to = ", ".join(f"{_ORDER_COLUMNS[at]} = ?" for at in differs)
        db.execute(f"UPDATE orders SET {to} WHERE rowid = ?", [*(now[at] for at in differs), rowid])


def _settle(
    db: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    of: Sequence[str],
    now: Sequence[tuple[Any, ...]],
) -> None:
    """Make the rows of some firsts what they should be; the key of the table is its first two columns."""
    names, marks = ", ".join(columns), ", ".join("?" * len(of))
    was = set(db.execute(f"SELECT {names} FROM {table} WHERE {columns[0]} IN ({marks})", of)) if of else set()
    fresh = dict.fromkeys(now)
    gone = [row[:2] for row in was if row not in fresh]
    db.executemany(f"DELETE FROM {table} WHERE {columns[0]} = ? AND {columns[1]} = ?", gone)
    values = ", ".join("?" * len(columns))
    db.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({values})", [row for row in fresh if row not in was]
    )


def _put_cases(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    cases = [msgspec.json.decode(row.doc, type=Case) for row in rows if row.doc is not None]
    snags = [_snag_columns(case.subject, case.id, case.snag, case.owner) for case in cases if case.is_open]
    _settle(db, "snag", _SNAG_COLUMNS, [row.pk for row in rows], snags)


def _put_stock(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    stocks = [msgspec.json.decode(row.doc, type=Stock) for row in rows if row.doc is not None]
    put_stock(db, [row.pk for row in rows], stocks)


def _put_stock_docs(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    docs = [msgspec.json.decode(row.doc, type=StockDoc) for row in rows if row.doc is not None]
    put_stock_docs(db, [row.pk for row in rows], docs)


def _put_skus(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    db.executemany("DELETE FROM sku WHERE code = ?", [(row.pk,) for row in rows])
    skus = [msgspec.json.decode(row.doc, type=Sku) for row in rows if row.doc is not None]
    db.executemany(
        "INSERT INTO sku (code, title, barcode, words) VALUES (?, ?, ?, ?)",
        [(s.code, s.title, s.barcode, plain(f"{s.code}\n{s.title}\n{s.barcode}")) for s in skus],
    )


def _put_history(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    entries = [
        (row.pk, msgspec.json.decode(row.doc, type=HistoryEntry)) for row in rows if row.doc is not None
    ]
    db.executemany(
        "INSERT OR REPLACE INTO history (pk, order_id, seq, at, by, command, because, texts) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (pk, h.order, h.seq, micros(h.at), h.by, h.command, h.because, _encode(h.texts).decode())
            for pk, h in entries
        ],
    )
    db.executemany("DELETE FROM history WHERE pk = ?", [(row.pk,) for row in rows if row.doc is None])


_DERIVE = {
    "order": _put_orders, "snag": _put_cases, "stock": _put_stock,
    "stock_doc": _put_stock_docs, "sku": _put_skus, "history": _put_history,
}  # fmt: skip


# --- snapshots --------------------------------------------------------------------------------------


def fill(
    db: sqlite3.Connection,
    rows: Iterable[Row],
    *,
    epoch: str,
    seq: int,
    reach: Reach | None = None,
    batch: int = 2000,
) -> None:
    """Fill an empty file with a whole replica as of `seq`: rows first, then indexes, then the meta row.

    Orders should come oldest first: search lists the newest first by their place in the file.
    """
    db.executescript(TABLES + SHELF_TABLES)
    db.execute("CREATE UNIQUE INDEX orders_id ON orders (id)")
    db.execute("BEGIN")
    sums: dict[str, int] = {}
    part = []
    for row in rows:
        sums[row.scope] = (sums.get(row.scope, 0) + sum_of(row.tbl, row.pk, row.seq)) % MODULUS
        part.append(row)
        if len(part) == batch:
            put(db, part)
            part = []
    put(db, part)
    db.execute("COMMIT")
    db.executescript(INDEXES.replace("CREATE UNIQUE INDEX orders_id ON orders (id);", "") + SHELF_INDEXES)
    db.execute("INSERT INTO find (find) VALUES ('optimize')")
    mark = Mark(epoch=epoch, cursor=seq, head=seq, sums=sums_said(sums), reach=reach, lacks_own=True)
    meta = {"schema_rev": SCHEMA_REV, "mark": _encode(mark)}
    db.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [(key, value.decode() if isinstance(value, bytes) else str(value)) for key, value in meta.items()],
    )
    db.execute("ANALYZE")
