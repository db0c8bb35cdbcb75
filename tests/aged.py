"""A database as an older program would have left it."""

from __future__ import annotations

from sqlalchemy import Engine

from sync.hub.database import connect_database, migrate, reading, writing
from sync.hub.keeping.rows import lines_of, read_rows, shapes, write_rows

OLD = "0005"
"""A revision that programs in use have."""
UNKNOWN = ("bell", "habit")
"""Rows of their own that no program of that revision wrote, nor told of; they stand under a person."""


def aged(newer: Engine, url: str) -> None:
    """Write what a database holds as an older program would have."""
    older = connect_database(url)
    with writing(older) as into:
        migrate(into, OLD)
        with reading(newer) as db:
            for shape in shapes(into):
                lines = lines_of(read_rows(db, shape))
                write_rows(into, shape, lines)
        for table in UNKNOWN:
            for place in ("ref", "change"):
                into.exec_driver_sql(f"DELETE FROM {place} WHERE tbl = '{table}'")
        into.exec_driver_sql("DELETE FROM scope_sum WHERE substr(scope, 1, 5) = 'user:'")
    older.dispose()
