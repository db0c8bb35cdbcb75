"""What a warehouse elsewhere refuses or sends in part: told once, sent anew, the rest kept with somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from errand_hub import World, errand_hub
from hub_world import bought

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.fix_address import FixAddress
from app.commands.settle import Settle
from app.domain.order import Status
from sync import tables


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with errand_hub(tmp_path) as made:
        yield made


def answered(world: World, order: str) -> None:
    """Say that an order shall be sent from there after all."""
    snag = world.hub.order(order).snag("warehouse_rejected")
    assert snag is not None
    world.lead.must(Settle(order=order, kind="warehouse_rejected", digest=snag.digest))


def test_what_a_warehouse_refused_is_sent_once_more_under_another_code_when_somebody_says_so(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    world.told(world.wms.confirm("o1-1", "", status="REJECT"))
    world.round(2)
    assert list(world.wms.made) == ["o1-1"]

    answered(world, "o1")
    world.round(3)
    assert (list(world.wms.made), world.wms.again, world.wms.cancelled) == (["o1-1", "o1-2"], 0, [])

    world.told(world.wms.confirm("o1-1", "", status="REJECT"))
    assert world.hub.order().snags == ()
    for _ in range(2):
        world.told(world.wms.confirm("o1-2", "", status="REJECT"))
    known = world.hub.order()
    assert ([snag.kind for snag in known.snags], len(known.refusals)) == (["warehouse_rejected"], 2)

    answered(world, "o1")
    world.round(2)
    assert list(world.wms.made) == ["o1-1", "o1-2", "o1-3"]
    assert world.told(world.wms.confirm("o1-3", "SF1234567890"))[0] == 200
    assert world.hub.order().status is Status.SHIPPED


def test_a_refused_order_that_leaves_from_elsewhere_is_not_taken_back_where_it_never_was(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    world.told(world.wms.confirm("o1-1", "", status="REJECT"))
    world.lead.must(ChangeWarehouse(order="o1", warehouse="WH"))
    world.round(2)

    assert (list(world.wms.made), world.wms.cancelled) == (["o1-1"], [])
    assert [key for key in world.states() if key.startswith("recall")] == []


def test_a_delivery_order_waits_until_the_one_before_it_is_taken_back(world: World):
    world.hub.channel.must(bought("o1"))
    world.round()
    world.wms.sent.add("o1-1")
    known = world.hub.order()
    moved = msgspec.structs.replace(known.receiver, street="凤里街188号")
    world.lead.must(FixAddress(order="o1", receiver=moved, region=known.region))
    world.round(3)

    assert list(world.wms.made) == ["o1-1"]
    assert (world.states()["recall:o1:1"], world.states()["deliver:o1:2"]) == ("rejected", "rejected")


def test_what_left_in_part_ships_and_the_rest_stays_with_somebody(world: World):
    line = msgspec.structs.replace(bought("o1").lines[0], qty=3)
    world.hub.channel.must(bought("o1", lines=(line,)))
    world.round()

    answers = [world.told(world.wms.confirm("o1-1", "SF1234567890", lacks=1)) for _ in range(2)]
    assert ["success" in words for _, words in answers] == [True, True]
    world.round(3)

    orders = {row.id: world.hub.order(row.id) for row in world.hub.rows(tables.orders)}
    gone = next(one for key, one in orders.items() if key.endswith("-1"))
    rest = next(one for key, one in orders.items() if key.endswith("-2"))
    assert (orders["o1"].status, gone.status, gone.tracking_no) == (
        Status.REPLACED,
        Status.SHIPPED,
        "SF1234567890",
    )
    assert (gone.lines[0].qty, rest.lines[0].qty) == (2, 1)
    assert [snag.kind for snag in rest.snags] == ["warehouse_rejected"]
    assert (list(world.wms.made), world.wms.cancelled) == (["o1-1"], [])

    answered(world, rest.id)
    world.round(2)
    assert list(world.wms.made) == ["o1-1", f"{rest.id}-1"]
    assert world.wms.made[f"{rest.id}-1"]["lines"] == [("LN-220", 1)]
