"""The hub process: database, batch writer, jobs and HTTP. Starts where Qt is not installed."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import uvicorn
from sqlalchemy import Engine, make_url, select

import resources
from app.boot.places import data_dir, master_key
from app.domain.company import Shop
from app.domain.gazetteer import Gazetteer
from app.engine import SPECS  # noqa: F401 - the engine must import before the writer's first batch
from sync.hub.api import Hub, application
from sync.hub.database import open_database, reading
from sync.hub.delivery import CHANNELS
from sync.hub.intake import claim, release, submit_page
from sync.hub.jobs import WORKER, Every, open_worker, recheck_page
from sync.hub.seal import Seal
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Writer
from sync.tables import feed, ref, replica

FEED_ID = 1
RECHECK_PAUSE_S = 0.5
DRAIN_PAUSE_S = 0.5

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


def jobs(running: Running) -> list[Every]:
    """Return what the hub does by itself; the caller starts and stops them."""
    hub = running.hub
    worker = open_worker(hub.engine, FEED_ID, WORKER, hub.clock())
    return [
        Every(
            "recheck",
            RECHECK_PAUSE_S,
            lambda: bool(recheck_page(hub.engine, FEED_ID, hub.writer, worker, hub.clock())),
        ),
        Every("drain", DRAIN_PAUSE_S, running.drain),
    ]


def serve(running: Running, listen: str, *, is_child: bool = False) -> None:
    """Answer over HTTP until told to stop; a child stops when its parent's pipe closes."""
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        application(running.hub),
        host=host or "127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
        http="httptools",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_announce, args=(server,), daemon=True).start()
    if is_child:
        threading.Thread(target=_follow_parent, args=(server,), daemon=True).start()
    with ExitStack() as stack:
        for job in jobs(running):
            job.start()
            stack.callback(job.stop)
        stack.callback(running.hub.writer.stop)
        server.run()


def _announce(server: uvicorn.Server) -> None:
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    print(json.dumps({"url": f"http://{host}:{port}"}), flush=True)


def _follow_parent(server: uvicorn.Server) -> None:
    sys.stdin.read()  # returns when the parent is gone, however it went
    server.should_exit = True


def _snapshot_folder(database: str) -> Path:
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent / "snapshots"
    return data_dir() / "snapshots"


def main(argv: list[str]) -> int:
    """`docket hub --database URL --listen HOST:PORT`."""
    parser = argparse.ArgumentParser(prog="docket hub", description=__doc__)
    parser.add_argument("--database", required=True, help="sqlite:///FILE or postgresql+psycopg://…")
    parser.add_argument("--listen", default="127.0.0.1:8765", help="HOST:PORT; port 0 takes a free one")
    parser.add_argument("--demo", action="store_true", help="fill an empty database with the demo company")
    parser.add_argument("--child", action="store_true", help="stop when standard input closes")
    asked = parser.parse_args(argv)
    door = os.environ.get("DOCKET_DOOR", "")
    if asked.demo:
        from app.boot.demo import open_demo

        running = open_demo(asked.database, door)
    else:
        running = open_hub(asked.database, door=door)
    serve(running, asked.listen, is_child=asked.child)
    return 0
