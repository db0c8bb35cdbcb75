"""Where parcels to a street and door have arrived, by the orders a desk holds."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from builders import order
from desk_world import World

from app.domain.order import Status
from app.domain.values import Receiver, Region


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    yield made
    made.close()


def test_where_parcels_to_a_door_arrived_is_read_off_completed_orders(world: World) -> None:
    there = Region(province="福建省", city="福州市", district="鼓楼区", verdict="accept")
    unsure = msgspec.structs.replace(there, city="厦门市", verdict="confirm")
    door = Receiver(name="周", street="中山路１号3幢")
    past = [
        order("p1", status=Status.COMPLETED, region=there, receiver=door),
        order("p2", status=Status.COMPLETED, region=there, receiver=Receiver(street="中山路1-3")),
        order("p3", status=Status.COMPLETED, region=unsure, receiver=door),
        order("p4", status=Status.COMPLETED, region=there, receiver=Receiver(street="中山路2号")),
        order("p5", status=Status.SHIPPED, region=there, receiver=door),
    ]
    world.hub.publish({("order", one.id): one for one in past})
    world.pull_all()
    assert world.views.delivered("中山路1号3栋") == {("福建省", "福州市", "鼓楼区"): 2}
    assert world.views.delivered("") == {}
