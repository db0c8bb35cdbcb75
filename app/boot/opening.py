"""Open the hub's database with its writer: what every verb that touches it shares."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
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
from sync.hub.intake import LEASE, claim, page_of_receipts, release, waiting_accounts
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Writer
from sync.tables import feed, ref
from sync.wire import Answer

FEED_ID = 1
PAGES_AHEAD = 4
"""Pages handed to the writer whose answers are still awaited: it fills a batch of 500 from them."""

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
        """Submit what waits in any channel account; say whether anything did."""
        with reading(self.hub.engine) as db:
            accounts = waiting_accounts(db, FEED_ID)
        return bool(accounts) and self._drain(accounts)

    def drain_account(self, account: str) -> bool:
        """Submit what waits in one account, unless another process is at it; say whether anything did."""
        return self._drain([account])

    def _drain(self, accounts: Sequence[str]) -> bool:
        engine = self.hub.engine
        fences = {one: claim(engine, FEED_ID, one, 0, wall_clock()) for one in accounts}
        held = [one for one, fence in fences.items() if fence]
        try:
            return bool(held) and self._submit(held)
        finally:
            for one in held:
                release(engine, FEED_ID, one, fences[one], wall_clock())

    def _submit(self, accounts: Sequence[str]) -> bool:
        """Take turns over the accounts, a page each; the next page is prepared while one is decided."""
        hub, shops = self.hub, self.shops()
        until_s = time.monotonic() + LEASE.total_seconds() / 3
        reached: dict[str, int | None] = dict.fromkeys(accounts)
        flying: deque[Future[list[Answer]]] = deque()
        is_any = False
        while reached and time.monotonic() < until_s:
            for account, after_n in list(reached.items()):
                job = page_of_receipts(
                    hub.engine,
                    FEED_ID,
                    hub.seal,
                    account,
                    after_n,
                    CHANNELS,
                    shops,
                    self.gazetteer,
                    hub.clock(),
                )
                if job is None:
                    del reached[account]
                    continue
                is_any = True
                reached[account] = job.commands[-1].n
                flying.append(hub.writer.submit(job))
                if len(flying) > PAGES_AHEAD:
                    flying.popleft().result()
        for future in flying:
            future.result()
        return is_any


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
