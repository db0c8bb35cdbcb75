"""Databases of one test's own on the PostgreSQL of all tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import make_url


@contextmanager
def own_database(server: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database `name` on `server` as a copy of another one; gone at the end."""
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield named(server, name)
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def named(server: str, name: str) -> str:
    """Return the URL of a database of this server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)
