"""Lists of orders and exceptions, straight from indexed columns. Source: qt.md 3a, 3b."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from app.command import Refs
from app.ports import OrderQuery, OrderRow, SnagRow
from app.text import Text
from sync.grams import match, plain, terms
from sync.projection import instant

HITS_MAX = 10_000
"""A search shows no more than this; who needs more must say more."""

_ORDER = (
    "o.id, o.number, o.shop, o.ext_id, o.status, o.snag, o.buyer, o.phone, o.place, o.currency, "
    "o.payable_minor, o.pieces, o.warehouse, o.ordered_at, o.received_at, o.ship_by_at, "
    "o.signatures_needed, o.signed"
)
_SNAG = (
    "s.subject_id, s.subject, s.kind, s.severity, s.text, s.opened_at, s.due_at, o.number, o.shop, o.buyer, "
    "o.currency, o.payable_minor"
)
Anchor = tuple[str, str]


class Frame(NamedTuple):
    """What every line needs beside its columns: the small tables, and the subjects of unsent commands."""

    refs: Refs
    pending: frozenset[str] = frozenset()


_decode_text = msgspec.json.Decoder(Text).decode


def order_row(row: Sequence[Any], frame: Frame) -> OrderRow:
    """Make one line of a list from the columns of `_ORDER`."""
    shop = frame.refs.shops.get(row[2])
    return OrderRow(
        id=row[0],
        number=row[1],
        shop=row[2],
        channel=shop.channel if shop else "",
        shop_title=shop.title if shop else row[2],
        ext_id=row[3],
        status=row[4],
        snag=row[5],
        buyer=row[6],
        phone=row[7],
        place=row[8],
        currency=row[9],
        payable_minor=row[10],
        pieces=row[11],
        warehouse=row[12],
        ordered_at=instant(row[13]),
        received_at=instant(row[14]),
        ship_by_at=instant(row[15]) if row[15] is not None else None,
        signatures_needed=row[16],
        signed=row[17],
        pending=row[0] in frame.pending,
    )


def orders_where(db: sqlite3.Connection, frame: Frame, where: str, *values: object) -> list[OrderRow]:
    """Read order lines; `where` is ours, `values` are bound."""
    return [order_row(row, frame) for row in db.execute(f"SELECT {_ORDER} FROM orders o {where}", values)]


# --- all orders by time -----------------------------------------------------------------------------


def _source(query: OrderQuery) -> tuple[str, list[str], list[object]]:
    """Return FROM, conditions and values of a question without words."""
    source, where, values = "orders o", [], list[object]()
    if query.kind:
        source = "snag s CROSS JOIN orders o ON o.id = s.subject_id"
        where.append("s.kind = ?")
        values.append(query.kind)
    for column in ("status", "shop"):
        if wanted := getattr(query, column):
            where.append(f"o.{column} = ?")
            values.append(wanted)
    return source, where, values


def _conditions(where: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(where)}" if where else ""


def count(db: sqlite3.Connection, query: OrderQuery) -> int:
    """Count the orders of a question without words."""
    source, where, values = _source(query)
    found = db.execute(f"SELECT count(*) FROM {source} {_conditions(where)}", values).fetchone()
    return int(found[0])


def anchors(db: sqlite3.Connection, query: OrderQuery, size: int) -> list[Anchor]:
    """Return the key of every `size`-th order, newest first."""
    source, where, values = _source(query)
    numbered = (
        "SELECT o.received_at AS at, o.id AS id, "
        "row_number() OVER (ORDER BY o.received_at DESC, o.id DESC) AS place "
        f"FROM {source} {_conditions(where)}"
    )
    rows = db.execute(
        f"SELECT at, id FROM ({numbered}) WHERE (place - 1) % ? = 0 ORDER BY place", (*values, size)
    )
    return [(str(at), id_) for at, id_ in rows]


def page(
    db: sqlite3.Connection, frame: Frame, query: OrderQuery, anchor: Anchor | None, size: int
) -> list[OrderRow]:
    """Return one page from its anchor on, newest first."""
    source, where, values = _source(query)
    if anchor is not None:
        where.append("(o.received_at, o.id) <= (?, ?)")
        values += [int(anchor[0]), anchor[1]]
    order = "ORDER BY o.received_at DESC, o.id DESC LIMIT ?"
    rows = db.execute(f"SELECT {_ORDER} FROM {source} {_conditions(where)} {order}", (*values, size))
    return [order_row(row, frame) for row in rows]


# --- search -----------------------------------------------------------------------------------------


def hits(db: sqlite3.Connection, query: OrderQuery, limit: int = HITS_MAX) -> list[int]:
    """Return the places of the orders that hold every word of the question, newest first.

    Source: qt.md 3b, candidates by bigrams, checked again against the words themselves.
    """
    asked = match(query.text)
    if not asked:
        return []
    _, where, values = _source(OrderQuery(status=query.status, shop=query.shop))
    conditions = ["find MATCH ?", *("instr(o.words, ?)" for _ in terms(query.text)), *where]
    bound: list[object] = [asked, *terms(query.text), *values]
    if query.kind:
        conditions.append("EXISTS (SELECT 1 FROM snag s WHERE s.subject_id = o.id AND s.kind = ?)")
        bound.append(query.kind)
    rows = db.execute(
        f"SELECT f.rowid FROM find f CROSS JOIN orders o ON o.rowid = f.rowid {_conditions(conditions)} "
        "ORDER BY f.rowid DESC LIMIT ?",
        (*bound, limit),
    )
    return [rowid for (rowid,) in rows]


def hit_anchors(found: Sequence[int], size: int) -> list[Anchor]:
    """Return the key of every `size`-th hit."""
    return [("hit", str(rowid)) for rowid in found[::size]]


def hit_page(
    db: sqlite3.Connection, frame: Frame, found: Sequence[int], anchor: Anchor | None, size: int
) -> list[OrderRow]:
    """Return one page of hits from its anchor on."""
    start = bisect_left(found, -int(anchor[1]), key=lambda rowid: -rowid) if anchor else 0
    part = found[start : start + size]
    marks = ", ".join("?" * len(part))
    return orders_where(db, frame, f"WHERE o.rowid IN ({marks}) ORDER BY o.rowid DESC", *part)


# --- exceptions -------------------------------------------------------------------------------------


def snags(db: sqlite3.Connection, frame: Frame, *, kind: str, text: str, limit: int) -> list[SnagRow]:
    """Return open exceptions, the one that is due first on top."""
    where, values = [], list[object]()
    if kind:
        where.append("s.kind = ?")
        values.append(kind)
    for term in terms(text):
        shops = [
            code
            for code, shop in frame.refs.shops.items()
            if term in plain(f"{code}\n{shop.title}\n{shop.channel}")
        ]
        marks = ", ".join("?" * len(shops))
        where.append(f"(instr(coalesce(o.words, ''), ?) OR instr(s.kind, ?) OR o.shop IN ({marks}))")
        values += [term, term, *shops]
    rows = db.execute(
        f"SELECT {_SNAG} FROM snag s LEFT JOIN orders o ON o.id = s.subject_id {_conditions(where)} "
        "ORDER BY s.due_at, s.severity, s.subject_id, s.kind LIMIT ?",
        (*values, limit),
    )
    return [_snag_row(row, frame) for row in rows]


def snag_of_case(db: sqlite3.Connection, frame: Frame, id: str) -> SnagRow | None:
    """Return the exception of a delivery or a command."""
    row = db.execute(
        f"SELECT {_SNAG} FROM snag s LEFT JOIN orders o ON o.id = s.subject_id "
        "WHERE s.subject_id = ? AND s.subject <> 'order'",
        (id,),
    ).fetchone()
    return _snag_row(row, frame) if row else None


def _snag_row(row: Sequence[Any], frame: Frame) -> SnagRow:
    shop = frame.refs.shops.get(row[8] or "")
    return SnagRow(
        id=row[0],
        subject=row[1],
        kind=row[2],
        severity=row[3],
        text=_decode_text(row[4]),
        opened_at=instant(row[5]),
        due_at=instant(row[6]),
        number=row[7] or "",
        shop=row[8] or "",
        channel=shop.channel if shop else "",
        shop_title=shop.title if shop else row[8] or "",
        buyer=row[9] or "",
        currency=row[10] or "CNY",
        payable_minor=row[11] or 0,
        pending=row[0] in frame.pending,
    )
