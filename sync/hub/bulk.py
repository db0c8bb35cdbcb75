"""One statement for many rows: INSERT … unnest on PostgreSQL, executemany on SQLite.

Values are as `sync.tables` holds them (instants in microseconds), rows are tuples in the columns' order.

Source: sync.md section 18, bulk loading.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Connection, Engine, Integer, LargeBinary, Table, Text
from sqlalchemy.exc import DBAPIError

logging.getLogger("psycopg").setLevel(logging.ERROR)
"""It warns where a pipeline ends in the error that is raised anyway, and only now and then."""

_CASTS: tuple[tuple[type[Any], str], ...] = (
    (Boolean, "boolean"),
    (BigInteger, "bigint"),
    (Integer, "integer"),
    (LargeBinary, "bytea"),
    (Text, "text"),
)


@contextmanager
def pipelined(db: Connection) -> Iterator[None]:
    """Send the writes in here without waiting for each: PostgreSQL works while the next is being packed.

    Raises:
        DBAPIError: one of them failed; those behind it were not tried.
    """
    if db.dialect.name != "postgresql":
        yield
        return
    import psycopg  # a hub with a file starts without it, a tenth sooner

    driver = db.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("PostgreSQL is spoken through psycopg")
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as fault:
        raise DBAPIError.instance(None, None, fault, psycopg.Error, hide_parameters=True) from fault


def at_once(engine: Engine, statement: str, values: Mapping[str, Any]) -> Any:
    """Let PostgreSQL do one statement in a transaction of its own, in half the time; return its first value.

    Raises:
        DBAPIError: it failed.
    """
    import psycopg

    with engine.connect() as db:
        driver = db.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("PostgreSQL is spoken through psycopg")
        try:
            driver.autocommit = True
            row = driver.execute(statement, values).fetchone()
            driver.autocommit = False
        except BaseException as fault:  # a line that does not begin transactions must reach nobody else
            db.invalidate()
            if not isinstance(fault, psycopg.Error):
                raise
            raise DBAPIError.instance(None, None, fault, psycopg.Error, hide_parameters=True) from fault
    return row[0] if row else None


class Into:
    """Writes rows of one table. A row that exists gets its `replaces` columns anew, or is left (`skips`)."""

    def __init__(
        self, table: Table, columns: Sequence[str], *, replaces: Sequence[str] = (), skips: bool = False
    ) -> None:
        names = _names(("feed_id", *columns))
        key = _names(table.primary_key.columns.keys())
        tail = ""
        if replaces:
            tail = f" ON CONFLICT ({key}) DO UPDATE SET " + ", ".join(
                f'"{c}" = excluded."{c}"' for c in replaces
            )
        elif skips:
            tail = f" ON CONFLICT ({key}) DO NOTHING"
        self._types = _types(table, columns)
        arrays = _arrays(self._types)
        into = f'INSERT INTO "{table.name}" ({names})'
        self._postgres = f"{into} SELECT %s::integer, * FROM unnest({arrays}){tail}"
        self._sqlite = f"{into} VALUES (?{', ?' * len(columns)}){tail}"

    def write(self, db: Connection, feed_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write `rows`; nothing happens when there are none."""
        if not rows:
            return
        if db.dialect.name == "postgresql":
            columns = _arrays_of(self._types, rows)
            _send(db, self._postgres, (feed_id, *columns))
        else:
            db.exec_driver_sql(self._sqlite, [(feed_id, *row) for row in rows])


class Of:
    """Reads or deletes rows of one table by some of its columns."""

    def __init__(self, table: Table, columns: Sequence[str], by: Sequence[str]) -> None:
        wanted = ", ".join(f't."{c}"' for c in columns)
        self._types = _types(table, by)
        arrays = _arrays(self._types)
        keys = ", ".join(f"k{n}" for n in range(len(by)))
        match = " AND ".join(f't."{c}" = k{n}' for n, c in enumerate(by))
        name = table.name
        self._keys = len(by)
        if self._keys == 1:
            here = f't.feed_id = %s AND t."{by[0]}" = ANY({arrays})'
            self._postgres = f'SELECT {wanted} FROM "{name}" t WHERE {here}'
            self._postgres_delete = f'DELETE FROM "{name}" t WHERE {here}'
        else:
            source = f"unnest({arrays}) AS k({keys})"
            self._postgres = f'SELECT {wanted} FROM {source} JOIN "{name}" t ON t.feed_id = %s AND {match}'
            self._postgres_delete = f'DELETE FROM "{name}" t USING {source} WHERE t.feed_id = %s AND {match}'
        json = " AND ".join(f"t.\"{c}\" = json_extract(k.value, '$[{n}]')" for n, c in enumerate(by))
        self._sqlite = (
            f'SELECT {wanted} FROM json_each(?) k CROSS JOIN "{name}" t ON t.feed_id = ? AND {json}'
        )
        marks = " AND ".join(f'"{c}" = ?' for c in by)
        self._sqlite_delete = f'DELETE FROM "{name}" WHERE feed_id = ? AND {marks}'

    def read(self, db: Connection, feed_id: int, keys: Collection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return the rows that exist under `keys`."""
        if not keys:
            return []
        if db.dialect.name == "postgresql":
            rows = db.exec_driver_sql(self._postgres, self._parameters(feed_id, keys))
        else:
            rows = db.exec_driver_sql(self._sqlite, (msgspec.json.encode(list(keys)).decode(), feed_id))
        return [tuple(row) for row in rows]

    def delete(self, db: Connection, feed_id: int, keys: Collection[tuple[Any, ...]]) -> None:
        """Delete the rows under `keys`."""
        if not keys:
            return
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(self._postgres_delete, self._parameters(feed_id, keys))
        else:
            db.exec_driver_sql(self._sqlite_delete, [(feed_id, *key) for key in keys])

    def _parameters(self, feed_id: int, keys: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
        columns = _arrays_of(self._types, sorted(keys))
        return (feed_id, *columns) if self._keys == 1 else (*columns, feed_id)


def _send(db: Connection, statement: str, parameters: tuple[Any, ...]) -> None:
    """Give a statement to PostgreSQL; inside `pipelined` nobody waits for it."""
    driver: Any = db.connection.driver_connection
    if driver.pgconn.pipeline_status:
        driver.cursor().execute(statement.encode(), parameters)
    else:
        db.exec_driver_sql(statement, parameters)


def _arrays_of(types: Iterable[str], rows: Collection[tuple[Any, ...]]) -> Iterable[Any]:
    from sync.hub.packed import packed

    return map(packed, types, zip(*rows, strict=True))


def _arrays(types: Iterable[str]) -> str:
    return ", ".join(f"%b::{sql_type}[]" for sql_type in types)


def _types(table: Table, columns: Iterable[str]) -> list[str]:
    stored = (getattr(table.c[column].type, "impl", table.c[column].type) for column in columns)
    return [next(name for sort, name in _CASTS if isinstance(kind, sort)) for kind in stored]


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
