"""Where the time of exceptions went, read off the rows the hub keeps of them and the journal of orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.company import DUTY_GRANTS, Holidays, Shift, User
from app.domain.evolve import Case
from app.domain.kind_names import called_now
from app.domain.order import Snag
from app.domain.routing import shift_of
from app.domain.snag_events import CLEARED
from app.domain.working_time import Calendar, calendar_of
from app.insight.handling import Handling, Took, paces, took
from app.text import Text
from sync.hub.database import reading
from sync.tables import event, feed, orders, ref, snag
from sync.wire import HistoryEntry

T = TypeVar("T")
_snag = msgspec.json.Decoder(Snag)
_case = msgspec.json.Decoder(Case)
_entry = msgspec.json.Decoder(HistoryEntry)
ORDERS_AT_ONCE = 500
"""So many orders' journals are asked for together."""


def handling(engine: Engine, feed_id: int, since: datetime, until: datetime, now: datetime) -> Handling:
    """Return what was closed from `since` on and before `until`, and what is open.

    An exception that came back counts as it was closed last.
    """
    s, o = snag.c, orders.c
    joined = snag.outerjoin(orders, (o.feed_id == s.feed_id) & (o.id == s.subject_id))
    columns = select(s.subject, s.subject_id, s.owner, s.state, s.closed_at, s.doc, o.shop).select_from(
        joined
    )
    mine = columns.where(s.feed_id == feed_id).order_by(s.id)
    with reading(engine) as db:
        docs = select(ref.c.tbl, ref.c.pk, ref.c.doc).where(ref.c.feed_id == feed_id)
        rows = db.execute(docs.where(ref.c.tbl.in_(("shift", "holidays", "user")))).all()
        shifts, users = decoded(rows, "shift", Shift), decoded(rows, "user", User)
        holidays = decoded(rows, "holidays", Holidays)
        closed = db.execute(mine.where(s.state == "closed", s.closed_at >= since, s.closed_at < until)).all()
        waiting = db.execute(mine.where(s.state == "open")).all()
        journal = _journal(db, feed_id, [row.subject_id for row in closed if row.subject == "order"])

    @cache
    def calendar(shop: str) -> Calendar:
        return calendar_of(shop, shifts.values(), holidays)

    def snag_of(row: Any) -> Snag:
        return _snag.decode(row.doc) if row.subject == "order" else _case.decode(row.doc).snag

    def subject_of(row: Any) -> str:
        """Name what a desk calls it by: the order, or the case itself."""
        return str(row.subject_id if row.subject == "order" else _case.decode(row.doc).id)

    known = {(entry.by, entry.at) for entries in journal.values() for entry in entries if entry.by in users}
    pace = paces(known)

    def ended(row: Any) -> Took:
        kept, at = snag_of(row), row.closed_at
        entries = [entry for entry in journal.get(row.subject_id, ()) if entry.at <= at]
        tries = [entry for entry in entries if _is_try(entry, kept)]
        unclaimed = tries[-1:] if kept.claimed_at is None else []
        owner = users.get(row.owner)
        at_work = shift_of(owner, shifts, holidays, at) if owner is not None else None
        return msgspec.structs.replace(
            took(kept, row.owner, at, calendar(row.shop or "")),
            subject=subject_of(row),
            opened_at=kept.opened_at,
            ended_at=at,
            shift=at_work[0].title if at_work is not None else "",
            tries=len(tries),
            pace_s=next((pace.get((last.by, last.at)) for last in unclaimed), None),
            came_back=max(0, sum(_is_end(text, kept) for entry in entries for text in entry.texts) - 1),
        )

    def still(row: Any) -> Took:
        kept = snag_of(row)
        since = took(kept, row.owner, now, calendar(row.shop or ""))
        return msgspec.structs.replace(since, subject=subject_of(row), opened_at=kept.opened_at)

    return Handling(tuple(ended(row) for row in closed), tuple(still(row) for row in waiting))


def _is_try(entry: HistoryEntry, kept: Snag) -> bool:
    """Tell whether somebody changed the order to cure this; who has it or when it is due cures nothing."""
    is_meant = called_now(entry.because) == kept.kind and entry.at >= kept.opened_at
    return is_meant and entry.command not in DUTY_GRANTS


def _is_end(text: Text, kept: Snag) -> bool:
    """Tell whether a sentence of the journal says that this was closed; figures in it may be others."""
    said = text.params.get("text")
    return text.message == CLEARED and isinstance(said, Text) and said.message == kept.text.message


def _journal(db: Connection, feed_id: int, orders_: Iterable[str]) -> Mapping[str, list[HistoryEntry]]:
    """Return what was done to some orders, by order."""
    ids, found = sorted(set(orders_)), dict[str, list[HistoryEntry]]()
    j = event.c
    for at in range(0, len(ids), ORDERS_AT_ONCE):
        some = ids[at : at + ORDERS_AT_ONCE]
        rows = select(j.order_id, j.body).where(j.feed_id == feed_id, j.order_id.in_(some))
        for order, body in db.execute(rows.order_by(j.order_id, j.seq, j.i)):
            found.setdefault(order, []).append(_entry.decode(body))
    return found


def feeds(engine: Engine) -> list[tuple[int, datetime]]:
    """Return every company of a database, and what time it is there."""
    with reading(engine) as db:
        found = db.execute(select(feed.c.feed_id, feed.c.hub_at).order_by(feed.c.feed_id)).all()
    return [(row.feed_id, row.hub_at) for row in found]


def decoded(rows: Any, table: str, kind: type[T]) -> Mapping[str, T]:
    """Return the rows of one table, by key."""
    return {row.pk: msgspec.json.decode(row.doc, type=kind) for row in rows if row.tbl == table}
