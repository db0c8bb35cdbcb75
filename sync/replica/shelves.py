"""Stock and articles as lists show them; what this desk holds on lease is free to it alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from app.domain.catalogue import Sku
from app.domain.company import Warehouse
from app.domain.goods import StockDoc
from app.domain.kit import Part, whole
from app.domain.order import OPEN
from app.domain.stock import CART
from app.ports import Holder, StockRow
from sync.grams import terms
from sync.replica.rows import decode

_LEASED = "coalesce((SELECT sum(qty) FROM lease WHERE sku = t.sku AND warehouse = t.warehouse{mine}), 0)"

_IN_CARTS = f" AND desk LIKE '{CART}%'"


def stock_rows(
    db: sqlite3.Connection, houses: Mapping[str, Warehouse], desk: str, text: str, warehouse: str, limit: int,
    *, expires: bool = False,
) -> list[StockRow]:  # fmt: skip
    """Return stock by article and warehouse, or what keeps until a day, the nearest first. Units: pieces."""
    where, values = ["(? = '' OR t.warehouse = ?)"], [warehouse, warehouse]
    for term in terms(text):
        where.append("instr(coalesce(k.words, lower(t.sku)), ?)")
        values.append(term)
    if expires:
        where.append("t.keeps <> ''")
    rows = db.execute(
        "SELECT t.warehouse, t.sku, coalesce(k.title, ''), t.bin, t.on_hand, t.reserved, t.safety, "
        f"t.held, t.keeps, t.counting, {_LEASED.format(mine='')}, {_LEASED.format(mine=' AND desk = ?')}, "
        f"{_LEASED.format(mine=_IN_CARTS)} "
        f"FROM stock t LEFT JOIN sku k ON k.code = t.sku WHERE {' AND '.join(where)} "
        f"ORDER BY {'t.keeps, ' if expires else ''}t.sku, t.warehouse LIMIT ?",
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
            held=held,
            keeps=date.fromisoformat(keeps) if keeps else None,
            available=max(0, on_hand - reserved - safety - held) + mine,
            counting=counting,
            leased=leased - mine,
            mine=mine,
            carts=carts,
        )
        for (
            house,
            sku,
            title,
            bin_,
            on_hand,
            reserved,
            safety,
            held,
            keeps,
            counting,
            leased,
            mine,
            carts,
        ) in rows
    ]


def holders(db: sqlite3.Connection, warehouse: str, sku: str, limit: int) -> list[Holder]:
    """Return the open orders that hold pieces of a shelf. Units: pieces."""
    marks = ", ".join("?" * len(OPEN))
    rows = db.execute(
        "SELECT r.doc FROM orders o JOIN row r ON r.tbl = 'order' AND r.pk = o.id "
        f"WHERE o.warehouse = ? AND o.status IN ({marks}) AND instr(r.doc, ?) ORDER BY o.received_at, o.id",
        (warehouse, *sorted(OPEN), msgspec.json.encode(sku)),
    )
    found = []
    for (doc,) in rows:
        order = decode("order", doc)
        pieces = sum(one.qty for one in order.reserved if (one.warehouse, one.sku) == (warehouse, sku))
        if pieces:
            until = None if order.is_paid or order.is_paid_later else order.kept_until
            found.append(Holder(order=order.id, number=order.number, pieces=pieces, kept_until=until))
        if len(found) >= limit:
            break
    return found


def papers(db: sqlite3.Connection, warehouse: str, sku: str, limit: int) -> list[StockDoc]:
    """Return the newest receipts, counts and transfers of a shelf."""
    rows = db.execute(
        "SELECT r.doc FROM stock_doc d JOIN row r ON r.tbl = 'stock_doc' AND r.pk = d.id "
        "WHERE d.sku = ? AND (d.warehouse = ? OR d.target = ?) ORDER BY d.at DESC, d.id DESC LIMIT ?",
        (sku, warehouse, warehouse, limit),
    )
    return [decode("stock_doc", doc) for (doc,) in rows]


def articles(
    db: sqlite3.Connection, desk: str, text: str, limit: int, known: Mapping[str, Sku]
) -> list[tuple[str, str, int]]:
    """Return (code, title, pieces available everywhere) of the articles that hold every word.

    Of a kit there are as many as its parts, as far as they are `known`, come to.
    """
    words = terms(text)
    where = " AND ".join("instr(k.words, ?)" for _ in words) or "1"
    rows = db.execute(
        "SELECT k.code, k.title, (SELECT coalesce(sum(max(0, on_hand - reserved - safety - held)), 0) "
        "FROM stock WHERE sku = k.code) + (SELECT coalesce(sum(qty), 0) FROM lease "
        f"WHERE desk = ? AND sku = k.code) FROM sku k WHERE {where} ORDER BY k.code LIMIT ?",
        (desk, *words, limit),
    )
    return [
        (code, title, _kits(db, kit.parts, desk) if (kit := known.get(code)) and kit.parts else free)
        for code, title, free in rows
    ]


def _kits(db: sqlite3.Connection, parts: Sequence[Part], desk: str) -> int:
    """Return how many kits can be put together, each in one warehouse. Units: pieces."""
    marks = ", ".join("?" * len(parts))
    rows = db.execute(
        "SELECT warehouse, sku, max(0, on_hand - reserved - safety - held) + "
        "coalesce((SELECT sum(qty) FROM lease l "
        "WHERE l.desk = ? AND l.sku = t.sku AND l.warehouse = t.warehouse), 0) "
        f"FROM stock t WHERE sku IN ({marks})",
        (desk, *(part.sku for part in parts)),
    )
    free = {(warehouse, sku): pieces for warehouse, sku, pieces in rows}
    places = sorted({warehouse for warehouse, _ in free})
    return sum(whole(parts, place, lambda at, sku: free.get((at, sku), 0)) for place in places)
