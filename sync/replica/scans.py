"""What a scanned code is: an order by any of its numbers, or an article."""

from __future__ import annotations

import sqlite3

_ORDER = (
    "SELECT o.id FROM (SELECT rowid AS at FROM orders WHERE number = ?1 COLLATE NOCASE "
    "UNION SELECT rowid FROM orders WHERE ext_id = ?1 "
    "UNION SELECT rowid FROM orders WHERE tracking_no = ?1 AND tracking_no <> '') "
    "CROSS JOIN orders o ON o.rowid = at "
    "ORDER BY o.status IN ('released', 'picking', 'packed') AND o.warehouse = ?2 DESC, o.rowid DESC LIMIT 1"
)
_SKU = "SELECT code FROM sku WHERE code = ?1 OR (barcode = ?1 AND barcode <> '') LIMIT 1"


def by_scan(db: sqlite3.Connection, code: str, warehouse: str) -> tuple[str, str]:
    """Return ("order", id), ("sku", code), or two empty words; what this warehouse works on comes first."""
    if found := db.execute(_ORDER, (code, warehouse)).fetchone():
        return "order", found[0]
    found = db.execute(_SKU, (code,)).fetchone()
    return ("sku", found[0]) if found else ("", "")
