"""How the hub's tables are declared: columns and keys that mean the same on SQLite and PostgreSQL.

Source: sync.md sections 1 and 17.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from typing_extensions import override

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return an instant as the tables hold it. Units: microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """Return the instant of a stored number of microseconds."""
    return _EPOCH + timedelta(microseconds=micros)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as microseconds since 1970: the same bytes and order on every engine."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> Any:
        return None if value is None else micros(value)

    @override
    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def text(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def texts(*names: str) -> list[Column[str]]:
    return [text(name) for name in names]


def int_(name: str, default: str | None = None) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=default)


def ints(*names: str) -> list[Column[int]]:
    return [int_(name) for name in names]


def counts(*names: str) -> list[Column[int]]:
    """Figures that begin with 0."""
    return [int_(name, "0") for name in names]


def at(name: str, *, known: bool = True) -> Column[datetime]:
    return Column(name, Instant, nullable=not known)


def ats(*names: str) -> list[Column[datetime]]:
    return [at(name) for name in names]


def table(name: str, key: tuple[str, ...], *parts: Any) -> Table:
    """Declare a table whose primary key is the feed and then `key`."""
    feed_id = Column("feed_id", Integer, nullable=False, autoincrement=False)
    return Table(name, metadata, feed_id, *parts, PrimaryKeyConstraint("feed_id", *key))
