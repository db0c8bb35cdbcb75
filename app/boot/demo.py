"""Open the embedded demo company: made at first use, the same on every machine, with its own stored clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import func, select

from app.boot.demo_company import OPENED_AT, PASSWORD, STARTS_AT, USERS, company
from app.boot.demo_day import Day
from app.boot.demo_orders import later_orders, orders
from app.boot.opening import FEED_ID, Running, open_hub
from app.commands.receive import Receive
from sync.channel import Draft
from sync.hub.access import set_password
from sync.hub.company import install_company
from sync.hub.database import open_database, reading, writing
from sync.hub.intake import open_account, take_in
from sync.tables import feed, receipt

ACCOUNT = "demo:{shop}"
SLICE = 100


class DayClock:
    """A clock that is set by hand while a past day is played."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def open_demo(
    database: str, door: str = "", *, count: int | None = None, first_at: datetime = STARTS_AT
) -> Running:
    """Open the company at `database`; an empty database is filled with its day first.

    Its clock goes on where it was closed, and never starts before `first_at`.
    """
    engine = open_database(database)
    with reading(engine) as db:
        is_new = db.execute(select(feed.c.head).where(feed.c.feed_id == FEED_ID)).first() is None
    if is_new:
        with writing(engine) as db:
            install_company(db, FEED_ID, company(), OPENED_AT)
            for user in USERS:
                set_password(db, FEED_ID, user.code, PASSWORD)
        _play(database, count)
    engine.dispose()
    return open_hub(database, first_at=first_at, door=door)


def _play(database: str, count: int | None) -> None:
    clock = DayClock(OPENED_AT)
    running = open_hub(database, clock=clock)
    try:
        day, business = Day(running), company()
        wanted = orders(business) if count is None else orders(business, count)
        for part in _slices(wanted):
            clock.at = max(clock.at, part[-1].ordered_at)
            _deliver(running, part)
            day.work()
    finally:
        running.hub.writer.stop()
        running.hub.engine.dispose()


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
        """Deliver one more order; nobody waits for another at once."""
        _deliver(self._running, [next(self._coming)(self._running.hub.clock())])
        return False


def _slices(day: Iterator[Receive]) -> Iterator[list[Receive]]:
    while part := list(islice(day, SLICE)):
        yield part


def _deliver(running: Running, part: list[Receive]) -> None:
    hub, shops = running.hub, running.shops()
    by_shop = sorted(part, key=lambda r: r.shop)
    for code, group in groupby(by_shop, key=lambda r: r.shop):
        account = ACCOUNT.format(shop=code)
        with writing(hub.engine) as db:
            open_account(db, FEED_ID, account, hub.clock())
        drafts = [Draft(receive=receive, rows=()) for receive in group]
        take_in(hub.engine, FEED_ID, hub.seal, account, shops[code], "", "demo", drafts, hub.clock())
        while running.drain_account(account):
            pass
