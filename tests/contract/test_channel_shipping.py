"""Channels are told of shipments themselves: each parcel once, through dead lines and refusals."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import msgspec
import pytest
from builders import line
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import insert
from told_world import TOLD, line_ids, send, told

from app.boot import outgoing as boot
from app.commands.match_sku import MatchSku
from app.commands.set_kit import SetKit
from app.commands.split import Split
from app.domain.kit import Part as InKit
from app.domain.making import Part
from app.domain.values import Role
from sync import tables
from sync.connection_tables import listing
from sync.hub.database import writing
from sync.hub.outward.connected_services import Services
from sync.hub.polling.connections import connect, switch
from sync.hub.polling.shipping import is_named, ship_telling
from sync.hub.polling.stock import stock_telling
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.manifest.caller import Answer
from sync.manifest.request import Request


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.mark.parametrize("code", TOLD)
def test_each_parcel_is_told_once_through_dead_lines(hub: HubWorld, code: str):
    world = told(hub, code, hang=2, throttle=5, fail=7)

    numbers = world.ship(4)
    world.tell()

    assert [row.state for row in hub.rows(tables.effect)] == ["done"] * 4
    assert sorted(world.sent()) == sorted((world.platform.ext_id(no), False) for no in numbers)
    assert world.shop.shipped_twice == 0


def test_a_channel_that_breaks_after_it_shipped_is_looked_up_not_told_again(hub: HubWorld):
    world = told(hub, "ebay")
    (no,) = world.ship(1)
    wire, broken = world.wire, []

    def breaks(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        answer = wire(request, timeout_s, most_bytes)
        if world.sent() and not broken:
            broken.append(answer)
            return Answer(503, {}, b"")
        return answer

    world.wire = breaks
    world.tell()

    assert world.sent() == [(world.platform.ext_id(no), False)]
    assert [row.state for row in hub.rows(tables.effect)] == ["done"]


def test_what_a_channel_refuses_opens_an_exception(hub: HubWorld):
    world = told(hub, "pdd")
    (no,) = world.ship(1)
    world.shop.cancel(world.shop.sale(no))

    world.tell()

    (row,) = hub.rows(tables.effect)
    assert row.state == "rejected"
    assert "writeback_failed" in [snag.kind for snag in hub.order(row.order_id).snags]


def test_a_number_inside_a_longer_one_is_another_parcel():
    notes = {"id": "88SF100", "notes": [{"text": "顺丰 SF10, SF2"}]}

    assert [is_named(notes, number) for number in ("SF10", "SF2", "SF1", "F2")] == [True, True, False, False]


def test_a_parcel_the_channel_knows_already_is_done(hub: HubWorld):
    world = told(hub, "pdd")
    (no,) = world.ship(1)
    world.shop.ship(world.shop.sale(no), world.platform.ext_id(no), "44", f"SF{no:04d}")

    world.tell()

    assert [row.state for row in hub.rows(tables.effect)] == ["done"]


def test_a_shop_that_is_not_connected_waits(hub: HubWorld):
    world = told(hub, "pdd")

    assert Telling(world.tools, ship_telling, lambda: world.wire, world.shop.clock.move).of("JD1") is None


def test_a_shop_connected_while_the_hub_works_is_told(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    jobs, line = {}, []
    monkeypatch.setattr(boot, "Http", lambda: line[0])
    monkeypatch.setattr(boot, "Every", lambda name, _pause_s, work: jobs.setdefault(name, work))
    at_services = Services(hub.engine, FEED, SEAL, hub.clock)
    at_work = SimpleNamespace(
        engine=hub.engine,
        seal=SEAL,
        writer=hub.writer,
        clock=hub.clock,
        tools=lambda: Tools(hub.engine, FEED, SEAL, hub.clock),
        services=lambda: at_services,
    )
    boot.outgoing(SimpleNamespace(hub=at_work), Namespace(outgoing="", services="", invoices=[]))
    assert not jobs["effects"]()

    world = told(hub, "pdd")
    line.append(world.wire)
    world.ship(1)
    while jobs["effects"]():
        pass

    assert [row.state for row in hub.rows(tables.effect)] == ["done"]


def test_what_waited_for_a_shop_leaves_when_it_is_on_again(hub: HubWorld):
    world = told(hub, "pdd")
    world.ship(1)
    with writing(hub.engine) as db:
        switch(db, FEED, "TM1", hub.clock(), is_on=False)
    world.effects().carry_out()
    assert not world.effects().carry_out()

    with writing(hub.engine) as db:
        switch(db, FEED, "TM1", hub.clock(), is_on=True)

    assert world.effects().carry_out()
    assert [row.state for row in hub.rows(tables.effect)] == ["done"]


def test_a_kit_is_told_as_the_channel_sold_it_with_the_parcel_that_makes_it_whole(hub: HubWorld):
    world = told(hub, "shopify", hang=2)
    sale = next(one for one in world.shop if one.state == "to_ship" and len(one.pieces) == 1)
    world.shop.touch(sale)
    (name,) = line_ids(world.platform, sale)
    kits = sale.pieces[0].qty
    clerk = hub.desk(Role.LEAD)
    clerk.must(SetKit(sku="SF-001", parts=(InKit(sku="LN-220", qty=1), InKit(sku="CT-180", qty=2))))
    sold = (line(id=name, ext_sku="A-9", qty=kits, unit_price_minor=19_900),)
    hub.channel.must(bought("o1", ext_id=world.platform.ext_id(sale.no), lines=sold))
    clerk.must(MatchSku(shop="TM1", ext_sku="A-9", sku="SF-001", order="o1"))
    inside = [(one.id, one.qty) for one in hub.order("o1").lines]
    clerk.must(Split(order="o1", parts=(Part("p1", (inside[0],)), Part("p2", tuple(inside[1:])))))

    states = []
    for nth, part in enumerate(("p1", "p2"), 1):
        send(hub, part, f"SF{nth}", nth)
        world.shop.clock.move(1)
        world.tell()
        states.append(world.shop.sale(sale.no).state)

    assert states == ["to_ship", "shipped"]
    assert [parcel.tracking for parcel in world.shop.sale(sale.no).parcels] == ["SF2"]
    assert [row.state for row in hub.rows(tables.effect)] == ["done", "done"]


def test_a_parcel_waits_while_a_figure_is_made_of_what_the_shop_has_promised(hub: HubWorld):
    world = told(hub, "pdd")
    world.ship(1)
    keys = {"base_url": "http://127.0.0.1:1", "access_token": "t", "stock": "on"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "TM1", "vendure", keys, hub.clock())
        db.execute(insert(listing).values(feed_id=FEED, shop="TM1", ext_sku="A-1", item="9", goods=""))
    answers = {
        "promised": {"productVariant": {"stockLevels": [{"stockAllocated": 2}]}},
        "add": {"addFulfillmentToOrder": {"id": "1"}},
    }
    calls = []

    def line(request: Request, _timeout_s: float, _most_bytes: int) -> Answer:
        name = msgspec.json.decode(request.body)["query"].split()[1].partition("(")[0]
        calls.append(name)
        if name == "promised":
            parcels.start()
            parcels.join(0.4)
        return Answer(200, {}, msgspec.json.encode({"data": answers.get(name, {})}))

    world.wire = line
    parcels = Thread(target=world.effects().carry_out)
    figures = Telling(world.tools, stock_telling, lambda: line, world.shop.clock.move).of("TM1")
    assert figures is not None
    figures.send("stock:TM1:A-1", b'{"ext_sku": "A-1", "quantity": "5"}')
    parcels.join(30)

    assert calls == ["promised", "set", "add", "go", "note"]
    assert [row.state for row in hub.rows(tables.effect)] == ["done"]
