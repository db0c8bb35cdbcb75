"""A field that is gone stops the list of a shop before anything is read without it, and loses nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled, Wire
from test_mending import session

from app.domain.mending import AskMending
from app.presenters.settings_channels import standing
from sync import tables
from sync.hub.polling.health import health
from sync.hub.polling.mending import keep, mending
from sync.hub.polling.shapes import Drift, Shape, drifts, learned
from sync.manifest.caller import Answer
from sync.manifest.reading import manifest_of
from sync.manifest.request import Request


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Renamed(Wire):
    """A platform that calls a field otherwise from now on."""

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        said = super().__call__(request, timeout_s, most_bytes)
        return Answer(said.status, said.headers, said.body.replace(b'"pay_amount"', b'"paid_sum"'))


def test_a_renamed_field_turns_the_list_red_before_an_order_is_read_without_it(hub: HubWorld):
    world = Polled(hub, "pdd", 12)
    world.settle()
    before = len(hub.rows(tables.orders))
    world.wire = Renamed(world.platform)
    world.restart()
    world.shop.arrive(4)
    world.settle()

    (shop,) = [one for one in health(hub.engine, FEED, SEAL, hub.clock()).shops if one.shop == "TM1"]
    (said,) = [one.said for one in shop.lists if one.name == "orders"]
    assert said is not None
    assert (said.message.partition(" ")[2][:7], said.params["field"]) == ("is gone", "pay_amount")
    assert (before, len(hub.rows(tables.orders))) == (12, 12)
    assert [row for row in hub.rows(tables.snag) if row.kind == "unreadable_order"] == []

    assert mending(world.tools, session(), "TM1", None).gone == ("pay_amount",)

    order = {"payable": {"path": "paid_sum"}, "receivable": {"expr": "paid_sum + platform_discount"}}
    patch = json.dumps({"map": {"order": order, "checks": []}})
    keep(world.tools, session(), "TM1", AskMending(patch=patch))
    world.restart()
    world.shop.clock.move(1_000)
    world.settle()

    assert world.faults() == {}
    assert len(hub.rows(tables.orders)) == 16
    assert mending(world.tools, session(), "TM1", None).gone == ()


class Silent(Wire):
    """A platform that says no more what the shop gave off."""

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        said = super().__call__(request, timeout_s, most_bytes)
        return Answer(
            said.status, said.headers, said.body.replace(b'"seller_discount"', b'"discount_of_shop"')
        )


def test_a_field_an_order_may_lack_warns_when_it_is_gone_and_stops_no_list(hub: HubWorld):
    world = Polled(hub, "pdd", 210)
    world.settle()
    world.wire = Silent(world.platform)
    world.restart()
    world.shop.arrive(25)
    world.settle()

    assert world.faults() == {}
    assert len(hub.rows(tables.orders)) == 235
    for _ in range(2):  # also after a round that brings nothing
        (shop,) = [one for one in health(hub.engine, FEED, SEAL, hub.clock()).shops if one.shop == "TM1"]
        (told,) = [one for one in shop.lists if one.name == "orders"]
        assert told.said is not None
        assert (told.said.params["field"], told.tries, told.is_odd) == ("seller_discount", 0, True)
        assert standing(shop, hub.clock()) == ("waits", "A field is gone")
        world.restart()
        world.shop.clock.move(100)
        world.settle()


class Dearer(Wire):
    """A platform that adds a fee to what is paid, in no sum we know."""

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        said = super().__call__(request, timeout_s, most_bytes)
        return Answer(said.status, said.headers, said.body.replace(b'"postage":', b'"postage":7,"_":'))


def test_amounts_that_do_not_add_up_come_in_and_are_told_beside_the_shop(hub: HubWorld):
    world = Polled(hub, "pdd", 6)
    world.settle()
    (shop,) = [one for one in health(hub.engine, FEED, SEAL, hub.clock()).shops if one.shop == "TM1"]
    assert standing(shop, hub.clock()) == ("met", "Well")

    world.wire = Dearer(world.platform)
    world.restart()
    world.shop.arrive(4)
    world.settle()

    (shop,) = [one for one in health(hub.engine, FEED, SEAL, hub.clock()).shops if one.shop == "TM1"]
    (told,) = [one for one in shop.lists if one.name == "orders"]
    assert told.said is not None
    assert (told.said.params["equals"], told.tries, told.is_odd) == ("pay_amount", 0, True)
    assert int(str(told.said.params["count"])) >= 3
    assert standing(shop, hub.clock()) == ("waits", "Sums differ")
    assert world.faults() == {}


def record(**more: object) -> dict[str, object]:
    return {"order_sn": "7", "pay_amount": "9.90", "pay_time": "2026-06-13", "item_list": [{}]} | more


def test_what_orders_may_lack_is_only_missed_in_many_and_a_kind_is_told():
    pdd = manifest_of("pdd")
    shape = learned(Shape(), pdd, [record(pay_amount=9.9)] * 10)
    number, text = learned(shape, pdd, [record(pay_amount=1)] * 200), learned(shape, pdd, [record()])

    assert drifts(shape, pdd, [record(pay_amount="1")] * 3) == [Drift("pay_amount", "number", "text")]
    assert drifts(shape, pdd, [record(pay_amount="1")] * 2) == []
    assert drifts(shape, pdd, [record(pay_amount="1"), record(pay_amount=1), record(pay_amount=2)]) == []
    assert "pay_amount" not in text.kinds
    without = [record(pay_amount=1, pay_time=None)]
    assert drifts(number, pdd, without * 19) == []
    assert [one.path for one in drifts(number, pdd, without * 20)] == ["pay_time|confirm_time"]
    assert drifts(shape, pdd, without * 20) == []
