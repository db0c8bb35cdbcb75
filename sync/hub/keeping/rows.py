"""Rows as text, the way PostgreSQL's COPY writes them: one form for the backups of both databases.

So a backup is read without the tools of either, and one taken of a file can be restored into a server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Boolean, Connection, Integer, LargeBinary, String, inspect

READ_ROWS = 2_000
WRITE_ROWS = 2_000

_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (Boolean, "bool"), (Integer, "int"), (LargeBinary, "bytes"), (String, "text"),
)  # fmt: skip


class Unfit(ValueError):
    """A line does not fit its table."""


class Shape(msgspec.Struct, frozen=True):
    """A table's columns and what each holds: bool | int | bytes | text."""

    table: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]


def shapes(db: Connection) -> list[Shape]:
    """Return every table that is there, whatever revision it is of."""
    looked = inspect(db)
    found = []
    for name in sorted(looked.get_table_names()):
        if name != "alembic_version":
            columns = looked.get_columns(name)
            kinds = tuple(_kind(column["type"]) for column in columns)
            found.append(Shape(name, tuple(column["name"] for column in columns), kinds))
    return found


def read_rows(db: Connection, shape: Shape) -> Iterator[bytes]:
    """Return a table's rows in pieces of whole lines, all from the connection's own snapshot."""
    if db.dialect.name == "postgresql":
        from sync.hub.keeping.copied import copied_out

        driver: Any = db.connection.driver_connection
        yield from copied_out(driver, shape.table, shape.columns)
        return
    cursor = db.exec_driver_sql(f"SELECT {_names(shape)} FROM {_quoted(shape.table)}")
    writers = [_WRITE[kind] for kind in shape.kinds]
    while rows := cursor.fetchmany(READ_ROWS):
        lines = ("\t".join([write(value) for write, value in zip(writers, row, strict=True)]) for row in rows)
        yield ("\n".join(lines) + "\n").encode()


def write_rows(db: Connection, shape: Shape, lines: Iterable[bytes]) -> int:
    """Put lines into an empty table; return how many.

    Raises:
        Unfit: a line is damaged.
    """
    if db.dialect.name == "postgresql":
        from sync.hub.keeping.copied import copied_in

        driver: Any = db.connection.driver_connection
        try:
            return copied_in(driver, shape.table, shape.columns, lines)
        except ValueError as fault:
            raise Unfit(f"a line of {shape.table} is damaged") from fault
    marks = ", ".join("?" * len(shape.columns))
    into = f"INSERT INTO {_quoted(shape.table)} ({_names(shape)}) VALUES ({marks})"
    count, part = 0, []
    for line in lines:
        part.append(values_of(line, shape))
        if len(part) == WRITE_ROWS:
            db.exec_driver_sql(into, part)
            count, part = count + len(part), []
    if part:
        db.exec_driver_sql(into, part)
    return count + len(part)


def values_of(line: bytes, shape: Shape) -> tuple[Any, ...]:
    """Return what one line holds.

    Raises:
        Unfit: it is damaged.
    """
    try:
        texts = line.decode().rstrip("\n").split("\t")
        return tuple(_READ[kind](text) for kind, text in zip(shape.kinds, texts, strict=True))
    except (ValueError, KeyError) as fault:
        raise Unfit(f"a line of {shape.table} is damaged") from fault


def _kind(column: Any) -> str:
    return next(name for sort, name in _KINDS if isinstance(column, sort))


def _names(shape: Shape) -> str:
    return ", ".join(map(_quoted, shape.columns))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# --- one value ------------------------------------------------------------------------------------


def _written_text(value: str | None) -> str:
    return "\\N" if value is None else value.translate(_SPECIAL)


def _written_int(value: int | None) -> str:
    return "\\N" if value is None else str(value)


def _written_bytes(value: bytes | None) -> str:
    return "\\N" if value is None else "\\\\x" + value.hex()


def _written_bool(value: int | None) -> str:
    return "\\N" if value is None else "t" if value else "f"


def _text(text: str) -> str | None:
    if text == "\\N":
        return None
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text


def _int(text: str) -> int | None:
    return None if text == "\\N" else int(text)


def _bytes(text: str) -> bytes | None:
    if text == "\\N":
        return None
    if not text.startswith("\\\\x"):
        raise ValueError(text[:4])
    return bytes.fromhex(text[3:])


def _bool(text: str) -> int | None:
    return {"\\N": None, "t": 1, "f": 0}[text]


_WRITE: dict[str, Callable[[Any], str]] = {
    "text": _written_text, "int": _written_int, "bytes": _written_bytes, "bool": _written_bool,
}  # fmt: skip
_READ: dict[str, Callable[[str], Any]] = {"text": _text, "int": _int, "bytes": _bytes, "bool": _bool}


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut pieces into whole lines.

    Raises:
        Unfit: the last one is cut off.
    """
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        raise Unfit("the last line is cut off")
