"""Open the hub's database with its writer: what every verb that touches it shares."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
from sqlalchemy import URL, Engine, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

import resources
from app.boot.divisions import load_atlas, load_gazetteer
from app.boot.places import data_dir, master_key
from app.boot.words import console
from app.domain.company import Company, Shop
from app.domain.gazetteer import Gazetteer
from app.sourcing.ways import Ways
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.api import Hub
from sync.hub.company import install_company
from sync.hub.database import NewerSchema, open_database, reading, writing
from sync.hub.drain import Drain
from sync.hub.imports.counter import Counter
from sync.hub.imports.delivery import CHANNELS
from sync.hub.imports.match import Names, names_from
from sync.hub.imports.taking import Tools
from sync.hub.keeping.restore import begin_life
from sync.hub.keeping.upgrade import upgrade_file
from sync.hub.prepare import Preparer
from sync.hub.seal import Seal, Unreadable
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Writer
from sync.tables import feed, ref, subject_key

FEED_ID = 1
YOUNG_OBJECTS = 20_000
"""New objects before Python looks for cycles among them; it starts with 700."""
BACKENDS = ("sqlite", "postgresql")

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
    accounts: Drain

    def shops(self) -> dict[str, Shop]:
        """Return the shops by code."""
        with reading(self.hub.engine) as db:
            rows = db.execute(
                select(ref.c.pk, ref.c.doc).where(ref.c.feed_id == FEED_ID, ref.c.tbl == "shop")
            ).all()
        return {row.pk: msgspec.json.decode(row.doc, type=Shop) for row in rows}

    def drain(self) -> bool:
        """Submit receipts that wait in any channel account; say whether there may be more."""
        return self.accounts.page() > 0

    def close(self) -> None:
        """Finish the batch at hand, give the channel accounts back and let the database go."""
        if self.hub.counter is not None:
            self.hub.counter.close()
        self.hub.writer.stop()
        self.accounts.close()
        self.hub.engine.dispose()


def read_address(database: str) -> URL:
    """Return the address of a database, read.

    Raises:
        Trouble: it is none.
    """
    try:
        url = make_url(database)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in BACKENDS:
        raise Trouble(
            "database",
            Text(N_("This is no database address. Write sqlite:///FILE or postgresql://USER@HOST/NAME.")),
        )
    return url


def opened(database: str, how: Callable[[str], Engine] = open_database) -> Engine:
    """Return the database at its newest schema, or as `how` opens it.

    Raises:
        Trouble: it cannot be used; the hint says why and what to do.
    """
    url = read_address(database)
    named = url.render_as_string(hide_password=True)
    try:
        if how is open_database and _is_file(url):
            upgrade_file(Path(str(url.database)), anyway=bool(os.environ.get("DOCKET_UPGRADE_ANYWAY")))
        return how(database)
    except NewerSchema as fault:
        raise Trouble(
            "newer_schema",
            Text(N_("A newer Docket has used {database}. Update this one."), {"database": named}),
        ) from fault
    except DBAPIError as fault:
        raise not_to_be_opened(database, fault) from fault


def not_to_be_opened(database: str, fault: DBAPIError) -> Trouble:
    """Return what is said where a database goes away, or was never there, before the hub serves."""
    named = read_address(database).render_as_string(hide_password=True)
    reason = (str(fault.orig).strip() or "?").splitlines()[0]
    hint = Text(
        N_("The database {database} cannot be opened: {reason}"), {"database": named, "reason": reason}
    )
    return Trouble("database", hint, retry=True)


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and bool(url.database) and Path(str(url.database)).is_file()


def open_hub(
    database: str,
    *,
    clock: Clock | None = None,
    first_at: datetime | None = None,
    door: str = "",
    key_of: str = "",
) -> Running:
    """Open a database and start its writer; no jobs, no HTTP yet.

    `key_of`: whose master key it has, if not its own.

    Raises:
        Trouble: the database or its master key cannot be used.
    """
    _calm_the_collector()
    engine = opened(database)
    try:
        seal = Seal(master_key(key_of or database))
        check_key(engine, seal)
    except BaseException:
        engine.dispose()
        raise
    now = clock or (resumed_clock(engine, first_at) if first_at else wall_clock)
    epoch = _epoch(engine, now)
    gazetteer = load_gazetteer()
    writer = Writer(engine, FEED_ID, seal, now, gazetteer, epoch, Ways(load_atlas))
    writer.start()
    snapshots = Snapshots(engine, FEED_ID, seal, _folder(database, "snapshots"))
    tools = Tools(engine, FEED_ID, seal, now, lambda _account: 0)
    counter = Counter(tools, _folder(database, "imports"), column_names(), console)
    preparer = Preparer(gazetteer, load_gazetteer)
    drain = Drain(engine, FEED_ID, seal, writer, CHANNELS, preparer, now)
    at_work = (engine, FEED_ID, epoch, seal, writer, snapshots, now, door, counter)
    hub = Hub(*at_work, drain=drain.page, is_own=bool(door))
    return Running(hub, gazetteer, drain)


def _calm_the_collector() -> None:
    """Look for cycles rarely: documents have none, and looking cost a tenth of an intake (measured)."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)


def tools_of(running: Running) -> Tools:
    """Return what imports into this hub work with."""
    hub = running.hub
    return Tools(hub.engine, FEED_ID, hub.seal, hub.clock, running.accounts.page)


@cache
def column_names() -> Names:
    """Return what shops call their columns and states."""
    return names_from(resources.read("columns", "names.toml"))


def begin_epoch(database: str) -> None:
    """Tell every desk that this database was restored: they fetch all rows and send again what it lost.

    Source: sync.md section 8, hub database restored from backup.
    """
    engine = opened(database)
    with writing(engine) as db:
        begin_life(db, FEED_ID, wall_clock(), is_protected=False)
    engine.dispose()


def _epoch(engine: Engine, clock: Clock) -> str:
    """Return which life of the database this is; a new one gets a company without anybody in it."""
    found = select(feed.c.epoch).where(feed.c.feed_id == FEED_ID)
    with reading(engine) as db:
        epoch = db.execute(found).scalar_one_or_none()
    if epoch is None:
        with writing(engine) as db:
            install_company(db, FEED_ID, Company(title="", shops=(), warehouses=(), skus=()), clock())
            epoch = db.execute(found).scalar_one()
    return str(epoch)


def check_key(engine: Engine, seal: Seal) -> None:
    """Try the master key on one row.

    Raises:
        Trouble: it is another database's key.
    """
    with reading(engine) as db:
        row = db.execute(
            select(subject_key.c.subject_id, subject_key.c.wrapped)
            .where(subject_key.c.feed_id == FEED_ID)
            .limit(1)
        ).one_or_none()
    if row is None:
        return
    try:
        seal.unwrap(row.subject_id, bytes(row.wrapped))
    except Unreadable as fault:
        raise Trouble(
            "master_key",
            Text(N_("This is not the master key of this database. Set DOCKET_HUB_KEY to the key you kept.")),
        ) from fault


def _folder(database: str, name: str) -> Path:
    """Return a folder of the hub beside its database, or among this person's files."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent / name
    return data_dir() / name
