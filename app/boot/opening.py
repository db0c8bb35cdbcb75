"""Open the hub's database with its writer: what every verb that touches it shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Engine, make_url, select

import resources
from app.boot.places import data_dir, master_key
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from sync.hub.api import Hub
from sync.hub.database import open_database, reading
from sync.hub.delivery import CHANNELS
from sync.hub.intake import claim, release, submit_page
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Writer
from sync.tables import feed, ref, replica

FEED_ID = 1

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


def resumed_clock(engine: Engine, first_at: datetime) -> Clock:
    """Return a clock that goes on where the company was last closed: a demo is the same next month.

    Source: architecture section 9, demo company.
    """
    with reading(engine) as db:
        last_at = db.execute(select(feed.c.hub_at).where(feed.c.feed_id == FEED_ID)).scalar_one_or_none()
    start_at = max(first_at, last_at) if last_at else first_at
    begun_s = time.monotonic()
    return lambda: start_at + timedelta(seconds=time.monotonic() - begun_s)


@dataclass(frozen=True, slots=True)
class Running:
    """One hub at work: what jobs and HTTP share."""

    hub: Hub
    gazetteer: Gazetteer

    def shops(self) -> dict[str, Shop]:
        """Return the shops by code."""
        with reading(self.hub.engine) as db:
            rows = db.execute(
                select(ref.c.pk, ref.c.doc).where(ref.c.feed_id == FEED_ID, ref.c.tbl == "shop")
            ).all()
        return {row.pk: msgspec.json.decode(row.doc, type=Shop) for row in rows}

    def drain(self) -> bool:
        """Submit receipts that wait in any channel account; say whether there may be more."""
        hub = self.hub
        with reading(hub.engine) as db:
            kinds = select(replica.c.replica_id).where(
                replica.c.feed_id == FEED_ID, replica.c.kind == "channel"
            )
            accounts = db.execute(kinds).scalars().all()
        return sum(self.drain_account(account) for account in accounts) > 0

    def drain_account(self, account: str) -> bool:
        """Submit one page of one account's receipts, unless another process is at it."""
        hub = self.hub
        fence = claim(hub.engine, FEED_ID, account, 0, wall_clock())
        if not fence:
            return False
        try:
            answers = submit_page(
                hub.engine,
                FEED_ID,
                hub.seal,
                hub.writer,
                account,
                CHANNELS,
                self.shops(),
                self.gazetteer,
                hub.clock(),
            )
        finally:
            release(hub.engine, FEED_ID, account, fence, wall_clock())
        return bool(answers)


def open_hub(
    database: str, *, clock: Clock | None = None, first_at: datetime | None = None, door: str = ""
) -> Running:
    """Open a database and start its writer; no jobs, no HTTP yet."""
    engine = open_database(database)
    now = clock or (resumed_clock(engine, first_at) if first_at else wall_clock)
    seal = Seal(master_key(database))
    gazetteer = Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))
    writer = Writer(engine, FEED_ID, seal, now, gazetteer)
    writer.start()
    snapshots = Snapshots(engine, FEED_ID, seal, _snapshot_folder(database))
    with reading(engine) as db:
        epoch = db.execute(select(feed.c.epoch).where(feed.c.feed_id == FEED_ID)).scalar_one_or_none() or ""
    hub = Hub(engine, FEED_ID, epoch, seal, writer, snapshots, now, door)
    return Running(hub, gazetteer)


def _snapshot_folder(database: str) -> Path:
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent / "snapshots"
    return data_dir() / "snapshots"
