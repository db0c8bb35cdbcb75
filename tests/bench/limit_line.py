"""The limit line: the same rows written as fast as this database can, by hand-written SQL on one connection.

Set-based inserts of orders, lines and reservations with a conditional stock update, 100 orders a commit,
durable. Nothing is read, decided, sealed, journalled or published: no design on this machine gets above it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec
import psycopg
from databases import Place
from sqlalchemy import Engine, make_url, select

from app.boot.opening import FEED_ID
from app.domain.order import Line
from sync import tables
from sync.hub.database import reading

COMMIT_ORDERS = 100

TABLES = """
CREATE TABLE limit_order (id text PRIMARY KEY, number text, shop text, ext_id text, status text,
  payable_minor bigint, ordered_at bigint, doc text);
CREATE TABLE limit_line (order_id text, line text, ext_sku text, sku text, qty integer, price_minor bigint,
  PRIMARY KEY (order_id, line));
CREATE TABLE limit_reservation (order_id text, line text, warehouse text, sku text,
  qty integer CHECK (qty > 0),
  PRIMARY KEY (order_id, line));
CREATE TABLE limit_stock (warehouse text, sku text, on_hand bigint, reserved bigint,
  PRIMARY KEY (warehouse, sku), CHECK (reserved >= 0 AND reserved <= on_hand));
"""
KINDS = {
    "limit_order": ("text", "text", "text", "text", "text", "bigint", "bigint", "text"),
    "limit_line": ("text", "text", "text", "text", "integer", "bigint"),
    "limit_reservation": ("text", "text", "text", "text", "integer"),
    "limit_stock": ("text", "text", "bigint", "bigint"),
}
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


class _Lines(msgspec.Struct):
    lines: tuple[Line, ...] = ()


_lines = msgspec.json.Decoder(_Lines)


def rows_since(engine: Engine, after_seq: int) -> list[Rows]:
    """What the product wrote since a number of the feed, as rows by table, 100 orders each."""
    o, r = tables.orders.c, tables.reservation.c
    with reading(engine) as db:
        orders = db.execute(
            select(o.id, o.number, o.shop, o.ext_id, o.status, o.payable_minor, o.ordered_at, o.doc)
            .where(o.feed_id == FEED_ID, o.seq > after_seq)
            .order_by(o.seq, o.id)
        ).all()
        held = db.execute(
            select(r.owner, r.line, r.warehouse, r.sku, r.qty).where(r.feed_id == FEED_ID, r.state == "open")
        ).all()
    by_order: dict[str, list[Row]] = {}
    for row in held:
        by_order.setdefault(row.owner, []).append(tuple(row))
    parts = []
    for at in range(0, len(orders), COMMIT_ORDERS):
        part: Rows = {"limit_order": [], "limit_line": [], "limit_reservation": []}
        for row in orders[at : at + COMMIT_ORDERS]:
            ordered_at = int(row.ordered_at.timestamp() * 1_000_000)
            part["limit_order"].append((*row[:6], ordered_at, row.doc))
            part["limit_line"] += [
                (row.id, line.id, line.ext_sku, line.sku, line.qty, line.unit_price_minor)
                for line in _lines.decode(row.doc).lines
            ]
            part["limit_reservation"] += by_order.get(row.id, [])
        parts.append(part)
    return parts


def shelves(engine: Engine) -> list[Row]:
    """The stock as the limit starts with it: everything there, nothing promised."""
    s = tables.stock.c
    with reading(engine) as db:
        rows = db.execute(select(s.warehouse, s.sku, s.on_hand).where(s.feed_id == FEED_ID)).all()
    return [(*row, 0) for row in rows]


class LimitLine(Protocol):
    """One durable connection that writes prepared rows."""

    def write(self, part: Rows) -> None: ...
    def count(self, table: str) -> int: ...
    def reserved(self) -> int: ...
    def close(self) -> None: ...


def open_limit(place: Place, stock: Sequence[Row]) -> LimitLine:
    if place.kind == "sqlite":
        return _Sqlite(place.folder / "limit.db", stock)
    return _Postgres(place.url, stock)


def timed(limit: LimitLine, parts: Sequence[Rows]) -> float:
    """Seconds it takes to write these rows, each part in a commit of its own."""
    began_s = time.perf_counter()
    for part in parts:
        limit.write(part)
    return time.perf_counter() - began_s


class _Postgres:
    def __init__(self, url: str, stock: Sequence[Row]) -> None:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._db = psycopg.connect(plain, autocommit=True)
        self._db.execute(TABLES)
        self._into = {table: self._insert(table) for table in KINDS}
        arrays = "%b::text[], %b::text[], %b::bigint[]"
        self._promise = (
            "UPDATE limit_stock s SET reserved = s.reserved + w.qty "
            f"FROM (SELECT warehouse, sku, sum(qty)::bigint AS qty FROM unnest({arrays}) "
            "AS u(warehouse, sku, qty) GROUP BY warehouse, sku) w "
            "WHERE s.warehouse = w.warehouse AND s.sku = w.sku AND s.on_hand - s.reserved >= w.qty"
        )
        self._fill("limit_stock", stock)

    @staticmethod
    def _insert(table: str) -> str:
        arrays = ", ".join(f"%b::{kind}[]" for kind in KINDS[table])
        return f"INSERT INTO {table} SELECT * FROM unnest({arrays})"

    def _fill(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            self._db.execute(self._into[table], [list(column) for column in zip(*rows, strict=True)])

    def write(self, part: Rows) -> None:
        held = part["limit_reservation"]
        with self._db.transaction():
            self._fill("limit_order", part["limit_order"])
            self._fill("limit_line", part["limit_line"])
            self._db.execute(self._promise, [[row[i] for row in held] for i in (2, 3, 4)])
            self._fill("limit_reservation", held)

    def count(self, table: str) -> int:
        row = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    def reserved(self) -> int:
        row = self._db.execute("SELECT sum(reserved) FROM limit_stock").fetchone()
        return int(row[0] or 0) if row else 0

    def close(self) -> None:
        self._db.close()


class _Sqlite:
    def __init__(self, path: Path, stock: Sequence[Row]) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.executescript(TABLES)
        self._fill("limit_stock", stock)

    def _fill(self, table: str, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" for _ in KINDS[table])
        self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def write(self, part: Rows) -> None:
        wanted: dict[tuple[str, str], int] = {}
        for _, _, warehouse, sku, qty in part["limit_reservation"]:
            wanted[warehouse, sku] = wanted.get((warehouse, sku), 0) + qty
        self._db.execute("BEGIN IMMEDIATE")
        self._fill("limit_order", part["limit_order"])
        self._fill("limit_line", part["limit_line"])
        self._db.executemany(
            "UPDATE limit_stock SET reserved = reserved + ?1 "
            "WHERE warehouse = ?2 AND sku = ?3 AND on_hand - reserved >= ?1",
            [(qty, warehouse, sku) for (warehouse, sku), qty in wanted.items()],
        )
        self._fill("limit_reservation", part["limit_reservation"])
        self._db.execute("COMMIT")

    def count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def reserved(self) -> int:
        return int(self._db.execute("SELECT sum(reserved) FROM limit_stock").fetchone()[0] or 0)

    def close(self) -> None:
        self._db.close()
