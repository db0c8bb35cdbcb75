"""A company small enough to run short of things, on a database of its own, and orders that keep coming."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
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
from sync.hub.access import set_password
from sync.hub.company import install_company
from sync.hub.database import open_database, writing
from sync.hub.intake import open_account, take_in
from sync.hub.seal import Seal

FEED = 1
ARTICLES = 24
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


def small_company(seed: int) -> Company:
    """Few articles, few of each: people get into each other's way."""
    whole, rng = company(), random.Random(seed)  # noqa: S311 - made-up goods
    kept = {sku.code for sku in whole.skus[:ARTICLES]}
    return msgspec.structs.replace(
        whole,
        skus=whole.skus[:ARTICLES],
        sku_maps=tuple(m for m in whole.sku_maps if m.sku in kept),
        opening=tuple(
            msgspec.structs.replace(stock, on_hand=rng.randrange(2, 14), safety=0)
            for stock in whole.opening
            if stock.sku in kept
        ),
        users=PEOPLE,
        rules=ALWAYS,
    )


class Town:
    """The database of one run, and the shops that send orders to it."""

    def __init__(self, database: str, folder: Path, seed: int) -> None:
        self.database, self.folder = database, folder
        self.engine: Engine = open_database(database)
        business = small_company(seed)
        with writing(self.engine) as db:
            install_company(db, FEED, business, datetime.now(UTC))
            for user in PEOPLE:
                set_password(db, FEED, user.code, PASSWORD)
        self._shops = {shop.code: shop for shop in business.shops}
        self._coming: Iterator[Receive] = orders(business, 2_000, seed=seed)
        self._shift = datetime.now(UTC) - STARTS_AT
        self._last: list[Receive] = []

    def deliver(self, count: int) -> None:
        """Let the shops send orders, and the ones before a second time: receipts tell them apart."""
        now = datetime.now(UTC)
        fresh = [self._now(one) for _, one in zip(range(count), self._coming, strict=False)]
        sent = sorted([*fresh, *self._last], key=lambda one: one.shop)
        self._last = fresh
        for shop, group in groupby(sent, key=lambda one: one.shop):
            with writing(self.engine) as db:
                account = open_account(db, FEED, f"fault:{shop}", now)
            drafts = [Draft(receive=one, rows=()) for one in group]
            take_in(self.engine, FEED, SEAL, account, self._shops[shop], "", "fault", drafts, now)

    def _now(self, one: Receive) -> Receive:
        ordered_at = min(one.ordered_at + self._shift, datetime.now(UTC) - timedelta(seconds=5))
        return msgspec.structs.replace(
            one, ordered_at=ordered_at, ship_by_at=ordered_at + timedelta(hours=24)
        )
