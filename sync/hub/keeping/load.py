"""Put a backup's rows into an empty database, at the revision they were written by."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import IntegrityError

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import migrate
from sync.hub.keeping.manifest import Manifest, Part
from sync.hub.keeping.rows import Shape, Unfit, lines_of, shapes, write_rows

PIECE_BYTES = 1_000_000


def load(db: Connection, folder: Path, manifest: Manifest) -> None:
    """Make the tables and fill them, then bring them to the newest revision; the caller commits all of it.

    Raises:
        Trouble: not_empty: the database has tables already; damaged_backup.
    """
    if inspect(db).get_table_names():
        raise Trouble(
            "not_empty",
            Text(N_("There is something in this database already. Restore into an empty one.")),
        )
    migrate(db, manifest.revision)
    made = {shape.table: shape for shape in shapes(db)}
    for part in manifest.parts:
        into = _fitting(made.get(part.shape.table), part)
        try:
            count = write_rows(db, into, lines_of(_pieces(folder / part.file)))
        except (Unfit, EOFError, gzip.BadGzipFile, zlib.error, IntegrityError) as fault:
            raise _damaged(part) from fault
        if count != part.rows:
            raise _damaged(part)
    migrate(db, "head")


def _fitting(made: Shape | None, part: Part) -> Shape:
    """Return where the part's columns go: kinds are ours, order is the part's."""
    if made is None or set(made.columns) != set(part.shape.columns):
        raise _damaged(part)
    kinds = dict(zip(made.columns, made.kinds, strict=True))
    return Shape(made.table, part.shape.columns, tuple(kinds[name] for name in part.shape.columns))


def _pieces(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _damaged(part: Part) -> Trouble:
    return Trouble(
        "damaged_backup",
        Text(N_("{file} of this backup is missing or damaged. Take another one."), {"file": part.file}),
    )
