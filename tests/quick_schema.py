"""An empty file gets the newest schema from its migrations once; after that from the statements they left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, inspect

from sync.hub import database
from sync.hub.keeping import load

MADE = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
KEPT: list[str] = []


@contextmanager
def quick_schema() -> Iterator[None]:
    """Let SQLite's files come to their schema in milliseconds; every other way is walked as it is."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (database, load):
            patch.setattr(module, "migrate", _migrate)
        yield


def _migrate(db: Connection, revision: str, walk=database.migrate) -> None:
    newest = database.revisions()[-1]
    if db.dialect.name != "sqlite" or revision not in ("head", newest) or _statements(db):
        walk(db, revision)
        return
    if not KEPT:
        walk(db, revision)
        assert not _filled(db), "migrations write rows into an empty file: keep those too, and in `Lent`"
        KEPT.extend([*_statements(db), f"INSERT INTO alembic_version VALUES ('{newest}')"])
        return
    for statement in KEPT:
        db.exec_driver_sql(statement)


def _filled(db: Connection) -> list[str]:
    tables = set(inspect(db).get_table_names()) - {"alembic_version"}
    return [name for name in tables if db.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first()]


def _statements(db: Connection) -> list[str]:
    return list(db.exec_driver_sql(MADE).scalars())
