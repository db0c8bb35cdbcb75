"""The journals of the orders that went to the warehouse in a time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.order import TITLES, Status
from app.figures import GateReport, Passage
from app.insight.compliance import Compliance, Entry, moves, played_again, written
from sync.hub.database import reading
from sync.tables import event, orders
from sync.wire import HistoryEntry

_entry = msgspec.json.Decoder(HistoryEntry)
AT_ONCE = 500
"""So many orders' journals are held together."""
LISTED_MOST = 500
Journals = Mapping[str, list[Entry]]
"""By order."""


def gate_report(
    engine: Engine, feed_id: int, since: datetime, until: datetime, zone: ZoneInfo, now: datetime
) -> GateReport:
    """Return both figures of a time, and the moves to look at first; the newest of the others after them."""
    with reading(engine) as db:
        noted, again, listed = _read(db, feed_id, since, until)
        o = orders.c
        ids = {one.order for one in listed}
        rows = select(o.id, o.number).where(o.feed_id == feed_id, o.id.in_(ids))
        numbers: dict[str, str] = {row.id: row.number for row in db.execute(rows)}
    return GateReport(
        since=since,
        until=until,
        zone=zone.key,
        moves=noted.moves,
        green=noted.green,
        waived=noted.waived,
        replayed_moves=again.moves,
        replayed=again.green,
        passages=tuple(
            msgspec.structs.replace(one, number=numbers.get(one.order, one.order)) for one in listed
        ),
        as_of=now,
    )


def _passages(journals: Journals, since: datetime, until: datetime) -> Iterable[Passage]:
    for order, journal in journals.items():
        for move in moves(journal, since, until):
            yield Passage(order=order, number="", at=move.at, unmet=move.unmet, waived=move.waived)


def _as_listed(passage: Passage) -> tuple[bool, bool, float, str]:
    """Put first what one has to look at, then what somebody answers for, then what is newest."""
    return passage.is_green, not passage.waived, -passage.at.timestamp(), passage.order


def _sum(one: Compliance, other: Compliance) -> Compliance:
    return Compliance(
        moves=one.moves + other.moves, green=one.green + other.green, waived=one.waived + other.waived
    )


def compliance(
    engine: Engine, feed_id: int, since: datetime, until: datetime
) -> tuple[Compliance, Compliance]:
    """Return what was written down at each move of a time, and what the holds played again say."""
    with reading(engine) as db:
        noted, again, _ = _read(db, feed_id, since, until)
    return noted, again


def _read(
    db: Connection, feed_id: int, since: datetime, until: datetime
) -> tuple[Compliance, Compliance, list[Passage]]:
    noted, again, listed = Compliance(), Compliance(), list[Passage]()
    for journals in _journals(db, feed_id, since, until):
        noted = _sum(noted, written(journals.values(), since, until))
        again = _sum(again, played_again(journals.values(), since, until))
        listed = heapq.nsmallest(LISTED_MOST, [*listed, *_passages(journals, since, until)], key=_as_listed)
    return noted, again, listed


def _journals(db: Connection, feed_id: int, since: datetime, until: datetime) -> Iterator[Journals]:
    j = event.c
    moved = select(j.order_id).distinct().where(
        j.feed_id == feed_id, j.at >= since, j.at < until, j.body.contains(TITLES[Status.RELEASED])
    )  # fmt: skip
    ids = sorted(db.execute(moved).scalars())
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        rows = select(j.order_id, j.body).where(j.feed_id == feed_id, j.order_id.in_(some), j.at < until)
        found = db.execute(rows.order_by(j.order_id, j.seq, j.i)).all()
        yield {
            order: [(entry.at, entry.texts) for entry in (_entry.decode(row.body) for row in mine)]
            for order, mine in groupby(found, key=lambda row: row.order_id)
        }
