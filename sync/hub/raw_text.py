"""A delivery nobody could read, shown as it came: masked where people may not be read, looks are kept.

Source: capabilities 15, unreadable_order; capabilities 2, each decryption is logged.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from app.domain.company import READS_ALL
from app.domain.scopes import works_for
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.hub.database import writing
from sync.hub.intake import Delivered
from sync.hub.masking import masked
from sync.hub.polling.taking import Tools
from sync.hub.tokens import Session
from sync.manifest.values import document
from sync.tables import raw, reveal, snag, subject_key
from sync.wire import new_id

LOOKS = "let_go"
"""Who may close such a case may look at what it is about."""
TEXT_MOST = 20_000
ROWS_MOST = 20
_NO_CASE = Text(N_("The hub does not know this delivery any more."))


def raw_text(tools: Tools, who: Session, case: str) -> str:
    """Return what came, laid out; kept and read in one transaction.

    Raises:
        Trouble: not_granted, no_case, or no_text: its text is not kept any more.
    """
    if LOOKS not in who.grants:
        raise Trouble("not_granted", Text(N_("You may not look at deliveries. Ask your lead.")))
    with writing(tools.engine) as db:
        row = _row(db, tools.feed_id, case)
        if row is None or not works_for(who.reach, row.replica_id.partition(":")[2]):
            raise Trouble("no_case", _NO_CASE)
        content = _content(db, tools, row)
        if not content:
            raise Trouble("no_text", Text(N_("Its text is not kept. Look at the imports of its shop.")))
        is_whole = who.user.role in READS_ALL
        if is_whole:
            _write_down(db, tools.feed_id, who, row.raw_id, tools.clock())
    shown = content if is_whole else masked(content)
    text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False, indent=2, default=str)
    return text[:TEXT_MOST]


def _row(db: Connection, feed_id: int, case: str) -> Any:
    s, r = snag.c, raw.c
    found = (
        select(r.raw_id, r.replica_id, r.source, r.received_at, r.subject_id, r.body)
        .join(snag, (s.feed_id == r.feed_id) & (s.subject_id == r.raw_id))
        .where(r.feed_id == feed_id, s.id == case, s.subject == "raw")
    )
    return db.execute(found).one_or_none()


def _content(db: Connection, tools: Tools, row: Any) -> Any:
    """Return what was kept: the text of a channel, or the rows of a file that were not taken."""
    kept = _opened(db, tools, row)
    if kept is None:
        return None
    if kept.payload:
        try:
            return document(kept.payload.encode())
        except Unreadable:
            return kept.payload
    rows = [*kept.rows]
    if not rows and kept.case is not None:
        rows = [one for each in _rejected(db, tools, row) for one in each.rows]
    return [{"row": one.row_no, **one.cells} for one in rows]


def _rejected(db: Connection, tools: Tools, row: Any) -> list[Delivered]:
    """Return the rows of the file that nobody could read, of many the last, in its order."""
    r = raw.c
    found = (
        select(r.raw_id, r.row_no, r.subject_id, r.body)
        .where(r.feed_id == tools.feed_id, r.replica_id == row.replica_id, r.verdict == "unreadable")
        .where(r.source == row.source, r.received_at <= row.received_at, r.raw_id != row.raw_id, r.row_no > 0)
        .order_by(r.received_at.desc(), r.row_no.desc())
        .limit(ROWS_MOST)
    )
    newest: dict[int, Any] = {}
    for one in db.execute(found):
        newest.setdefault(one.row_no, one)
    opened = [_opened(db, tools, newest[row_no]) for row_no in sorted(newest)]
    return [one for one in opened if one is not None]


def _opened(db: Connection, tools: Tools, row: Any) -> Delivered | None:
    k = subject_key.c
    at = k.feed_id == tools.feed_id, k.subject_id == row.subject_id
    wrapped = db.execute(select(k.wrapped).where(*at)).scalar()
    if wrapped is None:
        return None
    key = tools.seal.unwrap(row.subject_id, bytes(wrapped))
    return msgspec.json.decode(key.unpack(bytes(row.body)), type=Delivered)


def _write_down(db: Connection, feed_id: int, who: Session, raw_id: str, now: datetime) -> None:
    look = {"order_id": raw_id, "user_code": who.user.code, "login_id": who.login_id, "at": now}
    db.execute(insert(reveal).values(feed_id=feed_id, id=new_id(now), **look))
