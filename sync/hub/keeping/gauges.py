"""What the database says of the hub's health, in Prometheus' text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

from sync.hub.database import reading
from sync.hub.keeping.backup import last_made
from sync.hub.meter import Sample, told
from sync.keeping_tables import anchor, evidence, witness
from sync.tables import account, effect, feed, snag

STATES = ("todo", "leased", "done", "rejected", "unknown")


def gauges(engine: Engine, feed_id: int, now: datetime) -> Iterator[str]:
    """Read a handful of figures from one snapshot."""
    with reading(engine) as db:
        stands = db.execute(select(feed).where(feed.c.feed_id == feed_id)).one()
        effects = [
            ({"state": state}, _count(db, effect, feed_id, effect.c.state == state)) for state in STATES
        ]
        figures = {
            "docket_head": ("The newest change.", stands.head),
            "docket_protected": ("The newest change with a second copy.", stands.protected_seq),
            "docket_floor": ("The oldest change desks can go on from.", stands.floor),
            "docket_channel_accounts": ("Channel accounts.", _count(db, account, feed_id)),
            "docket_exceptions_open": (
                "Open exceptions.", _count(db, snag, feed_id, snag.c.state == "open"),
            ),
            "docket_witnesses": (
                "Desks that keep a head of this life.",
                _count(db, witness, feed_id, witness.c.epoch == stands.epoch),
            ),
            "docket_evidence": (
                "Heads that desks hold against this history.", _count(db, evidence, feed_id),
            ),
        }  # fmt: skip
        ages = {
            "docket_backup_age_seconds": ("Since the last backup that counts.", last_made(db, feed_id)),
            "docket_anchor_age_seconds": ("Since the last anchor.", _last_anchor(db, feed_id)),
        }
    for name, (what, value) in figures.items():
        yield from told(name, "gauge", what, [({}, value)])
    yield from told("docket_effects", "gauge", "Calls to carriers and channels.", effects)
    for name, (what, at) in ages.items():
        age: list[Sample] = [({}, max(0.0, (now - at).total_seconds()))] if at else []
        yield from told(name, "gauge", what, age)


def _count(db: Connection, table: Table, feed_id: int, *where: Any) -> int:
    return db.execute(select(func.count()).where(table.c.feed_id == feed_id, *where)).scalar_one()


def _last_anchor(db: Connection, feed_id: int) -> datetime | None:
    made_at = db.execute(select(func.max(anchor.c.made_at)).where(anchor.c.feed_id == feed_id)).scalar()
    return made_at if isinstance(made_at, datetime) else None
