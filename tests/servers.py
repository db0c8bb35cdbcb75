"""Databases of one test's own on the PostgreSQL of all tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url

SHAPE = """
SELECT ARRAY(SELECT a::text FROM pg_attribute a WHERE attrelid >= 16384 ORDER BY 1)
    || ARRAY(SELECT i::text FROM pg_index i WHERE indexrelid >= 16384 ORDER BY 1)
    || ARRAY(SELECT c::text FROM pg_constraint c WHERE oid >= 16384 ORDER BY 1)
    || ARRAY(SELECT t::text FROM pg_trigger t WHERE NOT tgisinternal ORDER BY 1)
    || ARRAY(SELECT p::text FROM pg_proc p WHERE oid >= 16384 ORDER BY 1)
    || ARRAY(SELECT concat_ws(' ', oid, relname, relkind, relnamespace, relowner, relacl, reloptions)
             FROM pg_class WHERE oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace ORDER BY 1)
    || ARRAY(SELECT s.setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
             WHERE d.datname = current_database() ORDER BY 1)
    || ARRAY(SELECT version_num FROM alembic_version)
"""
"""All that is in a database but rows: a test that changed it leaves a database that nobody takes over."""

WRITTEN = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND pg_relation_size(oid) > 0 AND relname <> 'alembic_version'
"""

HANG_UP = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


EMPTY = "SET LOCAL session_replication_role = replica"
"""Rows go in any order: whom they point to goes too."""

LENT_MOST = 40
"""What rows leave behind on disk slows a database down; then a new copy is cheaper."""


class Lent:
    """Copies of one database, lent to one test after the other.

    A copy costs PostgreSQL many times what it takes to empty the tables of an earlier one.
    """

    def __init__(self, server: str, template: str, names: Iterator[str]) -> None:
        self._server, self._template, self._names = server, template, names
        self._free: list[tuple[str, int]] = []
        with psycopg.connect(_plain(named(server, template))) as db:
            self._shape = _shape(db)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend the URL of a database without a row; it is taken back if nothing but rows was changed."""
        name, times = self._free.pop() if self._free else (self._copy(), 0)
        url = named(self._server, name)
        yield url
        if times < LENT_MOST and self._is_emptied(url):
            self._free.append((name, times + 1))
        else:
            with psycopg.connect(_plain(self._server), autocommit=True) as db:
                db.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _copy(self) -> str:
        name = next(self._names)
        with psycopg.connect(_plain(self._server), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name

    def _is_emptied(self, url: str) -> bool:
        with psycopg.connect(_plain(url), autocommit=True) as db:
            db.execute(HANG_UP)
            if _shape(db) != self._shape:
                return False
            deletes = [f'DELETE FROM "{table}"' for (table,) in db.execute(WRITTEN)]
            db.execute("; ".join(["BEGIN", EMPTY, *deletes, "COMMIT"]))
            return True


def _shape(db: psycopg.Connection[Any]) -> object:
    (found,) = db.execute(SHAPE).fetchone() or (None,)
    return found


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


@contextmanager
def own_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database `name` on `server` as a copy of another one; gone at the end."""
    with psycopg.connect(_plain(server), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield named(server, name)
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def named(server: str, name: str) -> str:
    """Return the URL of a database of this server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)
