"""What channels sent is understood shop by shop: what waits or is broken holds up nobody else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled

from sync import tables
from sync.hub.database import writing
from sync.hub.polling import deliveries
from sync.hub.polling.connections import connect, connected, switch
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.hooks import keep


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Two(Polled):
    """A shop on Douyin whose word is about orders nobody knows, and one on Shopify beside it."""

    def __init__(self, hub: HubWorld) -> None:
        super().__init__(hub, "shopify", 3)
        keys = {"app_key": "a", "app_secret": "b", "access_token": "c"}
        with writing(hub.engine) as db:
            connect(db, FEED, SEAL, "DY1", "douyin", keys, hub.clock())
        self.deliveries = Deliveries(self.tools)

    def kept(self, shop: str, name: str, body: bytes) -> None:
        with writing(self.hub.engine) as db:
            (one,) = connected(db, FEED, SEAL, shop=shop)
        keep(self.tools, one, name, "", body)

    def said_of_nobody(self, count: int) -> None:
        for nth in range(count):
            said = {"tag": "106", "msg_id": str(nth), "data": {"p_id": f"nobody-{nth}"}}
            self.kept("DY1", f"m{nth}", json.dumps([said]).encode())

    def an_order(self) -> None:
        self.kept("TM1", "order", self.platform.push(self.shop.sale(1), 1).body)

    def states(self, shop: str) -> list[str]:
        return sorted(row.state for row in self.hub.rows(tables.hook_delivery) if row.shop == shop)


def test_words_that_wait_for_their_orders_hold_up_no_other_shop(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deliveries, "PAGE", 4)
    world = Two(hub)
    world.said_of_nobody(6)
    world.an_order()

    rounds = 0
    while world.deliveries.step() and rounds < 10:
        rounds += 1

    assert world.states("TM1") == ["done"]
    assert world.states("DY1") == ["todo"] * 6
    assert rounds < 3


def test_a_word_that_waits_is_said_again_ever_more_rarely_and_in_the_end_let_go(hub: HubWorld):
    world = Two(hub)
    world.said_of_nobody(1)
    looks, row = 0, hub.rows(tables.hook_delivery)[0]
    while row.state == "todo" and looks < 100:
        world.deliveries.step()
        looks, row = looks + 1, hub.rows(tables.hook_delivery)[0]
        hub.clock.now = row.not_before or hub.clock.now

    assert row.state == "done"
    assert 5 <= looks <= 15


def test_deliveries_of_a_shop_that_rests_wait_without_being_looked_at(hub: HubWorld):
    world = Two(hub)
    world.said_of_nobody(2)
    with writing(hub.engine) as db:
        switch(db, FEED, "DY1", hub.clock(), is_on=False)

    assert not world.deliveries.step()
    assert world.states("DY1") == ["todo", "todo"]


def test_a_delivery_that_cannot_be_done_holds_up_none_behind_it(
    hub: HubWorld, expect_log: Callable[[str], None]
):
    world = Two(hub)
    world.kept("TM1", "broken", b"{}")
    with writing(hub.engine) as db:
        db.execute(tables.hook_delivery.update().values(body=b"no cipher"))
    hub.clock.move(seconds=1)
    world.an_order()

    world.deliveries.step()

    assert world.states("TM1") == ["done", "todo"]
    expect_log("a delivery of TM1 cannot be done")
