"""What a desk shows while everything goes on: the hub's rows with its own pending work over them, no more.

The store changes its rows step by step; here the same rows are made from the beginning and compared.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.domain.gazetteer import Gazetteer
from sync.replica.files import open_file
from sync.replica.overlay import Overlay
from sync.replica.rows import RefsCache
from sync.replica.store import Store


def overlay_differs(store: Store, gazetteer: Gazetteer | None) -> Iterator[str]:
    """Name the rows that are not what they would be had everything pending been laid over them just now."""
    pending = store._pending(store.mark)
    covered = _covered(store._db)
    if not pending and not covered:
        return
    if any(one.n not in store._overlay._laid for one in pending):
        return  # kept on a full disk: what could not be shown then is shown with the next page
    with TemporaryDirectory(dir=store.folder) as folder:
        path = Path(folder) / "again.db"
        path.write_bytes(store._db.serialize())
        with closing(open_file(path)) as db:
            again = Overlay(RefsCache(lambda: gazetteer))
            again.desk, again.reach = store.desk, store.mark.reach
            db.execute("BEGIN")
            again.renew(db, pending)
            for key in sorted(covered | _covered(db)):
                if _doc(store._db, key) != _doc(db, key):
                    yield f"{'/'.join(key)} is not its base with what waits over it"


_look = sqlite3.Connection.execute
"""Past whatever is to go wrong with this disk: who looks on does not wear it out."""


def _covered(db: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(_look(db, "SELECT tbl, pk FROM before").fetchall())


def _doc(db: sqlite3.Connection, key: tuple[str, str]) -> Any:
    found = _look(db, "SELECT doc FROM row WHERE tbl = ? AND pk = ?", key).fetchone()
    return found[0] if found else None
