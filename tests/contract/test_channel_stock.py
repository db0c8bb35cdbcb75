"""Channels are told how much they may sell: absolute, the newest, wherever it is listed, if asked for."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled
from sqlalchemy import insert

from app.boot import outgoing as boot
from app.commands.adjust_stock import AdjustStock
from app.domain.values import Role
from sync import tables
from sync.connection_tables import listing
from sync.hub.database import writing
from sync.hub.outward.connected_services import Services
from sync.hub.polling.connections import connect
from sync.hub.polling.stock import stock_telling
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.provider import Unsent
from sync.hub.stock_figures import Figures
from sync.manifest.caller import Answer
from sync.manifest.request import Request
from sync.simulators.known import PLATFORMS
from sync.simulators.weather import Weather

CODES = ("A-1", "A-2", "A-3")
"""What the shop sells, each ours: 20 pieces of it are free."""
LISTED = {
    "taobao": "4000000000000",
    "jd": "",
    "pdd": "1742000000000",
    "douyin": "3553000000000000",
    "wechat_store": "20000000",
    "shopify": "gid://shopify/InventoryItem/49000000",
    "woocommerce": "9000",
    "amazon": "A-1",
    "ebay": "A-1",
}
"""What the platform calls the first of them."""


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Sold(Polled):
    """A hub that tells a simulated platform how much it may sell."""

    def __init__(
        self,
        hub: HubWorld,
        code: str,
        *,
        stock: str = "on",
        override: dict[str, Any] | None = None,
        **more: int,
    ) -> None:
        settings = {"stock": stock} if stock else {}
        if code == "shopify":
            settings["location_id"] = "gid://shopify/Location/1"
        super().__init__(hub, code, 12, Weather(**more), settings=settings, codes=CODES, override=override)
        telling = Telling(self.tools, stock_telling, lambda: self.wire, self.shop.clock.move)
        self.figures = Figures(hub.engine, FEED, lambda shop, _kind: telling.of(shop), hub.clock)

    def tell(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            while self.figures.step():
                pass
            self.hub.clock.move(seconds=1000)

    def offered(self) -> dict[str, int]:
        """What the hub says this shop may sell."""
        rows = [row for row in self.hub.rows(tables.effect) if row.effect_key.startswith("stock:TM1:")]
        found = [msgspec.json.decode(row.payload, type=dict[str, str]) for row in rows]
        return {one["ext_sku"]: int(one["quantity"]) for one in found}

    def told(self) -> list[str]:
        return [write.said for write in self.shop.writes if write.kind.startswith("stock")]


@pytest.mark.parametrize("code", sorted(PLATFORMS))
def test_each_platform_shows_what_may_be_sold(hub: HubWorld, code: str):
    world = Sold(hub, code, throttle=5, fail=7, hang=4)
    world.settle()

    world.tell(4)

    known = world.shop.stock
    assert sorted(known.values()) == sorted(world.offered().values())
    assert LISTED[code] in known or not LISTED[code]
    assert known == world.offered() or LISTED[code] != "A-1"
    assert not [write for write in world.shop.writes if write.kind == "stock_delta"]


def test_many_changes_are_one_figure_the_newest(hub: HubWorld):
    world = Sold(hub, "pdd")
    world.settle()
    world.tell(3)
    world.shop.writes.clear()
    for delta in (5, 1, -3):
        floor = hub.desk(Role.WAREHOUSE, f"floor{hub.head()}")
        floor.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=delta, reason="counted"))

    world.tell()

    assert world.told() == [str(world.offered()["A-1"])]


def test_an_article_no_order_named_yet_waits_until_one_does(hub: HubWorld):
    world = Sold(hub, "pdd")

    world.tell()
    before = world.told()
    world.settle()
    world.tell()

    assert before == []
    assert len(world.shop.stock) == 3


def test_a_shop_that_did_not_ask_for_it_is_told_nothing(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    jobs = {}
    monkeypatch.setattr(boot, "Every", lambda name, _pause_s, work: jobs.setdefault(name, work))
    at_services = Services(hub.engine, FEED, SEAL, hub.clock)
    at_work = SimpleNamespace(
        engine=hub.engine,
        feed_id=FEED,
        seal=SEAL,
        writer=hub.writer,
        clock=hub.clock,
        tools=lambda: Tools(hub.engine, FEED, SEAL, hub.clock),
        services=lambda: at_services,
    )
    boot.outgoing(SimpleNamespace(hub=at_work), Namespace(outgoing="", services="", invoices=[]))
    world = Sold(hub, "pdd", stock="")
    world.settle()

    world.tell()

    assert world.told() == []
    assert not jobs["stock figures"]()


def test_a_listing_that_is_gone_keeps_the_figure_from_no_other(
    hub: HubWorld, expect_log: Callable[[str], None]
):
    world = Sold(hub, "pdd")
    world.settle()
    gone = {"feed_id": FEED, "shop": "TM1", "ext_sku": "A-1", "item": "0", "goods": "gone"}
    with writing(hub.engine) as db:
        db.execute(insert(listing).values(**gone))

    world.tell()

    assert world.shop.stock[LISTED["pdd"]] == world.offered()["A-1"]
    expect_log("was not taken")


def test_a_figure_the_channel_refuses_is_told_again_and_logged(
    hub: HubWorld, expect_log: Callable[[str], None]
):
    world = Sold(hub, "pdd", override={"writes": {"stock": {"call": {"type": "pdd.nothing"}}}})
    world.settle()

    world.tell(2)

    assert world.told() == []
    assert {row.state for row in hub.rows(tables.effect) if row.effect_key.startswith("stock:TM1:")} == {
        "todo"
    }
    expect_log("was not taken")


def test_a_figure_made_of_an_answer_waits_for_the_listing_only(hub: HubWorld):
    world = Sold(hub, "pdd")
    with writing(hub.engine) as db:
        keys = {"base_url": "http://127.0.0.1:1", "access_token": "t", "stock": "on"}
        connect(db, FEED, SEAL, "TM1", "vendure", keys, hub.clock())
        db.execute(insert(listing).values(feed_id=FEED, shop="TM1", ext_sku="A-1", item="9", goods=""))
    promised = {"data": {"productVariant": {"stockLevels": [{"stockAllocated": 2}]}}}
    answers, asked = iter((promised, {"data": {"updateProductVariants": [{"id": "9"}]}})), []

    def line(request: Request, _timeout_s: float, _most_bytes: int) -> Answer:
        asked.append(msgspec.json.decode(request.body)["variables"])
        return Answer(200, {}, msgspec.json.encode(next(answers)))

    telling = Telling(world.tools, stock_telling, lambda: line, world.shop.clock.move).of("TM1")
    assert telling is not None
    with pytest.raises(Unsent):
        telling.send("stock:TM1:A-2", b'{"ext_sku": "A-2", "quantity": "5"}')
    telling.send("stock:TM1:A-1", b'{"ext_sku": "A-1", "quantity": "5"}')

    assert asked == [{"id": "9"}, {"input": [{"id": "9", "stockOnHand": 7}]}]
