"""Merging, splitting and typing orders in while the network is gone: seen at once, the same afterwards."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from builders import RECEIVER, REGION, line
from desk_world import World, login

from app.commands.merge import Merge
from app.commands.new_order import NewOrder
from app.commands.put_back import PutBack
from app.commands.split import Split
from app.domain.making import Part
from app.domain.order import Line, Status
from app.ports import OrderQuery

OTHER = (line(ext_sku="A-2", unit_price_minor=19_900, qty=2),)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    made.hub.receive("o1")
    made.hub.receive("o2", lines=OTHER)
    made.pull_all()
    yield made
    made.close()


def statuses(world: World) -> dict[str, str]:
    rows = world.views.order_page(OrderQuery(), 0, 20)
    return {row.id: row.status for row in rows}


def test_a_merge_shows_at_once_and_its_originals_are_still_found(world: World):
    world.must(Merge(orders=("o1", "o2"), into="zz"))

    assert statuses(world) == {"o1": "replaced", "o2": "replaced", "zz": "gated"}
    assert {row.id for row in world.views.find("DK-o2")} == {"o2"}
    assert world.order("zz").payable_minor == 32_000 + 39_800


def test_merged_and_taken_back_offline_the_desk_stands_where_the_hub_stands(world: World):
    world.must(Merge(orders=("o1", "o2"), into="zz"))
    world.restart()
    world.must(PutBack(order="zz"))
    assert statuses(world) == {"o1": "gated", "o2": "gated", "zz": "dissolved"}

    world.push()
    world.pull_all()

    assert statuses(world) == {"o1": "released", "o2": "released", "zz": "dissolved"}
    assert world.store.mark.cursor == world.hub.head


def test_what_the_channel_says_meanwhile_is_asked_after_the_push(world: World):
    world.must(Merge(orders=("o1", "o2"), into="zz"))
    world.hub.receive("o2", ext_version="2", lines=(line(ext_sku="A-2", unit_price_minor=19_900, qty=3),))

    reply = world.push()
    world.pull_all()

    assert [answer.status for answer in reply.results] == ["applied"]
    assert world.order("zz").lines[1].qty == 3
    assert world.order("zz").snags == ()


def test_a_part_is_an_order_like_any_other(world: World):
    world.must(Split(order="o2", parts=(Part("p1", (("1", 1),)), Part("p2", (("1", 1),)))))
    world.push()
    world.pull_all()

    assert statuses(world) == {"o1": "released", "o2": "replaced", "p1": "released", "p2": "released"}
    assert [row.number for row in world.views.find("DK-o2-1")] == ["DK-o2-1"]


def test_an_order_typed_in_offline_is_there_and_arrives_once(world: World):
    fresh = world.store.fresh_id()
    buyer = msgspec.structs.replace(RECEIVER, phone="13911112222", street="解放路1号")
    goods = (Line(id="1", ext_sku="", sku="LN-220", title="四件套", qty=1, unit_price_minor=32_000),)
    command = NewOrder(order=fresh, shop="TM1", lines=goods, receiver=buyer, region=REGION, paid_minor=32_000)
    world.must(command)
    assert world.submit(command).refusal.code == "exists"
    assert world.order(fresh).status is Status.GATED

    world.push()
    world.pull_all()

    assert world.order(fresh).status is Status.RELEASED
    assert [row.n for row in world.views.outbox() if row.state == "saved"] == []


def test_fresh_ids_sort_by_time_and_differ(world: World):
    one, other = world.store.fresh_id(), world.store.fresh_id()

    assert one != other
    assert len(one) == len(other) == 36


def test_known_rows_come_with_what_everybody_knows(world: World):
    facts = world.views.known(frozenset({("order", "o1"), ("order", "none")}), login())

    assert facts.order("o1").number == "DK-o1"
    assert facts.order("none") is None
    assert facts.refs.shops["TM1"].code == "TM1"
