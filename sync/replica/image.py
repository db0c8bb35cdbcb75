"""Rows as they will be: changed in memory first, written once, and only where they differ from what is there.

A rebase lifts pending work off the rows, changes what lies below and lays the work over it again. Most of it
comes out as it was, and writing an order costs ten times what deciding it does (measured).
Source: sync.md section 4, the merged view; `before` keeps the base of what pending work covers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from app.domain.values import Key
from sync.mark import UNSUMMED
from sync.projection import TYPES, Row, put
from sync.replica.rows import decode

AT_ONCE = 400
"""Keys asked for in one statement."""
_encode = msgspec.json.encode


class Image:
    """The rows one rebase looks at. `base` is what the hub said, `over` what pending work makes of it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._live: dict[Key, Row | None] = {}
        self._before: dict[Key, Row | None] = {}
        self._base: dict[Key, Row] = {}
        self._over: dict[Key, bytes] = {}
        self._values: dict[Key, Any] = {}
        self._other: list[Row] = []

    def know(self, keys: Iterable[Key]) -> None:
        """Read rows from the file, many at once."""
        by_table: dict[str, list[str]] = {}
        for tbl, pk in dict.fromkeys(key for key in keys if key not in self._live):
            if tbl in UNSUMMED:
                self._learn((tbl, pk), None, None)  # history stands in a table of its own
            elif tbl in TYPES:
                by_table.setdefault(tbl, []).append(pk)
        for tbl, pks in by_table.items():
            live, before = self._read("row", tbl, pks), self._read("before", tbl, pks)
            for pk in pks:
                self._learn((tbl, pk), live.get(pk), before.get(pk))

    def _read(self, table: str, tbl: str, pks: Sequence[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for start in range(0, len(pks), AT_ONCE):
            part = pks[start : start + AT_ONCE]
            marks = ", ".join("?" * len(part))
            asked = f"SELECT tbl, pk, seq, doc, scope FROM {table} WHERE tbl = ? AND pk IN ({marks})"
            found |= {row[1]: Row(*row) for row in self.db.execute(asked, (tbl, *part))}
        return found

    def _learn(self, key: Key, live: Row | None, before: Row | None) -> None:
        self._live[key], self._before[key] = live, before
        self._base[key] = before or live or Row(*key, 0, None)
        if before is not None and live is not None and live.doc is not None:
            self._over[key] = live.doc

    def stands(self, key: Key) -> tuple[int, str] | None:
        """Return the number and the scope of a base row, whatever is laid over it."""
        if key not in self._live:
            self._learn(key, *(self._read(table, key[0], key[1:]).get(key[1]) for table in ("row", "before")))
        base = self._base[key]
        return (base.seq, base.scope) if base.doc is not None else None

    def live(self, key: Key) -> Row | None:
        """Return a row as people see it, pending work and all, before anything of it was changed."""
        self.know((key,))
        return self._live.get(key)

    def drop_history(self, order: str) -> None:
        """Delete what happened to an order that leaves."""
        self.db.execute("DELETE FROM history WHERE order_id = ?", (order,))

    def get(self, key: Key) -> Any:
        """Return a row as it is now; None where there is none."""
        if key in self._values:
            return self._values[key]
        if key not in self._live:
            self.know((key,))
        value = None
        if key in self._live:
            doc = self._over.get(key) or self._base[key].doc
            value = decode(key[0], doc) if doc is not None else None
        self._values[key] = value
        return value

    def lift(self, keys: Iterable[Key]) -> None:
        """Take pending work off these rows."""
        for key in keys:
            if self._over.pop(key, None) is not None:
                self._values.pop(key, None)

    def rebase(self, rows: Iterable[Row]) -> None:
        """Change what the hub said; later rows of one key win."""
        for row in rows:
            key = (row.tbl, row.pk)
            if row.tbl not in TYPES:
                self._other.append(row)
                continue
            self._base[key] = row
            if key not in self._over:
                self._values.pop(key, None)

    def lay(self, key: Key, value: Any, scope: str) -> None:
        """Lay what pending work makes of a row over it; `scope` is where one that begins with it belongs."""
        self._over[key] = _encode(value)
        self._values[key] = value
        if self._base[key].doc is None and not self._base[key].seq:
            self._base[key] = self._base[key]._replace(scope=scope)

    def write(self, keys: Iterable[Key] | None = None) -> None:
        """Write what differs: these rows, or everything that was looked at."""
        rows, kept, gone = [], [], []
        for key in self._live if keys is None else [key for key in keys if key in self._live]:
            base, over = self._base[key], self._over.get(key)
            row = base if over is None else base._replace(doc=over)
            was = self._live[key] or Row(*key, 0, None)
            if row != was and not (row.doc is None and was.doc is None):
                rows.append(row)
                self._live[key] = row
            before = base if over is not None else None
            if before != self._before[key]:
                if before is not None:
                    kept.append(before)
                else:
                    gone.append(key)
                self._before[key] = before
        put(self.db, rows)
        columns = "(tbl, pk, seq, doc, scope)"
        self.db.executemany(f"INSERT OR REPLACE INTO before {columns} VALUES (?, ?, ?, ?, ?)", kept)
        self.db.executemany("DELETE FROM before WHERE tbl = ? AND pk = ?", gone)
        if keys is None:
            put(self.db, self._other)
            self._other = []
