"""Stock and articles as lists show them; what this desk holds on lease is free to it alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from app.domain.company import Warehouse
from app.ports import StockRow
from sync.grams import terms

_LEASED = "coalesce((SELECT sum(qty) FROM lease WHERE sku = t.sku AND warehouse = t.warehouse{mine}), 0)"


def stock_rows(
    db: sqlite3.Connection, houses: Mapping[str, Warehouse], desk: str, text: str, warehouse: str, limit: int
) -> list[StockRow]:
    """Return stock by article and warehouse. Units: pieces."""
    where, values = ["(? = '' OR t.warehouse = ?)"], [warehouse, warehouse]
    for term in terms(text):
        where.append("instr(coalesce(k.words, lower(t.sku)), ?)")
        values.append(term)
    rows = db.execute(
        "SELECT t.warehouse, t.sku, coalesce(k.title, ''), t.bin, t.on_hand, t.reserved, t.safety, "
        f"t.counting, {_LEASED.format(mine='')}, {_LEASED.format(mine=' AND desk = ?')} "
        f"FROM stock t LEFT JOIN sku k ON k.code = t.sku WHERE {' AND '.join(where)} "
        "ORDER BY t.sku, t.warehouse LIMIT ?",
        (desk, *values, limit),
    )
    return [
        StockRow(
            warehouse=house,
            warehouse_title=houses[house].title if house in houses else house,
            sku=sku,
            title=title,
            bin=bin_,
            on_hand=on_hand,
            reserved=reserved - leased,
            safety=safety,
            available=max(0, on_hand - reserved - safety) + mine,
            counting=counting,
            leased=leased - mine,
            mine=mine,
        )
        for house, sku, title, bin_, on_hand, reserved, safety, counting, leased, mine in rows
    ]


def articles(db: sqlite3.Connection, desk: str, text: str, limit: int) -> list[tuple[str, str, int]]:
    """Return (code, title, pieces available everywhere) of the articles that hold every word."""
    words = terms(text)
    where = " AND ".join("instr(k.words, ?)" for _ in words) or "1"
    rows = db.execute(
        "SELECT k.code, k.title, (SELECT coalesce(sum(max(0, on_hand - reserved - safety)), 0) "
        "FROM stock WHERE sku = k.code) + (SELECT coalesce(sum(qty), 0) FROM lease "
        f"WHERE desk = ? AND sku = k.code) FROM sku k WHERE {where} ORDER BY k.code LIMIT ?",
        (desk, *words, limit),
    )
    return list(rows)
