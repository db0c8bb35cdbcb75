"""Whole tables in and out of PostgreSQL by COPY. Loaded where there is one: its driver costs a start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql


def copied_out(driver: psycopg.Connection[Any], table: str, columns: Sequence[str]) -> Iterator[bytes]:
    """Return the rows of a table in pieces of whole lines."""
    with driver.cursor() as cursor, cursor.copy(_copy(table, columns, sql.SQL("TO STDOUT"))) as copy:
        for piece in copy:
            yield bytes(piece)


def copied_in(
    driver: psycopg.Connection[Any], table: str, columns: Sequence[str], lines: Iterable[bytes]
) -> int:
    """Put lines into a table; return how many.

    Raises:
        ValueError: a line does not fit.
    """
    count = 0
    try:
        with driver.cursor() as cursor, cursor.copy(_copy(table, columns, sql.SQL("FROM STDIN"))) as copy:
            for line in lines:
                copy.write(line)
                count += 1
    except (psycopg.DataError, psycopg.IntegrityError) as fault:
        raise ValueError(table) from fault
    return count


def _copy(table: str, columns: Sequence[str], direction: sql.SQL) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, direction)
