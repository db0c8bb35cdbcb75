"""A company small enough to run short of things, on a database of its own, and orders that keep coming."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from app.boot.demo_company import PASSWORD, STARTS_AT, company
from app.boot.demo_orders import orders
from app.commands.receive import Receive
from app.domain.company import Company, User
from app.domain.rules import Rules
from app.domain.values import Role
from sync.channel import Draft
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import open_database, writing
from sync.hub.intake import open_account, take_in
from sync.hub.seal import Seal

FEED = 1
ARTICLES = 24
MANY = 2_000
KEY = base64.b64encode(bytes(range(32))).decode()
SEAL = Seal(bytes(range(32)))
PEOPLE = (
    User(code="lin", title="林小满", role=Role.CLERK),
    User(code="zhou", title="周予安", role=Role.LEAD),
    User(code="gu", title="顾南乔", role=Role.REVIEWER),
    User(code="qiao", title="乔木生", role=Role.WAREHOUSE),
)
ALWAYS = Rules(review_from=time(0), review_until=time(23, 59, 59), review_above_minor=40_000)
"""Every larger order asks for two signatures, whatever the time is."""
TRADING = msgspec.structs.replace(ALWAYS, lease_share_pct=60, lease_from_pieces=1)
"""Desks may hold a little of everything."""


def small_company(seed: int, articles: int = ARTICLES, pieces: int = 14) -> Company:
    """Few articles, few of each: people get into each other's way."""
    whole, rng = company(), random.Random(seed)  # noqa: S311 - made-up goods
    kept = {sku.code for sku in whole.skus[:articles]}
    return msgspec.structs.replace(
        whole,
        skus=whole.skus[:articles],
        sku_maps=tuple(m for m in whole.sku_maps if m.sku in kept),
        opening=tuple(
            msgspec.structs.replace(stock, on_hand=rng.randrange(2, pieces), safety=0)
            for stock in whole.opening
            if stock.sku in kept
        ),
        users=PEOPLE,
        rules=ALWAYS,
    )


class Shops:
    """The shops that send orders to one database: new ones, and the ones before a second time."""

    def __init__(
        self, engine: Engine, business: Company, seed: int, now: Callable[[], datetime], count: int
    ) -> None:
        self.engine, self._now = engine, now
        self._shops = {shop.code: shop for shop in business.shops}
        self._coming: Iterator[Receive] = orders(business, count, seed=seed)
        self._shift = now() - STARTS_AT
        self._last: list[Receive] = []

    def deliver(self, count: int) -> int:
        """Let the shops send orders, and the ones before once more; return how many were new."""
        now = self._now()
        fresh = [self._dated(one) for _, one in zip(range(count), self._coming, strict=False)]
        sent = sorted([*fresh, *self._last], key=lambda one: one.shop)
        self._last = fresh
        for shop, group in groupby(sent, key=lambda one: one.shop):
            with writing(self.engine) as db:
                account = open_account(db, FEED, f"fault:{shop}", now)
            drafts = [Draft(receive=one, rows=()) for one in group]
            take_in(self.engine, FEED, SEAL, account, self._shops[shop], "", "fault", drafts, now)
        return len(fresh)

    def _dated(self, one: Receive) -> Receive:
        ordered_at = min(one.ordered_at + self._shift, self._now() - timedelta(seconds=5))
        return msgspec.structs.replace(
            one, ordered_at=ordered_at, ship_by_at=ordered_at + timedelta(hours=24)
        )


def found(engine: Engine, business: Company, now: datetime) -> None:
    """Put a company and its people into an empty database."""
    with writing(engine) as db:
        install_company(db, FEED, business, now)
        set_passwords(db, FEED, [user.code for user in business.users], PASSWORD)


class Town:
    """The database of one run, and the shops that send orders to it."""

    def __init__(
        self, database: str, folder: Path, seed: int, *, orders: int = MANY, pieces: int = 14
    ) -> None:
        self.database, self.folder = database, folder
        self.engine: Engine = open_database(database)
        business = msgspec.structs.replace(small_company(seed, pieces=pieces), rules=TRADING)
        found(self.engine, business, datetime.now(UTC))
        self._shops = Shops(self.engine, business, seed, lambda: datetime.now(UTC), orders)

    def move(self, database: str) -> None:
        """Go on with another database, the shops too: the one there was is lost."""
        self.engine.dispose()
        self.database = database
        self.engine = self._shops.engine = open_database(database)

    def deliver(self, count: int) -> None:
        """Let the shops send orders, and the ones before a second time: receipts tell them apart."""
        self._shops.deliver(count)
