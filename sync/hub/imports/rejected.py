"""The rows of an import that were not taken, as files a clerk can correct and import again."""

from __future__ import annotations

import csv
import secrets
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select, union_all

from app.domain.spreadsheet import neutral
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Numbered
from sync.hub.database import reading
from sync.hub.imports.counter import Counter
from sync.hub.imports.records import Record
from sync.hub.imports.taking import Tools
from sync.hub.intake import Delivered
from sync.import_tables import import_receipt, import_reject
from sync.tables import raw, receipt, subject_key

_delivered = msgspec.json.Decoder(Delivered)


def write_rejected(counter: Counter, id: str, language: str) -> Path:
    """Write the rejected rows of an import to a file of the hub, to be sent and deleted.

    One file imported gives a CSV; several give a ZIP of one CSV each.

    Raises:
        Trouble: no such import, or nothing was rejected.
    """
    tools, record = counter.tools, counter.runs.record(id)
    mark = secrets.token_hex(8)
    paths = [counter.folder / f"rejected-{mark}.{i}.part" for i in range(len(record.files))]
    out = counter.folder / f"rejected-{mark}.out"
    counter.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with ExitStack() as stack, reading(tools.engine) as db:
            rows = rejected_rows(db, tools, record)
            _write(rows, record, paths, stack, lambda text: counter.say(text, language))
        there = [i for i, path in enumerate(paths) if path.exists()]
        if not there:
            raise Trouble("nothing", Text(N_("Every row was taken. There is nothing to correct.")))
        if len(record.files) == 1:
            return paths[0].replace(out)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for i in there:
                archive.write(paths[i], f"{Path(record.files[i]).stem}.rejected.csv")
        return out
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _write(
    rows: Iterator[tuple[Numbered, Text]],
    record: Record,
    paths: Sequence[Path],
    stack: ExitStack,
    say: Callable[[Text], str],
) -> None:
    """Write each row once, into the file of the file it came from."""
    writers: dict[int, Any] = {}
    written = set[tuple[int, int]]()
    for row, reason in rows:
        header = record.headers[row.file]
        if row.file not in writers:
            paths[row.file].touch(mode=0o600)
            file = stack.enter_context(paths[row.file].open("w", encoding="utf-8-sig", newline=""))
            writers[row.file] = csv.writer(file)
            writers[row.file].writerow([*map(neutral, header), "row", "reason"])
        if (row.file, row.row_no) not in written:
            written.add((row.file, row.row_no))
            cells = [neutral(row.cells.get(name, "")) for name in header]
            writers[row.file].writerow([*cells, row.row_no, say(reason)])


def rejected_rows(db: Connection, tools: Tools, record: Record) -> Iterator[tuple[Numbered, Text]]:
    """Yield the rows nobody could read, and those of orders the hub refused, each with its reason."""
    for row in db.execute(_unreadable(tools.feed_id, record)):
        key = tools.seal.unwrap(row.subject_id, bytes(row.wrapped))
        delivered = _delivered.decode(key.unpack(row.body))
        reason = msgspec.json.decode(row.reason, type=Text)
        for one in delivered.rows:
            yield one, reason


def _unreadable(feed_id: int, record: Record) -> Select[Any]:
    wanted = union_all(
        select(import_reject.c.raw_id).where(
            import_reject.c.feed_id == feed_id, import_reject.c.import_id == record.id
        ),
        select(receipt.c.raw_id)
        .join(
            import_receipt,
            (import_receipt.c.feed_id == receipt.c.feed_id) & (import_receipt.c.n == receipt.c.n),
        )
        .where(
            receipt.c.feed_id == feed_id,
            receipt.c.replica_id == f"file:{record.shop}",
            import_receipt.c.import_id == record.id,
        ),
    ).subquery()
    return (
        select(raw.c.raw_id, raw.c.subject_id, raw.c.body, raw.c.reason, subject_key.c.wrapped)
        .join(wanted, wanted.c.raw_id == raw.c.raw_id)
        .join(
            subject_key,
            (subject_key.c.feed_id == raw.c.feed_id) & (subject_key.c.subject_id == raw.c.subject_id),
        )
        .where(raw.c.feed_id == feed_id, raw.c.verdict == "unreadable", raw.c.reason != "")
        .order_by(raw.c.source, raw.c.row_no, raw.c.raw_id)
    )
