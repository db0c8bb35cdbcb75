"""Where the time of exceptions went, read off the rows the hub keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Engine, select

from app.domain.company import Holidays, Shift
from app.domain.evolve import Case
from app.domain.order import Snag
from app.domain.working_time import Calendar, calendar_of
from app.insight.handling import Took, took
from sync.hub.database import reading
from sync.tables import feed, orders, ref, snag

T = TypeVar("T")
_snag = msgspec.json.Decoder(Snag)
_case = msgspec.json.Decoder(Case)


class Handling(NamedTuple):
    """What was closed in a time, and what is open now."""

    closed: tuple[Took, ...]
    open: tuple[Took, ...]


def handling(engine: Engine, feed_id: int, since: datetime, until: datetime, now: datetime) -> Handling:
    """Return what was closed from `since` on and before `until`, and what is open.

    An exception that came back counts as it was closed last.
    """
    s, o = snag.c, orders.c
    joined = snag.outerjoin(orders, (o.feed_id == s.feed_id) & (o.id == s.subject_id))
    columns = select(s.subject, s.owner, s.state, s.closed_at, s.doc, o.shop).select_from(joined)
    mine = columns.where(s.feed_id == feed_id).order_by(s.id)
    with reading(engine) as db:
        docs = select(ref.c.tbl, ref.c.pk, ref.c.doc).where(ref.c.feed_id == feed_id)
        rows = db.execute(docs.where(ref.c.tbl.in_(("shift", "holidays")))).all()
        shifts = _decoded(rows, "shift", Shift)
        holidays = _decoded(rows, "holidays", Holidays)
        closed = db.execute(mine.where(s.state == "closed", s.closed_at >= since, s.closed_at < until)).all()
        waiting = db.execute(mine.where(s.state == "open")).all()

    @cache
    def calendar(shop: str) -> Calendar:
        return calendar_of(shop, shifts.values(), holidays)

    def read(row: Any, at: datetime) -> Took:
        kept = _snag.decode(row.doc) if row.subject == "order" else _case.decode(row.doc).snag
        return took(kept, row.owner, at, calendar(row.shop or ""))

    return Handling(
        tuple(read(row, row.closed_at) for row in closed), tuple(read(row, now) for row in waiting)
    )


def feeds(engine: Engine) -> list[tuple[int, datetime]]:
    """Return every company of a database, and what time it is there."""
    with reading(engine) as db:
        found = db.execute(select(feed.c.feed_id, feed.c.hub_at).order_by(feed.c.feed_id)).all()
    return [(row.feed_id, row.hub_at) for row in found]


def _decoded(rows: Any, table: str, kind: type[T]) -> Mapping[str, T]:
    return {row.pk: msgspec.json.decode(row.doc, type=kind) for row in rows if row.tbl == table}
