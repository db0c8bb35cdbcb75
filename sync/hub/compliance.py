"""The journals of the orders that went to the warehouse in a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.order import TITLES, Status
from app.insight.compliance import Compliance, Entry, played_again, written
from sync.hub.database import reading
from sync.tables import event
from sync.wire import HistoryEntry

_entry = msgspec.json.Decoder(HistoryEntry)
AT_ONCE = 500
"""So many orders' journals are held together."""


def compliance(
    engine: Engine, feed_id: int, since: datetime, until: datetime
) -> tuple[Compliance, Compliance]:
    """Return what was written down at each move of a time, and what the holds played again say."""
    sums = [Compliance(), Compliance()]
    with reading(engine) as db:
        for journals in _journals(db, feed_id, since, until):
            for at, count in enumerate((written, played_again)):
                more, before = count(journals, since, until), sums[at]
                sums[at] = Compliance(
                    moves=before.moves + more.moves,
                    green=before.green + more.green,
                    waived=before.waived + more.waived,
                )
    return sums[0], sums[1]


def _journals(db: Connection, feed_id: int, since: datetime, until: datetime) -> Iterator[list[list[Entry]]]:
    j = event.c
    moved = select(j.order_id).distinct().where(
        j.feed_id == feed_id, j.at >= since, j.at < until, j.body.contains(TITLES[Status.RELEASED])
    )  # fmt: skip
    ids = sorted(db.execute(moved).scalars())
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        rows = select(j.order_id, j.body).where(j.feed_id == feed_id, j.order_id.in_(some), j.at < until)
        found = db.execute(rows.order_by(j.order_id, j.seq, j.i)).all()
        yield [
            [(entry.at, entry.texts) for entry in (_entry.decode(row.body) for row in mine)]
            for _, mine in groupby(found, key=lambda row: row.order_id)
        ]
