"""Leases and budgets between hubs run by one clock, the database's: those of the machines may differ.

A file of SQLite has one hub, whose own clock it is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, cast, extract, func, literal, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from sync.columns import Instant


def wall(db: Connection, later: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """Return what time it is, or will be `later`, as part of a statement."""
    if db.dialect.name == "sqlite":
        return literal(datetime.now(UTC) + later, Instant())
    now: ColumnElement[Any] = cast(extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    return type_coerce(now + later // timedelta(microseconds=1), Instant())


def reckoned(db: Connection, at: datetime) -> ColumnElement[datetime]:
    """Return an instant of our clock as the database reckons it; a simulated clock keeps its distance."""
    if db.dialect.name == "sqlite":
        return literal(at, Instant())
    return wall(db, at - datetime.now(UTC))
