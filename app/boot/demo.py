"""Open the embedded demo company: made at first use, the same on every machine, with its own stored clock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event, func, make_url, select

from app.boot.demo_company import OPENED_AT, PASSWORD, STARTS_AT, USERS, company
from app.boot.demo_day import Day
from app.boot.demo_orders import later_orders, orders
from app.boot.demo_papers import play
from app.boot.demo_parcels import play as send
from app.boot.demo_troubles import play as go_wrong
from app.boot.opening import FEED_ID, Running, open_hub, opened
from app.commands.receive import Receive
from sync.channel import Draft
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.intake import open_account, take_in
from sync.hub.jobs import WORKER, open_worker, recheck_page
from sync.tables import feed, receipt

ACCOUNT = "demo:{shop}"
SLICE, LATE_SLICE = 100, 4
RUSH = timedelta(minutes=90)
"""Before the day ends orders come in a few at a time, each with an age of its own."""


class DayClock:
    """A clock that is set by hand while a past day is played."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def open_demo(
    database: str, door: str = "", *, count: int | None = None, first_at: datetime = STARTS_AT
) -> Running:
    """Open the company at `database`; an empty database is filled first with the day that ends at `first_at`.

    Its clock goes on where it was closed, and never starts before `first_at`.
    """
    path = _path(database)
    if path is not None and not path.exists():
        _build(path, database, count, first_at)
    elif _is_empty(database):
        _fill(database, count, first_at)
    return open_hub(database, first_at=first_at, door=door)


def _path(database: str) -> Path | None:
    """Return the file of a database that is one."""
    if not database.startswith("sqlite:"):
        return None
    file = make_url(database).database
    return Path(file) if file else None


def _is_empty(database: str) -> bool:
    engine = opened(database)
    with reading(engine) as db:
        found = db.execute(select(feed.c.head).where(feed.c.feed_id == FEED_ID)).first()
    engine.dispose()
    return found is None


def _build(path: Path, database: str, count: int | None, ends_at: datetime) -> None:
    """Make the company beside its place and put it there whole: a day that was cut short is never opened.

    Until then it need not survive anything, so SQLite does not wait for the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    _fill(f"sqlite:///{draft.as_posix()}", count, ends_at, key_of=database, is_draft=True)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was faster: it has the same company
        os.link(draft, path)
    draft.unlink()


def _fill(
    database: str, count: int | None, ends_at: datetime, *, key_of: str = "", is_draft: bool = False
) -> None:
    later = ends_at - STARTS_AT
    opened_at = OPENED_AT + later
    clock, business = DayClock(opened_at), company()
    running = open_hub(database, clock=clock, key_of=key_of)
    engine = running.hub.engine
    if is_draft:
        engine.dispose()
        event.listen(engine, "connect", _hurry)
    try:
        with writing(engine) as db:
            install_company(db, FEED_ID, business, opened_at)
            set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
        day, worker = Day(running, ends_at), open_worker(engine, FEED_ID, WORKER, opened_at)
        wanted = orders(business) if count is None else orders(business, count)
        for part in _slices(wanted):
            clock.at = max(clock.at, part[-1].ordered_at + later)
            deliver(running, [_moved(one, later) for one in part])
            while recheck_page(engine, FEED_ID, running.hub.writer, worker, clock.at):
                pass
            day.work()
        play(running, day)
        send(running, day)
        go_wrong(running, day, lambda part: deliver(running, part))
    finally:
        running.close()


def _moved(sale: Receive, later: timedelta) -> Receive:
    """Let a sale happen that much later."""
    ship_by_at = sale.ship_by_at + later if sale.ship_by_at is not None else None
    return msgspec.structs.replace(sale, ordered_at=sale.ordered_at + later, ship_by_at=ship_by_at)


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class Shops:
    """The shops while the company is open: now and then somebody buys something."""

    def __init__(self, running: Running) -> None:
        self._running = running
        with reading(running.hub.engine) as db:
            known = db.execute(
                select(func.count()).select_from(receipt).where(receipt.c.feed_id == FEED_ID)
            ).scalar_one()
        self._coming = later_orders(company(), int(known))

    def sell(self) -> bool:
        """Deliver one more order; nobody waits for another at once. Before a shop is there nobody buys."""
        if self._is_open():
            deliver(self._running, [next(self._coming)(self._running.hub.clock())])
        return False

    def _is_open(self) -> bool:
        """Tell whether the company is installed: another process may be filling the database just now."""
        return {shop.code for shop in company().shops} <= self._running.shops().keys()


def _slices(day: Iterator[Receive]) -> Iterator[list[Receive]]:
    size = SLICE
    while part := list(islice(day, size)):
        yield part
        if part[-1].ordered_at > STARTS_AT - RUSH:
            size = LATE_SLICE


def deliver(running: Running, part: list[Receive]) -> None:
    """Let the shops bring these, each through an account of its own."""
    hub, shops = running.hub, running.shops()
    by_shop = sorted(part, key=lambda r: r.shop)
    for code, group in groupby(by_shop, key=lambda r: r.shop):
        account = ACCOUNT.format(shop=code)
        with writing(hub.engine) as db:
            open_account(db, FEED_ID, account, hub.clock())
        drafts = [Draft(receive=receive, rows=()) for receive in group]
        take_in(hub.engine, FEED_ID, hub.seal, account, shops[code], "", "demo", drafts, hub.clock())
    running.drain()
