"""Rows of several files, or of one in no order, laid out on disk so that those of one order come together.

A database of its own in the import's folder; it goes with it. Nothing here grows with the file but that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from app.text import N_, Text
from sync.channel import Numbered, Row
from sync.hub.imports.plan import Join

REJECTED, UNCHANGED, CHANGED, NEW = 1, 2, 3, 4
"""What became of a row; of a row that belongs to several orders the best counts."""
UNUSED = Text(N_("No order of these files uses this row."))
FIRST_ROWS = 5
"""So many rows are named for each reason."""
_cells = msgspec.json.Decoder(Row)


class Spool:
    """Rows by file and key, and what became of each."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "spool.db"
        path.unlink(missing_ok=True)
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-32768"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute("CREATE TABLE reason (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
        self._db.execute(
            "CREATE TABLE fate (file INT, row_no INT, fate INT, reason INT, PRIMARY KEY (file, row_no))"
            " WITHOUT ROWID"
        )
        self._files: list[int] = []

    def close(self) -> None:
        """Forget everything."""
        self._db.close()
        self._path.unlink(missing_ok=True)

    def load(self, file: int, column: str, rows: Iterable[Numbered]) -> int:
        """Lay a file out by its key column; return how many rows it has."""
        table = f"f{file}"
        self._files.append(file)
        self._db.execute(f"CREATE TABLE {table} (row_no INTEGER PRIMARY KEY, key TEXT, cells TEXT)")
        given = (
            (row.row_no, row.cells.get(column, ""), msgspec.json.encode(row.cells).decode()) for row in rows
        )
        self._db.execute("BEGIN")
        count = self._db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", given).rowcount
        self._db.execute("COMMIT")
        self._db.execute(f"CREATE INDEX {table}_key ON {table} (key)")
        return max(0, count)

    def groups(self, main: int, joins: Sequence[Join]) -> Iterator[tuple[Numbered, ...]]:
        """Yield the rows of each order together: those of the main file first, in its order."""
        table = f"f{main}"
        found = self._db.execute(
            f"SELECT r.key, r.row_no, r.cells FROM {table} r"
            f" JOIN (SELECT key, min(row_no) AS first FROM {table} GROUP BY key) o ON o.key = r.key"
            " ORDER BY o.first, r.row_no"
        )
        for key, rows in groupby(found, key=lambda row: row[0]):
            group = [Numbered(row_no, _cells.decode(cells), main) for _, row_no, cells in rows]
            if not key:  # rows without a number are no order: each stands alone
                yield from ((row,) for row in group)
                continue
            yield tuple(self._joined(group, joins))

    def _joined(self, group: list[Numbered], joins: Sequence[Join]) -> list[Numbered]:
        for join in joins:
            keys = {row.cells.get(join.to_column, "") for row in group if row.file == join.to} - {""}
            for key in sorted(keys):
                found = self._db.execute(
                    f"SELECT row_no, cells FROM f{join.file} WHERE key = ? ORDER BY row_no", (key,)
                )
                group += [Numbered(row_no, _cells.decode(cells), join.file) for row_no, cells in found]
        return group

    # --- what became of them ------------------------------------------------------------------------

    def note(self, rows: Iterable[Numbered], fate: int, reason: Text | None = None) -> None:
        """Note what became of rows."""
        reason_id = self._reason(reason) if reason is not None else None
        self._db.executemany(
            "INSERT INTO fate VALUES (?, ?, ?, ?) ON CONFLICT (file, row_no) DO UPDATE SET"
            " reason = CASE WHEN excluded.fate > fate THEN excluded.reason ELSE reason END,"
            " fate = max(fate, excluded.fate)",
            [(row.file, row.row_no, fate, reason_id) for row in rows],
        )

    def unused(self) -> Iterator[Numbered]:
        """Yield the rows no order asked for, and note them as such."""
        for file in self._files:
            rows = self._db.execute(
                f"SELECT row_no, cells FROM f{file} r WHERE NOT EXISTS"
                " (SELECT 1 FROM fate WHERE fate.file = ? AND fate.row_no = r.row_no) ORDER BY row_no",
                (file,),
            ).fetchall()
            for row_no, cells in rows:
                row = Numbered(row_no, _cells.decode(cells), file)
                self.note([row], REJECTED, UNUSED)
                yield row

    def counts(self) -> dict[tuple[int, int], int]:
        """Return how many rows of each file met each fate."""
        found = self._db.execute("SELECT file, fate, count(*) FROM fate GROUP BY file, fate")
        return {(file, fate): count for file, fate, count in found}

    def reasons(self) -> list[tuple[int, Text, int, tuple[int, ...]]]:
        """Return for each file why rows were rejected, how many, and the first of them."""
        found = self._db.execute(
            "SELECT file, text, count(*), reason FROM fate JOIN reason ON id = reason WHERE fate = ?"
            " GROUP BY file, reason ORDER BY file, count(*) DESC",
            (REJECTED,),
        ).fetchall()
        return [
            (file, msgspec.json.decode(text, type=Text), count, self._first(file, reason))
            for file, text, count, reason in found
        ]

    def _first(self, file: int, reason: int) -> tuple[int, ...]:
        found = self._db.execute(
            "SELECT row_no FROM fate WHERE file = ? AND reason = ? AND fate = ? ORDER BY row_no LIMIT ?",
            (file, reason, REJECTED, FIRST_ROWS),
        )
        return tuple(row_no for (row_no,) in found)

    def _reason(self, text: Text) -> int:
        said = msgspec.json.encode(text).decode()
        self._db.execute("INSERT OR IGNORE INTO reason (text) VALUES (?)", (said,))
        (reason,) = self._db.execute("SELECT id FROM reason WHERE text = ?", (said,)).fetchone()
        return int(reason)
