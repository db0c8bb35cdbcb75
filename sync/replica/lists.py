"""Lists of orders, straight from indexed columns. Source: qt.md 3a, 3b."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from app.command import Refs
from app.domain.aftersale import AT_STAGE
from app.ports import OrderQuery, OrderRow, Person
from sync.grams import WALL, found_in, is_exact, match, terms
from sync.instants import instant, micros

HITS_MAX = 10_000
"""A search shows no more than this; who needs more must say more."""

FEW = 5_000
"""A filter that passes no more orders than this bounds where a search looks for them."""

_ORDER = (
    "o.id, o.number, o.shop, o.ext_id, o.status, o.snag, o.buyer, o.phone, o.place, o.currency, "
    "o.payable_minor, o.pieces, o.warehouse, o.ordered_at, o.received_at, o.ship_by_at, "
    "o.signatures_needed, o.signed, o.tracking_no, o.touched, o.held"
)


class Step(NamedTuple):
    """The key of the row at a place of a list."""

    place: int
    key: int
    rowid: int


class Frame(NamedTuple):
    """What every line needs beside its columns: the small tables, and the subjects of unsent commands."""

    refs: Refs
    pending: frozenset[str] = frozenset()


class _Receiving(msgspec.Struct, frozen=True):
    receiver: Person = Person()


_decode_receiver = msgspec.json.Decoder(_Receiving).decode


def order_row(row: Sequence[Any], frame: Frame, found: tuple[str, ...] = ()) -> OrderRow:
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
        tracking_no=row[18],
        touched=bool(row[19]),
        held=bool(row[20]),
        pending=row[0] in frame.pending,
        found=found,
    )


def orders_where(db: sqlite3.Connection, frame: Frame, where: str, *values: object) -> list[OrderRow]:
    """Read order lines; `where` is ours, `values` are bound."""
    return [order_row(row, frame) for row in db.execute(f"SELECT {_ORDER} FROM orders o {where}", values)]


# --- all orders, by a column with an index ----------------------------------------------------------

_SORTS = {
    "received": "o.received_at",
    "ordered": "o.ordered_at",
    "ship_by": "o.leaves_at",
    "amount": "o.payable_minor",
}
"""What a list may be sorted by; each has an index, ties stand as they came."""


def _conditions_of(query: OrderQuery) -> tuple[list[str], list[object]]:
    where, values = [], list[object]()
    for column in ("status", "shop", "warehouse"):
        if wanted := getattr(query, column):
            where.append(f"o.{column} = ?")
            values.append(wanted)
    switches = (("o.held", query.held), ("o.touched", query.touched))
    where += [column if wanted == "yes" else f"NOT {column}" for column, wanted in switches if wanted]
    if stage := sorted(AT_STAGE.get(query.after_sales, ())):
        marks = ", ".join("?" * len(stage))
        where.append(f"o.id IN (SELECT order_id FROM return_case WHERE state IN ({marks}))")
        values += stage
    for condition, bound in (
        ("o.received_at >= ?", query.since and micros(query.since)),
        ("o.received_at < ?", query.until and micros(query.until)),
        ("o.payable_minor >= ?", query.least_minor),
        ("o.payable_minor <= ?", query.most_minor),
    ):
        if bound is not None:
            where.append(condition)
            values.append(bound)
    return where, values


def _source(query: OrderQuery) -> tuple[str, list[str], list[object]]:
    """Return FROM, conditions and values of a question without words."""
    where, values = _conditions_of(query)
    if not query.kind:
        return "orders o", where, values
    source = "snag s CROSS JOIN orders o ON o.id = s.subject_id"
    return source, ["s.kind = ?", *where], [query.kind, *values]


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _sorted(query: OrderQuery) -> tuple[str, str, str]:
    """Return the key of the sort, how later rows compare with it, and ORDER BY."""
    key = _SORTS[query.sort]
    way, after = ("ASC", ">") if query.is_rising else ("DESC", "<")
    return key, after, f"ORDER BY {key} {way}, o.rowid {way}"


def count(db: sqlite3.Connection, query: OrderQuery) -> int:
    """Count the orders of a question without words."""
    source, where, values = _source(query)
    found = db.execute(f"SELECT count(*) FROM {source} {_where(where)}", values).fetchone()
    return int(found[0])


def page(
    db: sqlite3.Connection, frame: Frame, query: OrderQuery, start: int, size: int, near: Step | None = None
) -> tuple[list[OrderRow], Step | None]:
    """Return the rows from a place on, and the step to where they end.

    An index is stepped over from the top, or from the step nearest above: a million entries take 15 ms.
    """
    source, where, values = _source(query)
    key, after, order = _sorted(query)
    place = 0
    if near is not None:
        place, *ends = near
        where, values = [*where, f"({key}, o.rowid) {after}= (?, ?)"], [*values, *ends]
    found = db.execute(
        f"SELECT {_ORDER}, {key}, o.rowid FROM (SELECT o.rowid AS at FROM {source} {_where(where)} {order} "
        f"LIMIT ? OFFSET ?) CROSS JOIN orders o ON o.rowid = at {order}",
        (*values, size, start - place),
    ).fetchall()
    rows = [order_row(row, frame) for row in found]
    return rows, Step(start + len(found) - 1, *found[-1][-2:]) if found else None


def places(db: sqlite3.Connection, query: OrderQuery) -> sqlite3.Cursor:
    """Start reading the places of all orders of a question without words, in its order."""
    source, where, values = _source(query)
    return db.execute(f"SELECT o.rowid FROM {source} {_where(where)} {_sorted(query)[2]}", values)


# --- search -----------------------------------------------------------------------------------------

READABLE = f"substr(o.words, 1, instr(o.words, char({ord(WALL)}))) || lower(o.buyer) || char(10) || o.phone"
"""What somebody finds by who reads people masked: the public words, and the masks themselves."""


def hits(db: sqlite3.Connection, query: OrderQuery, limit: int = HITS_MAX) -> list[int]:
    """Return the places of the orders that hold every word of the question.

    The order whose number, channel id or tracking number was typed stands on top, then the newest; another
    sort is among the newest `limit`. Source: qt.md 3b, candidates by bigrams, checked against the words.
    """
    asked = match(query.text)
    if not asked:
        return []
    conditions, bound = _conditions_of(query)
    if query.is_masked or not is_exact(query.text):
        words = READABLE if query.is_masked else "o.words"
        conditions = [*(f"instr({words}, ?)" for _ in terms(query.text)), *conditions]
        bound = [*terms(query.text), *bound]
    if query.kind:
        conditions.append("EXISTS (SELECT 1 FROM snag s WHERE s.subject_id = o.id AND s.kind = ?)")
        bound.append(query.kind)
    source = "find f CROSS JOIN orders o ON o.rowid = f.rowid" if conditions else "find f"
    span = _span(db, query)
    within = ["find MATCH ?"] if span is None else ["find MATCH ?", "f.rowid BETWEEN ? AND ?"]
    rows = db.execute(
        f"SELECT f.rowid FROM {source} {_where([*within, *conditions])} ORDER BY f.rowid DESC LIMIT ?",
        (asked, *(span or ()), *bound, limit),
    )
    found = [rowid for (rowid,) in rows]
    if (query.sort, query.is_rising) != ("received", False):
        return _by_column(db, query, found)
    top = _exact(db, query.text.strip(), _where(conditions), bound)
    return [*top, *(rowid for rowid in found if rowid not in top)][:limit]


def _span(db: sqlite3.Connection, query: OrderQuery) -> tuple[int, int] | None:
    """Return between which places all orders stand that pass a filter few pass: no candidate beyond counts.

    Work that is under way is among the newest, while a common word stands in every part of the file.
    """
    for passing, value in (
        ("snag s CROSS JOIN orders o ON o.id = s.subject_id WHERE s.kind = ?", query.kind),
        ("orders o WHERE o.status = ?", query.status),
        ("orders o WHERE o.held AND ?", query.held == "yes"),
    ):
        if value:
            count, first, last = db.execute(
                "SELECT count(*), coalesce(min(at), 0), coalesce(max(at), -1) "
                f"FROM (SELECT o.rowid AS at FROM {passing} LIMIT ?)",
                (value, FEW + 1),
            ).fetchone()
            if count <= FEW:
                return first, last
    return None


def _exact(db: sqlite3.Connection, typed: str, where: str, bound: Sequence[object]) -> list[int]:
    """Return the orders that are called exactly what was typed."""
    rows = db.execute(
        "SELECT o.rowid FROM (SELECT rowid AS at FROM orders WHERE number = ? COLLATE NOCASE "
        "UNION SELECT rowid FROM orders WHERE ext_id = ? "
        "UNION SELECT rowid FROM orders WHERE tracking_no = ? AND tracking_no <> '') "
        f"CROSS JOIN orders o ON o.rowid = at {where} ORDER BY o.rowid DESC",
        (typed, typed, typed.upper(), *bound),
    )
    return [rowid for (rowid,) in rows]


def _by_column(db: sqlite3.Connection, query: OrderQuery, found: Sequence[int]) -> list[int]:
    marks = ", ".join("?" * len(found))
    rows = db.execute(f"SELECT o.rowid FROM orders o WHERE o.rowid IN ({marks}) {_sorted(query)[2]}", found)
    return [rowid for (rowid,) in rows]


def lines(db: sqlite3.Connection, frame: Frame, query: OrderQuery, part: Sequence[int]) -> list[OrderRow]:
    """Return the orders at these places, in this order."""
    marks, asked = ", ".join("?" * len(part)), terms(query.text)
    rows = db.execute(f"SELECT {_ORDER}, o.rowid, o.words FROM orders o WHERE o.rowid IN ({marks})", part)
    known = {
        row[-2]: order_row(row, frame, found_in(row[-1], asked, is_masked=query.is_masked)) for row in rows
    }
    return [known[rowid] for rowid in part if rowid in known]


def people(db: sqlite3.Connection, ids: Sequence[str]) -> list[Person]:
    """Return who gets these orders, in full; empty where an order is gone or its receiver erased."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(f"SELECT pk, doc FROM row WHERE tbl = 'order' AND pk IN ({marks})", ids)
    known = {pk: _decode_receiver(doc).receiver for pk, doc in rows}
    return [known.get(id_, Person()) for id_ in ids]
