"""The orders of a time that were planned anew, out of the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Engine, and_, or_, select

from app.figures import Replan
from app.insight.replans import SIGNS, replans
from sync.hub.database import reading
from sync.tables import event, orders
from sync.wire import HistoryEntry

LISTED_MOST = 500
_entry = msgspec.json.Decoder(HistoryEntry)


def replans_of(
    engine: Engine, feed_id: int, since: datetime, until: datetime, shops: Collection[str]
) -> tuple[tuple[Replan, ...], bool]:
    """Return those of some shops, or of all where none is named, the newest first; and whether more were.

    Many orders are listed, each with everything one moment decided anew.
    """
    j, o = event.c, orders.c
    asked = (
        select(j.body, j.by, o.number)
        .join(orders, and_(o.feed_id == j.feed_id, o.id == j.order_id))
        .where(j.feed_id == feed_id, j.at >= since, j.at < until, or_(*map(j.body.contains, SIGNS)))
    )
    if shops:
        asked = asked.where(o.shop.in_(sorted(shops)))
    with reading(engine) as db:
        rows = db.execute(asked.order_by(j.at.desc(), j.order_id, j.i).limit(LISTED_MOST + 1)).all()
    found: list[Replan] = []
    for row in rows[:LISTED_MOST]:
        entry = _entry.decode(row.body)
        found += replans(entry.order, row.number, entry.at, row.by, entry.texts)
    return tuple(found), len(rows) > LISTED_MOST
