"""What lists of goods need of stock and its documents: the columns beside the rows themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from app.domain.goods import StockDoc
from app.domain.stock import Stock
from sync.instants import micros

SHELF_TABLES = """
CREATE TABLE stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL, safety INTEGER NOT NULL, held INTEGER NOT NULL, keeps TEXT NOT NULL,
  bin TEXT NOT NULL, counting TEXT NOT NULL, PRIMARY KEY (sku, warehouse)) WITHOUT ROWID;
CREATE TABLE lease (sku TEXT NOT NULL, warehouse TEXT NOT NULL, desk TEXT NOT NULL, qty INTEGER NOT NULL,
  until INTEGER NOT NULL, PRIMARY KEY (sku, warehouse, desk)) WITHOUT ROWID;
CREATE TABLE stock_doc (id TEXT PRIMARY KEY, warehouse TEXT NOT NULL, sku TEXT NOT NULL, target TEXT NOT NULL,
  state TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
"""
SHELF_INDEXES = """
CREATE INDEX lease_desk ON lease (desk);
CREATE INDEX stock_doc_shelf ON stock_doc (sku, warehouse, at);
"""


def put_stock(db: sqlite3.Connection, keys: Sequence[str], stocks: Sequence[Stock]) -> None:
    """Write shelves anew; of `keys` those without a row are gone."""
    shelves = [key.partition("/")[::2] for key in keys]
    for table in ("stock", "lease"):
        db.executemany(f"DELETE FROM {table} WHERE warehouse = ? AND sku = ?", shelves)
    db.executemany(
        "INSERT INTO stock (sku, warehouse, on_hand, reserved, safety, held, keeps, bin, counting) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (s.sku, s.warehouse, s.on_hand, s.reserved, s.safety, s.held, _keeps(s), s.bin, s.counting)
            for s in stocks
        ],
    )
    db.executemany(
        "INSERT INTO lease (sku, warehouse, desk, qty, until) VALUES (?, ?, ?, ?, ?)",
        [(s.sku, s.warehouse, one.desk, one.qty, micros(one.until)) for s in stocks for one in s.leases],
    )


def _keeps(stock: Stock) -> str:
    """Return the day until which the lot keeps that expires first, or nothing."""
    days = [lot.best_before for lot in stock.lots if lot.best_before is not None and lot.free]
    return min(days).isoformat() if days else ""


def put_stock_docs(db: sqlite3.Connection, keys: Sequence[str], docs: Sequence[StockDoc]) -> None:
    """Write documents anew; of `keys` those without a row are gone."""
    db.executemany("DELETE FROM stock_doc WHERE id = ?", [(key,) for key in keys])
    db.executemany(
        "INSERT INTO stock_doc (id, warehouse, sku, target, state, at) VALUES (?, ?, ?, ?, ?, ?)",
        [(d.id, d.warehouse, d.sku, d.target, d.state.value, micros(d.at)) for d in docs],
    )
