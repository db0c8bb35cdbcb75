"""All orders of a question as they stood at one moment, some hundreds at a time: for a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.ports import Batches, OrderQuery
from sync.replica import lists
from sync.replica.files import open_file
from sync.replica.rows import RefsCache

ROWS = 400


def batches(path: Path, key: bytes, query: OrderQuery, *, with_people: bool) -> Batches:
    """Read over a connection of its own: whoever writes or looks meanwhile neither waits nor is seen."""
    db = open_file(path, key=key, read_only=True)
    try:
        db.execute("BEGIN")
        frame = lists.Frame(RefsCache(lambda: None).small(db))
        for rows in _places(db, query):
            lines = lists.lines(db, frame, query, rows)
            people = lists.people(db, [line.id for line in lines]) if with_people else [None] * len(lines)
            yield list(zip(lines, people, strict=True))
    finally:
        db.close()


def _places(db: sqlite3.Connection, query: OrderQuery) -> Iterator[list[int]]:
    if query.text.strip():
        found = lists.hits(db, query)
        yield from (found[at : at + ROWS] for at in range(0, len(found), ROWS))
        return
    reading = lists.places(db, query)
    while rows := reading.fetchmany(ROWS):
        yield [rowid for (rowid,) in rows]
