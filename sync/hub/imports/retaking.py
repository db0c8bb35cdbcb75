"""Rows of a file nobody could read are laid out once more, so that a mended mapping takes them in.

They come out of the archive as they came in, under their own columns: what is said of those now is kept for
the next file too. Each row was kept once, and what was taken meanwhile is known by its order.
Source: capabilities 15, unreadable_order.
"""

from __future__ import annotations

import csv
import secrets
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, insert, select

from app.domain.company import READS_ALL
from app.domain.scopes import works_for
from app.domain.spreadsheet import neutral
from app.imports import Retake
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.imports import records
from sync.hub.imports.counter import Counter
from sync.hub.imports.records import Record
from sync.hub.imports.rejected import rejected_rows
from sync.hub.imports.taking import Tools
from sync.hub.intake import Delivered
from sync.hub.tokens import Session
from sync.tables import raw, reveal, snag, subject_key
from sync.wire import new_id

NO_CASE = Text(N_("The hub does not know this delivery any more."))
NO_ROWS = Text(N_("Its rows are not kept as a file. Correct the file, import it again."))


def retake(counter: Counter, case: str, who: Session) -> Retake:
    """Lay out the rows of a file's case for a person, who sees them in full: that is written down.

    Raises:
        Trouble: masked, no_case, no_rows, or joined: its rows stand in several files.
    """
    if who.user.role not in READS_ALL:
        raise Trouble("masked", Text(N_("You read names masked. Ask whoever reads them in full.")))
    tools = counter.tools
    raw_id, record = _record(tools, case, who)
    if len(record.files) > 1:
        message = N_("These rows come from several files. Save them in the import, correct and import them.")
        raise Trouble("joined", Text(message))
    written = counter.folder / f"retake-{secrets.token_hex(8)}.part"
    counter.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with reading(tools.engine) as db:
            _write(db, tools, record, written)
        look = counter.lay_out(record.files[0], written, case, who.user.code)
    finally:
        written.unlink(missing_ok=True)
    _write_down(tools.engine, tools.feed_id, who, raw_id, tools.clock())
    return Retake(shop=record.shop, file=look)


def _record(tools: Tools, case: str, who: Session) -> tuple[str, Record]:
    """Return what is kept of the case, and the import it is about."""
    s, r, k = snag.c, raw.c, subject_key.c
    found = (
        select(r.raw_id, r.subject_id, r.body, k.wrapped)
        .join(snag, (s.feed_id == r.feed_id) & (s.subject_id == r.raw_id))
        .join(subject_key, (k.feed_id == r.feed_id) & (k.subject_id == r.subject_id))
        .where(r.feed_id == tools.feed_id, s.id == case, s.subject == "raw", s.state == "open")
    )
    with reading(tools.engine) as db:
        row = db.execute(found).one_or_none()
        if row is None:
            raise Trouble("no_case", NO_CASE)
        key = tools.seal.unwrap(row.subject_id, bytes(row.wrapped))
        kept = msgspec.json.decode(key.unpack(bytes(row.body)), type=Delivered)
        record = records.find(db, tools.feed_id, kept.import_id) if kept.import_id else None
    if record is None:
        raise Trouble("no_rows", NO_ROWS)
    if not works_for(who.reach, record.shop):
        raise Trouble("no_case", NO_CASE)
    return row.raw_id, record


def _write(db: Connection, tools: Tools, record: Record, path: Path) -> None:
    """Write each row once, in the order of its file."""
    path.touch(mode=0o600)
    header, written = record.headers[0], set[int]()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(neutral, header))
        for row, _reason in rejected_rows(db, tools, record):
            if row.row_no not in written:
                written.add(row.row_no)
                writer.writerow([neutral(row.cells.get(name, "")) for name in header])
    if not written:
        raise Trouble("no_rows", NO_ROWS)


def _write_down(engine: Engine, feed_id: int, who: Session, raw_id: str, now: datetime) -> None:
    look = {"order_id": raw_id, "user_code": who.user.code, "login_id": who.login_id, "at": now}
    with writing(engine) as db:
        db.execute(insert(reveal).values(feed_id=feed_id, id=new_id(now), **look))
