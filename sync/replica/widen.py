"""A desk that may hold more than it has fetches the rest beside its work, as one file of the hub.

Source: sync.md section 11, a grant brings a mini-snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec

from app.ports import Changes
from app.text import Text
from sync.instants import instant
from sync.projection import Row
from sync.replica.bootstrap import fetch
from sync.replica.files import open_file
from sync.replica.link import OnStore
from sync.replica.store import Store
from sync.transport import Transport
from sync.wire import HistoryEntry

TAKEN_ROWS = 100
"""Rows of a file taken in at once, so that the person at the desk never waits."""


def widen(transport: Transport, store: Store, on_store: OnStore, tell: Callable[[Changes], None]) -> bool:
    """Fetch what the desk may hold by now and has not got; False when the hub has no such file.

    Raises:
        Trouble: the line broke; asked again, it goes on from there.
    """
    mark = store.mark
    ready = fetch(transport, store.folder, mark.had, mark.cursor)
    if ready is None:
        return False
    for rows in _rows_in(ready):
        tell(on_store(partial(store.take_in, rows, mark.reach)))
    on_store(partial(store.complete, mark.reach))
    ready.unlink()
    return True


def _rows_in(path: Path) -> Iterator[list[Row]]:
    """Read the rows of a fetched file, some at a time."""
    with closing(open_file(path, read_only=True)) as db:
        rows = db.execute("SELECT tbl, pk, seq, doc, scope FROM row")
        while found := rows.fetchmany(TAKEN_ROWS):
            yield [Row(*row) for row in found]
        lines = db.execute(
            "SELECT h.pk, h.order_id, h.seq, h.at, h.by, h.command, h.because, h.texts, o.scope "
            "FROM history h JOIN row o ON o.tbl = 'order' AND o.pk = h.order_id"
        )
        while found := lines.fetchmany(TAKEN_ROWS):
            yield [_line(*line) for line in found]


def _line(
    pk: str, order: str, seq: int, at: int, by: str, command: str, because: str, texts: str, scope: str
) -> Row:
    said = msgspec.json.decode(texts, type=tuple[Text, ...])
    entry = HistoryEntry(
        order=order, seq=seq, at=instant(at), by=by, command=command, because=because, texts=said
    )
    return Row("history", pk, seq, msgspec.json.encode(entry), scope)
