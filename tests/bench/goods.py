"""A company large enough to measure with, and its orders: three lines each, the demo's mix of faults."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

import msgspec

from app.boot.demo import DayClock
from app.boot.demo_company import OPENED_AT, PASSWORD, SEED, USERS, company, ext_code
from app.boot.demo_orders import orders
from app.boot.opening import FEED_ID, open_hub
from app.commands.receive import Receive
from app.domain.company import Company
from app.domain.order import Line
from app.domain.reading import ACCEPT, FIX
from sync.hub.access import set_password
from sync.hub.company import install_company
from sync.hub.database import open_database, writing
from sync.hub.writer import Job, ReplicaInfo
from sync.wire import Wish

STOCK_FACTOR = 60
"""Times the demo's stock: a hundred thousand orders still find most of what they ask for."""
LINES = 3
BATCH = 500
SOURCE = "bench"


def large_company(factor: int = STOCK_FACTOR) -> Company:
    """The demo company with more of everything on its shelves; what is scarce stays scarce."""
    small = company()
    opening = tuple(
        msgspec.structs.replace(row, on_hand=row.on_hand * factor) if row.on_hand > LINES else row
        for row in small.opening
    )
    return msgspec.structs.replace(small, opening=opening)


def three_lines(business: Company, count: int, *, seed: int = SEED) -> Iterator[Receive]:
    """The demo's day with `count` orders of three different articles each."""
    rng = random.Random(seed)  # noqa: S311 - made-up orders
    by_code = {sku.code: sku for sku in business.skus}
    known = {
        shop.code: [by_code[m.sku] for m in business.sku_maps if m.shop == shop.code]
        for shop in business.shops
    }
    for receive in orders(business, count, seed=seed):
        first = receive.lines[0]
        articles = known[receive.shop]
        lines, asked = [first], {first.ext_sku}
        while len(lines) < LINES:
            sku = articles[min(int(rng.expovariate(1 / 90)), len(articles) - 1)]
            ext_sku = ext_code(receive.shop, sku.code)
            if ext_sku not in asked:
                asked.add(ext_sku)
                at = str(len(lines) + 1)
                lines.append(
                    Line(
                        id=at, ext_sku=ext_sku, title=sku.title, qty=1, unit_price_minor=sku.list_price_minor
                    )
                )
        total_minor = sum(line.qty * line.unit_price_minor for line in lines)
        paid_minor = total_minor * receive.paid_minor // receive.total_minor
        yield msgspec.structs.replace(
            receive,
            lines=tuple(lines),
            total_minor=total_minor,
            payable_minor=total_minor,
            paid_minor=paid_minor,
        )


def fill(database: str, count: int) -> list[str]:
    """Make a company with `count` orders of a day in a database; return their ids.

    The batch writer decides them as ever; only deliveries and receipts are left out.
    """
    engine = open_database(database)
    business = large_company()
    with writing(engine) as db:
        install_company(db, FEED_ID, business, OPENED_AT)
        for user in USERS:
            set_password(db, FEED_ID, user.code, PASSWORD)
    engine.dispose()
    clock = DayClock(OPENED_AT)
    running = open_hub(database, clock=clock)
    ids: list[str] = []
    try:
        coming = (_read(receive) for receive in three_lines(business, count))
        while part := list(islice(coming, BATCH)):
            clock.at = max(clock.at, part[-1].ordered_at)
            wishes = [_wish(len(ids) + i, receive) for i, receive in enumerate(part, 1)]
            running.hub.writer.submit(Job(ReplicaInfo(SOURCE, "channel", SOURCE), wishes)).result()
            ids += [receive.order for receive in part]
    finally:
        running.hub.writer.stop()
        running.hub.engine.dispose()
    return ids


def _read(receive: Receive) -> Receive:
    """Judge the address by what is missing; reading it is measured elsewhere."""
    region = receive.region
    verdict = ACCEPT if region.district else FIX
    return msgspec.structs.replace(receive, region=msgspec.structs.replace(region, verdict=verdict))


def _wish(n: int, receive: Receive) -> Wish:
    args = msgspec.Raw(msgspec.json.encode(receive))
    return Wish(n=n, id=f"{SOURCE}#{n}", name="receive", rev=1, args=args, login="", at=receive.ordered_at)
