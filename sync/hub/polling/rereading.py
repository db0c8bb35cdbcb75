"""What nobody could read is read once more because somebody asks: as it is now, or as it was kept.

Who asks puts the case off until the channel answers; once it is read it is closed, else it comes back.
Source: capabilities 15, unreadable_order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from app.commands.read_again import KIND
from app.domain.clock import Wait
from app.domain.evolve import Case
from sync.channel import Unreadable
from sync.hub.closing import close_case
from sync.hub.database import reading
from sync.hub.intake import Delivered
from sync.hub.polling.connections import Connected
from sync.hub.polling.taking import Tools, take_records
from sync.hub.polling.understood import understood
from sync.manifest.mapping import number_in, orders_in
from sync.manifest.values import document
from sync.tables import micros, raw, snag, subject_key

Fetch = Callable[[str], Any]
"""Asks the channel for one order by its number there."""
PAGE = 500


class Asked(NamedTuple):
    """A case somebody wants read again, what was kept of it, and since when it is wanted."""

    case: str
    at: datetime
    payload: str


def asked_cases(tools: Tools, one: Connected, done: Mapping[str, datetime]) -> list[Asked]:
    """Return the cases of a shop that wait for its channel, as far as their text is still there.

    Those that were `done` for when they were asked are left out.
    """
    s, r = snag.c, raw.c
    found = (
        select(s.doc)
        .join(raw, (r.feed_id == s.feed_id) & (r.raw_id == s.subject_id))
        .where(s.feed_id == tools.feed_id, s.kind == KIND, s.state == "open", s.asleep)
        .where(r.replica_id == one.account)
        .order_by(s.id)
        .limit(PAGE)
    )
    with reading(tools.engine) as db:
        cases = [msgspec.json.decode(doc, type=Case) for doc in db.execute(found).scalars()]
        waiting = {
            case.subject_id: (case.id, snooze.at)
            for case in cases
            if (snooze := case.snag.snooze)
            and snooze.wait == Wait.PLATFORM
            and done.get(case.id) != snooze.at
        }
        texts = _texts(db, tools, waiting) if waiting else {}
    return [Asked(case, at, texts[raw_id]) for raw_id, (case, at) in waiting.items() if raw_id in texts]


def _texts(db: Connection, tools: Tools, raw_ids: Collection[str]) -> dict[str, str]:
    """Open what was kept of some deliveries."""
    r, k = raw.c, subject_key.c
    found = (
        select(r.raw_id, r.subject_id, r.body, k.wrapped)
        .join(subject_key, (k.feed_id == r.feed_id) & (k.subject_id == r.subject_id))
        .where(r.feed_id == tools.feed_id, r.raw_id.in_(raw_ids))
    )
    texts = {}
    for row in db.execute(found):
        key = tools.seal.unwrap(row.subject_id, bytes(row.wrapped))
        texts[row.raw_id] = msgspec.json.decode(key.unpack(bytes(row.body)), type=Delivered).payload
    return texts


def read_case(tools: Tools, one: Connected, asked: Asked, fetch: Fetch | None) -> bool:
    """Read it once more and close its case; False where that failed again.

    Raises:
        Trouble: the channel cannot be asked now.
    """
    records = _kept(one, asked.payload)
    number = number_in(one.manifest, records[0]) if len(records) == 1 else ""
    if number and fetch is not None:
        records = orders_in(one.manifest, fetch(number)) or records
    read = understood(one, tools.seal, records, tools.clock(), tools.plugin(one))
    if not read.drafts or read.rejected:
        return False
    take_records(tools, one, records, "manual")
    close_case(
        tools.engine, tools.feed_id, tools.seal, one.account, one.shop, one.manifest.id, asked.case,
        f"read {micros(asked.at)}", tools.clock(), via="manual",
    )  # fmt: skip
    return True


def _kept(one: Connected, payload: str) -> list[Any]:
    try:
        content = document(payload.encode())
    except Unreadable:
        return []
    found = orders_in(one.manifest, content)
    return found or ([content] if isinstance(content, dict) else [])
