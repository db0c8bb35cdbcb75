"""A hub of its own beside a real shop: reads all its orders, sends some, tells what may be sold."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import select

from app.boot.demo_company import PASSWORD, USERS
from app.boot.demo_day import Day
from app.boot.hub import LIFE_PAUSE_S, jobs
from app.boot.opening import FEED_ID, Running, open_hub
from app.boot.outgoing import outgoing
from app.boot.vendure import Article, Vendure
from app.commands.adjust_stock import AdjustStock
from app.commands.fix_address import FixAddress
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.catalogue import Sku, SkuMap
from app.domain.company import Company, Shop, Warehouse
from app.domain.order import Order, Status
from app.domain.reading import ACCEPT
from app.domain.stock import Stock
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import reading, writing
from sync.hub.jobs import Every
from sync.hub.polling.connections import STOCK, connect
from sync.hub.polling.poller import Poller
from sync.hub.verify import verify
from sync.manifest.line import Http
from sync.tables import orders, stock

SHOP, WAREHOUSE, CLERK, PACKER = "V1", "SZ", "lin", "qiao"
CURRENCY = "USD"
LOOK_S = 0.5
RELEASED_S = 30.0
CARRIER = "Royal Mail"


class ShopHub:
    """The hub at work."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def known(self) -> list[Order]:
        """Return every order it has."""
        found = select(orders.c.id).where(orders.c.feed_id == FEED_ID)
        with reading(self._running.hub.engine) as db:
            ids = list(db.execute(found).scalars())
        facts = self._day().known(ids)
        return [order for one in ids if (order := facts.order(one)) is not None]

    def ship(self, wanted: int) -> dict[str, str]:
        """Look at the first orders' addresses, pick, pack and send them; return tracking numbers by order.

        Raises:
            Trouble: not_sent: an order does not leave.
        """
        sent = {}
        day = self._day()
        chosen = [one for one in self.known() if one.snag("short_stock") is None][:wanted]
        looked = [
            FixAddress(
                order=one.id,
                receiver=one.receiver,
                region=msgspec.structs.replace(one.region, verdict=ACCEPT),
            )
            for one in chosen
        ]
        day.by(CLERK, looked)
        ids = [one.id for one in chosen]

        def released() -> list[Order]:
            facts = day.known(ids)
            found = [facts.order(one) for one in ids]
            return [one for one in found if one is not None and one.status is Status.RELEASED]

        waited(lambda: len(released()) == len(ids), RELEASED_S)
        for order in released():
            number = f"RM{order.number[-9:]:0>9}GB"
            steps = [Pick(order=order.id, line=line.id, qty=line.qty) for line in order.lines]
            answers = day.by(
                PACKER,
                (*steps, Pack(order=order.id), Ship(order=order.id, carrier=CARRIER, tracking_no=number)),
            )
            if any(answer.status != "applied" for answer in answers):
                raise Trouble("not_sent", Text(N_("An order cannot be sent, though its goods are there.")))
            sent[order.ext_id.rpartition("/")[2]] = number
        return sent

    def lacking(self) -> int:
        """Return how many orders say that a piece is lacking."""
        return sum(one.snag("short_stock") is not None for one in self.known())

    def find(self, sku: str, pieces: int) -> None:
        """Count more of an article than the books have."""
        self._day().by(PACKER, [AdjustStock(warehouse=WAREHOUSE, sku=sku, delta=pieces, reason="counted")])

    def free(self) -> dict[str, int]:
        """Return how many pieces of each article may still be sold."""
        found = select(stock.c.sku, stock.c.on_hand, stock.c.reserved).where(stock.c.feed_id == FEED_ID)
        with reading(self._running.hub.engine) as db:
            return {row.sku: row.on_hand - row.reserved for row in db.execute(found)}

    def breaches(self) -> int:
        """Check all it wrote; return how much of it does not hold."""
        return len(verify(self._running.hub.engine, FEED_ID).findings)

    def _day(self) -> Day:
        return Day(self._running, self._running.hub.clock())


@contextmanager
def connected(
    folder: Path, shop: Vendure, articles: Mapping[str, Article], token: str, since: datetime
) -> Iterator[ShopHub]:
    """Open a hub on a file in `folder`, connected to the shop from `since` on; all its jobs are at work."""
    running = open_hub(f"sqlite:///{(folder / 'hub.db').as_posix()}")
    hub = running.hub
    with ExitStack() as stack:
        stack.callback(running.close)
        now = hub.clock()
        with writing(hub.engine) as db:
            install_company(db, FEED_ID, _company(articles, now), now)
            set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
            keys = {"base_url": shop.base, "access_token": token, STOCK: "on"}
            connect(db, FEED_ID, hub.seal, SHOP, "vendure", keys, now, since=since)
        poller = Poller(hub.tools(), Http)
        stack.callback(poller.close)
        told = outgoing(running, Namespace(outgoing="", services="", invoices=[]))
        for job in (*jobs(running), Every("poll", LIFE_PAUSE_S, poller.step), *told):
            job.start()
            stack.callback(job.stop)
        yield ShopHub(running)


def waited(is_done: Callable[[], bool], most_s: float) -> float:
    """Look again and again until it is so, or the time is over; return how long it took. Units: seconds."""
    begun_s = time.monotonic()
    while not is_done() and time.monotonic() - begun_s < most_s:
        time.sleep(LOOK_S)
    return time.monotonic() - begun_s


def _company(articles: Mapping[str, Article], now: datetime) -> Company:
    """Return a company that sells in that shop alone, and has of each article what the shop says."""
    shop = Shop(
        code=SHOP, title="Vendure", channel="SH", currency=CURRENCY, country="GB", zone="UTC",
        warehouses=(WAREHOUSE,), merge_wait_min=0,
    )  # fmt: skip
    return Company(
        title="Vendure",
        shops=(shop,),
        warehouses=(Warehouse(code=WAREHOUSE, title="London", city="London", zone="UTC"),),
        skus=tuple(
            Sku(code=code, title=one.title, list_price_minor=one.price_minor, currency=CURRENCY)
            for code, one in articles.items()
        ),
        sku_maps=tuple(SkuMap(shop=SHOP, ext_sku=code, sku=code, by="fang", at=now) for code in articles),
        users=USERS,
        opening=tuple(
            Stock(warehouse=WAREHOUSE, sku=code, on_hand=one.on_hand) for code, one in articles.items()
        ),
    )
