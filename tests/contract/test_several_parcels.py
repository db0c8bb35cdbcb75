"""A channel is told the truth of an order in several parcels: each by what is in it, or all with the last."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hub_world import FEED, HubWorld, bought
from sqlalchemy import update
from told_world import TOLD, Told, send, sold, told

from app.commands.cancel import Cancel
from app.commands.correct_number import CorrectNumber
from app.commands.restore import Restore
from app.commands.split import Split
from app.domain.effect import HOLD, WITH_THE_LAST
from app.domain.making import Part
from app.domain.order import ChannelState
from app.domain.values import Role
from app.labelling import told_said, waits_for_last
from app.text import Text
from app.trouble import Trouble
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import writing
from sync.hub.effect_rows import WAITS_FOR_A_PERSON
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Hearing, Words, writing_back
from sync.manifest.caller import Answer
from sync.manifest.request import Request
from sync.simulators.sale import GOODS, Piece, Sale

LINES = ("taobao", "douyin", "wechat_store", "shopify", "amazon", "ebay")
WHOLE = ("jd", "pdd")
THREE, ONE = (1, 2, 1), (3,)
SHIPPING = {
    "taobao": "alibaba.ascp.logistics.offline.send",
    "jd": "jingdong.pop.order.shipment",
    "pdd": "pdd.logistics.online.send",
    "douyin": "order.logisticsAddMultiPack",
    "woocommerce": "POST notes",
}


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


class Split2:
    """An order of a platform that leaves in two parcels: the first line, or a piece of it; then the rest."""

    def __init__(self, world: Told, order: str, quantities: tuple[int, ...], nth: int = 0) -> None:
        self.world, self.order = world, order
        hub, shop = world.hub, world.shop
        self.sale: Sale = [one for one in shop if one.state == "to_ship"][nth]
        self.sale.pieces = [
            Piece(place, place, GOODS[place][0], GOODS[place][1], qty, 1000)
            for place, qty in enumerate(quantities)
        ]
        shop.touch(self.sale)
        lines = sold(world.platform, self.sale)
        names = [one.id for one in lines]
        hub.channel.must(bought(order, ext_id=world.platform.ext_id(self.sale.no), lines=lines))
        first = (names[0], 1)
        rest = tuple(zip(names[1:], quantities[1:], strict=True)) or ((names[0], quantities[0] - 1),)
        self.clerk = hub.desk(Role.CLERK, f"clerk-{order}")
        self.clerk.must(Split(order=order, parts=(Part(f"{order}a", (first,)), Part(f"{order}b", rest))))
        self.inside = [{0: 1}, dict(enumerate(quantities[1:], 1)) or {0: quantities[0] - 1}]

    def send(self, part: str, *, tell: bool = True) -> str:
        """Let a parcel leave; return the state of the order there when everybody was told."""
        send(self.world.hub, self.order + part, f"SF-{self.order}-{part}", ord(part) * 1000 + ord(self.order))
        self.world.shop.clock.move(1)
        if tell:
            self.world.tell()
        return self.state

    @property
    def state(self) -> str:
        return self.world.shop.sale(self.sale.no).state

    @property
    def numbers(self) -> list[str]:
        """The numbers the buyer sees, in the order in which they were told."""
        sale = self.world.shop.sale(self.sale.no)
        told_as_notes = [word for word in sale.memo.split() if word.startswith("SF-")]
        return told_as_notes or [parcel.tracking for parcel in sale.parcels]

    @property
    def outcomes(self) -> list[str]:
        return [one.text.message for one in self.world.hub.order(self.order).effects]


def listening(hub: HubWorld, code: str, **weather: int) -> Told:
    """A platform that the hub tells, and has noted what it takes."""
    world = told(hub, code, **weather)
    world.hearing = Hearing(world.tools, worker(hub))
    world.hearing.step()
    return world


def worker(hub: HubWorld) -> Worker:
    return Worker(hub.engine, FEED, hub.writer, open_worker(hub.engine, FEED, WORKER, hub.clock()))


@pytest.mark.parametrize("code", TOLD)
def test_an_order_in_two_parcels_is_told_as_it_is_through_dead_lines(hub: HubWorld, code: str):
    world = listening(hub, code, hang=2, throttle=5, fail=7)
    three, one = Split2(world, "t", THREE), Split2(world, "o", ONE, 1)

    first = "partly_shipped" if code in LINES else "to_ship"
    assert [three.send("a"), one.send("a")] == [first, first]
    assert three.numbers == ([] if code in WHOLE else ["SF-t-a"])
    said = [text.message for _, text in told_said(hub.order("ta"), hub.order)]
    assert said == three.outcomes
    assert (said == [WITH_THE_LAST]) is (code in WHOLE)
    assert [three.send("b"), one.send("b")] == ["shipped", "shipped"]

    assert three.numbers == ["SF-t-a", "SF-t-b"]
    assert one.numbers == ["SF-o-a", "SF-o-b"]
    if code in LINES:
        assert [p.inside for p in world.shop.sale(three.sale.no).parcels] == three.inside
        assert [p.inside for p in world.shop.sale(one.sale.no).parcels] == one.inside
    assert world.shop.shipped_twice == 0
    assert {row.state for row in hub.rows(tables.effect)} == {"done"}


@pytest.mark.parametrize("code", [*WHOLE, "woocommerce", "taobao"])
def test_what_stays_after_the_first_parcel_left_is_told_once_it_is_sure(hub: HubWorld, code: str):
    world = listening(hub, code, hang=2)
    one = Split2(world, "o", ONE)
    one.send("a")

    one.clerk.must(Cancel(order="ob", reason="买家退款"))
    assert not world.effects().carry_out()
    assert one.state != "shipped"  # it can still be taken back
    world.shop.clock.move(HOLD.total_seconds() + 1)
    world.tell()

    assert one.state == "shipped"
    assert one.numbers == ["SF-o-a"]
    assert world.shop.shipped_twice == 0


@pytest.mark.parametrize("code", ["taobao", "douyin", "shopify"])
def test_what_is_refunded_there_needs_no_word_of_ours(hub: HubWorld, code: str):
    world = listening(hub, code)
    three = Split2(world, "t", THREE)
    three.send("a")

    sale = world.shop.sale(three.sale.no)
    world.shop.pay_back(sale, {place: sale.pieces[place].qty for place in (1, 2)})
    three.clerk.must(Cancel(order="tb", reason="买家退款"))
    world.shop.clock.move(HOLD.total_seconds() + 1)
    world.tell()

    assert three.state == "shipped"
    assert three.numbers == ["SF-t-a"]


def test_a_parcel_that_is_to_leave_after_all_is_waited_for(hub: HubWorld):
    world = listening(hub, "jd")
    one = Split2(world, "o", ONE)
    one.send("a")
    one.clerk.must(Cancel(order="ob", reason="买家退款"))
    one.clerk.must(Restore(order="ob"))

    world.shop.clock.move(HOLD.total_seconds() + 1)
    world.tell()

    assert one.numbers == []
    assert one.send("b") == "shipped"
    assert one.numbers == ["SF-o-a", "SF-o-b"]


@pytest.mark.parametrize("code", SHIPPING)
def test_a_second_parcel_told_into_silence_is_looked_up_before_anything_else(hub: HubWorld, code: str):
    world = listening(hub, code)
    three = Split2(world, "t", THREE)
    three.send("a")
    said: list[str] = []
    wire = world.wire

    def silent(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        answer = wire(request, timeout_s, most_bytes)
        said.append(world.shop.calls[-1].name)
        if said[-1] == SHIPPING[code]:
            world.wire = wire_again
            raise Trouble("channel_silent", Text("The channel does not answer in time."), retry=True)
        return answer

    def wire_again(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        answer = wire(request, timeout_s, most_bytes)
        said.append(world.shop.calls[-1].name)
        return answer

    world.wire = silent
    three.send("b")

    told_at = said.index(SHIPPING[code])
    assert said[told_at + 1] != SHIPPING[code]
    assert said.count(SHIPPING[code]) == 1
    assert (three.state, three.numbers) == ("shipped", ["SF-t-a", "SF-t-b"])
    assert world.shop.shipped_twice == 0


def test_a_hub_that_dies_between_two_calls_goes_on_with_the_second(hub: HubWorld):
    world = listening(hub, "pdd")
    three = Split2(world, "t", THREE)
    three.send("a")
    three.send("b", tell=False)
    wire = world.wire

    def dies(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        answer = wire(request, timeout_s, most_bytes)
        if world.sent():
            raise KeyboardInterrupt
        return answer

    world.wire = dies
    with pytest.raises(KeyboardInterrupt):
        world.tell()
    assert three.numbers == ["SF-t-a"]

    world.wire = wire
    world.restart()
    world.tell()

    assert (three.state, three.numbers) == ("shipped", ["SF-t-a", "SF-t-b"])
    assert world.shop.shipped_twice == 0


@pytest.mark.parametrize("code", ["taobao", "douyin"])
def test_one_of_two_parcels_gets_another_number(hub: HubWorld, code: str):
    world = listening(hub, code)
    three, whole = Split2(world, "t", THREE), Split2(world, "o", ONE, 1)
    three.send("a")
    three.send("b")
    whole.send("a")

    renumber(world, "ta", "SF-NEW-1")
    renumber(world, "oa", "SF-NEW-2")

    assert three.numbers == ["SF-NEW-1", "SF-t-b"]
    assert whole.numbers == ["SF-NEW-2"]


def test_a_number_the_channel_takes_only_on_its_page_asks_a_person(hub: HubWorld):
    world = listening(hub, "pdd")
    three = Split2(world, "t", THREE)
    three.send("a")
    three.send("b")

    renumber(world, "tb", "SF-NEW-1")

    assert three.numbers == ["SF-t-a", "SF-t-b"]
    (row,) = [row for row in hub.rows(tables.effect) if row.kind == "number"]
    assert row.state == "rejected"


@pytest.mark.parametrize("code", WHOLE)
def test_a_number_that_changed_before_the_last_parcel_left_is_told_with_it(hub: HubWorld, code: str):
    world = listening(hub, code)
    three = Split2(world, "t", THREE)
    three.send("a")
    assert waits_for_last(hub.order("ta"), hub.order)
    renumber(world, "ta", "SF-NEW-1")
    assert three.numbers == []

    assert three.send("b") == "shipped"
    assert not waits_for_last(hub.order("ta"), hub.order)
    assert three.numbers == ["SF-NEW-1", "SF-t-b"]


def renumber(world: Told, order: str, number: str) -> None:
    """Give a parcel another number, and tell the channel."""
    hub = world.hub
    hub.desk(Role.CLERK, f"clerk-{order}-{number}").must(CorrectNumber(order=order, tracking_no=number))
    world.shop.clock.move(HOLD.total_seconds() + 1)
    tellers: Any = Telling(world.tools, writing_back, lambda: world.wire, world.shop.clock.move)
    effects = Effects(
        worker(hub),
        lambda shop, _kind: tellers.of(shop),
        hub.clock,
        kinds=("number",),
        prepare=Words(world.tools, WORKER).by_kind(),
    )
    while effects.carry_out():
        pass


@pytest.mark.parametrize("code", ["taobao", "pdd", "woocommerce"])
def test_a_shop_hears_of_a_parcel_within_a_minute(hub: HubWorld, code: str):
    world = listening(hub, code)
    one = Split2(world, "o", ONE)
    one.send("a")
    left = world.shop.clock.now()
    one.send("b", tell=False)

    effects = world.effects()
    while not effects.carry_out() or one.state != "shipped":
        world.shop.clock.move(1)
        assert world.shop.clock.now() - left <= 60


def test_that_the_channel_repeats_what_it_was_told_stops_nothing(hub: HubWorld):
    world = listening(hub, "taobao")
    three = Split2(world, "t", THREE)
    assert three.send("a") == "partly_shipped"

    ext_id = world.platform.ext_id(three.sale.no)
    again = {"ext_id": ext_id, "lines": sold(world.platform, three.sale)}
    hub.channel.must(bought("t", channel_state=ChannelState.PARTLY_SHIPPED, ext_version="z", **again))

    assert hub.order("t").channel_state is ChannelState.PARTLY_SHIPPED
    assert [snag.kind for snag in hub.order("tb").snags] == []
    assert three.send("b") == "shipped"

    hub.channel.must(bought("t", channel_state=ChannelState.SHIPPED, ext_version="zz", **again))
    assert [snag.kind for part in ("t", "ta", "tb") for snag in hub.order(part).snags] == []


@pytest.mark.parametrize("code", ["taobao", "shopify", "pdd"])
def test_a_parcel_is_told_once_it_is_known_what_became_of_the_one_before(hub: HubWorld, code: str):
    world = listening(hub, code, hang=1)
    one = Split2(world, "o", ONE)
    one.send("a", tell=False)
    one.send("b")

    assert (one.state, one.numbers) == ("shipped", ["SF-o-a", "SF-o-b"])
    assert {row.state for row in hub.rows(tables.effect)} == {"done"}
    assert world.shop.shipped_twice == 0


def test_a_parcel_does_not_wait_for_one_that_a_person_looks_at(hub: HubWorld):
    world = listening(hub, "taobao")
    one = Split2(world, "o", ONE)
    one.send("a", tell=False)
    one.send("b", tell=False)
    first = (tables.effect.c.effect_key == "confirm:o:oa",)
    with writing(hub.engine) as db:
        db.execute(update(tables.effect).where(*first).values(state="unknown", not_before=WAITS_FOR_A_PERSON))

    while world.effects().carry_out():
        pass

    assert one.numbers == ["SF-o-b"]
