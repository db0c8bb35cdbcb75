"""Channels are told what a person changed: memo, address, another tracking number. Echoes are no news."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hub_world import FEED, HubWorld, bought
from polled_world import Polled

from app.commands.correct_number import CorrectNumber
from app.commands.fix_address import FixAddress
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.set_shop import SetShop
from app.commands.ship import Ship
from app.commands.write_memo import WriteMemo
from app.domain.company import Shop
from app.domain.effect import HOLD
from app.domain.order import Order
from app.domain.values import Receiver, Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Hearing, Words, writing_back
from sync.simulators.sale import Sale
from sync.simulators.weather import Weather


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class World(Polled):
    """A hub that tells a simulated platform what people changed, through dead lines."""

    def __init__(self, hub: HubWorld, code: str) -> None:
        super().__init__(hub, code, 12, Weather(hang=3, throttle=5), settings={"carrier_sf": "44"})
        info = open_worker(hub.engine, FEED, WORKER, hub.clock())
        self.worker = Worker(hub.engine, FEED, hub.writer, info)
        self.hearing = Hearing(self.tools, self.worker)
        self.hearing.step()
        self.clerk = hub.desk(Role.CLERK, "clerk")

    def take(self) -> tuple[Order, Sale]:
        """Take an order in as it is there."""
        sale = next(one for one in self.shop if one.state == "to_ship")
        self.hub.channel.must(bought("o1", ext_id=self.platform.ext_id(sale.no)))
        return self.hub.order("o1"), sale

    def tell(self, *, leaves: bool = True) -> None:
        """Let the time to take it back pass, and the worker go on until nothing is left to do."""
        if leaves:
            self.shop.clock.move(HOLD.total_seconds() + 1)
        teller = Telling(self.tools, writing_back, lambda: self.wire, self.shop.clock.move)
        effects = Effects(
            self.worker,
            lambda shop, _kind: teller.of(shop),
            self.hub.clock,
            kinds=("memo", "address", "number"),
            prepare=Words(self.tools, WORKER).by_kind(),
        )
        for _ in range(40):
            while effects.carry_out():
                pass
            if not leaves or self.states() <= {"done", "rejected"}:
                return
            self.shop.clock.move(120)
        pytest.fail("never ended")

    def states(self) -> set[str]:
        return {
            row.state for row in self.hub.rows(tables.effect) if row.kind in ("memo", "address", "number")
        }

    def said(self, kind: str) -> list[str]:
        return [write.said for write in self.shop.writes if write.kind == kind]


def memo(text: str) -> Receiver:
    return Receiver(memo=text)


@pytest.mark.parametrize("code", ["taobao", "pdd", "douyin", "wechat_store", "woocommerce"])
def test_a_memo_reaches_the_page_of_the_channel_and_its_echo_is_no_news(hub: HubWorld, code: str):
    world = World(hub, code)
    order, sale = world.take()

    world.clerk.must(WriteMemo(order="o1", memo=memo("礼品包装，先电话")))
    world.tell(leaves=False)
    assert world.said("memo") == []  # it can still be taken back
    world.tell()

    assert world.said("memo") == ["礼品包装，先电话"]
    assert world.shop.sale(sale.no).memo == "礼品包装，先电话"
    known = hub.order("o1").receiver
    assert (known.memo, known.memo_by) == ("礼品包装，先电话", "clerk")
    payloads = [row.payload for row in hub.rows(tables.effect) if row.kind == "memo"]
    assert payloads == ["{}"]  # it may name people: it is read when it leaves
    hub.channel.ask(
        bought("o1", ext_id=order.ext_id, ext_version="z",
               receiver=msgspec.structs.replace(order.receiver, memo="礼品包装，先电话"))
    )  # fmt: skip
    assert hub.order("o1").receiver.memo_by == "clerk"


def test_what_colleagues_write_on_the_channel_voids_no_repair(hub: HubWorld):
    world = World(hub, "taobao")
    order, _ = world.take()
    street = msgspec.structs.replace(order.receiver, street="文晖路 42 号 3 幢")
    region = msgspec.structs.replace(order.region, postcode="310000")
    world.clerk.must(FixAddress(order="o1", receiver=street, region=region))

    said = msgspec.structs.replace(order.receiver, memo="加急")
    hub.channel.must(bought("o1", ext_id=order.ext_id, ext_version="z", receiver=said))

    now = hub.order("o1")
    assert (now.receiver.street, now.receiver.memo, now.receiver.memo_by) == ("文晖路 42 号 3 幢", "加急", "")
    assert now.region == region
    assert "note_request" not in [snag.kind for snag in now.snags]


@pytest.mark.parametrize("code", ["shopify", "woocommerce"])
def test_a_mended_address_is_written_back_and_comes_back_as_ours(hub: HubWorld, code: str):
    world = World(hub, code)
    order, sale = world.take()
    mended = msgspec.structs.replace(order.receiver, street="42 Wenhui Road")
    region = msgspec.structs.replace(order.region, postcode="310000", district="")
    world.clerk.must(FixAddress(order="o1", receiver=mended, region=region))
    world.tell()

    (said,) = world.said("address")
    assert "42 Wenhui Road" in said
    assert "310000" in said
    assert world.shop.sale(sale.no).moved
    assert hub.rows(tables.reveal)  # who reads a name is written down
    echo = bought("o1", ext_id=order.ext_id, ext_version="z", receiver=mended, region=region)
    assert world.hub.channel.ask(echo).status == "applied"
    now = hub.order("o1")
    assert (now.receiver.street, now.original) == ("42 Wenhui Road", order.region)


def test_where_a_platform_forbids_it_nothing_is_told(hub: HubWorld):
    world = World(hub, "pdd")
    order, _ = world.take()
    region = msgspec.structs.replace(order.region, postcode="310000")
    world.clerk.must(FixAddress(order="o1", receiver=order.receiver, region=region))

    assert world.states() == set()


@pytest.mark.parametrize("code", ["taobao", "douyin", "pdd"])
def test_another_tracking_number_is_told_and_followed(hub: HubWorld, code: str):
    world = World(hub, code)
    _, sale = world.take()
    floor = hub.desk(Role.WAREHOUSE, "floor")
    floor.must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
    floor.must(Ship(order="o1", carrier="SF", tracking_no="SF0001"))
    world.shop.ship(sale, world.platform.ext_id(sale.no), "44", "SF0001")

    world.clerk.must(CorrectNumber(order="o1", tracking_no="SF0002"))
    world.clerk.must(CorrectNumber(order="o1", tracking_no="SF0003"))
    world.tell()

    assert world.said("number")[-1:] == ["SF0003"]
    assert "SF0002" not in world.said("number")
    assert world.shop.sale(sale.no).parcels[-1].tracking == "SF0003"
    (row,) = hub.rows(tables.shipment)
    assert (row.tracking_no, hub.order("o1").tracking_no) == ("SF0003", "SF0003")
    assert hub.verify().ok


def test_a_number_another_parcel_bears_is_refused(hub: HubWorld, expect_log):
    floor, clerk = hub.desk(Role.WAREHOUSE, "floor"), hub.desk(Role.CLERK, "clerk")
    for order, number in (("o1", "SF0001"), ("o2", "SF0002")):
        hub.channel.must(bought(order))
        floor.must(Pick(order=order, line="1", qty=1), Pack(order=order))
        floor.must(Ship(order=order, carrier="SF", tracking_no=number))

    assert clerk.ask(CorrectNumber(order="o2", tracking_no="SF0001")).refusal.code == "tracking_taken"
    expect_log("not fit the tables")
    assert hub.order("o2").tracking_no == "SF0002"


def test_a_desk_knows_what_a_channel_takes_and_a_person_cannot_change_that(hub: HubWorld):
    world = World(hub, "taobao")
    assert not world.hearing.step()
    (row,) = (row for row in hub.rows(tables.ref) if (row.tbl, row.pk) == ("shop", "TM1"))
    shop = msgspec.json.decode(row.doc, type=Shop)
    assert shop.hears == ("memo", "number", "rest")

    lead = hub.desk(Role.LEAD, "lead")
    lead.must(SetShop(shop=msgspec.structs.replace(shop, title="旗舰店", hears=("address",))))

    (row,) = (row for row in hub.rows(tables.ref) if (row.tbl, row.pk) == ("shop", "TM1"))
    assert msgspec.json.decode(row.doc, type=Shop).hears == ("memo", "number", "rest")
