"""An order of the same buyer that arrived, by the orders a desk holds."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from builders import RECEIVER, Company, order
from desk_world import World, login

from app.domain.order import Status
from app.domain.values import Receiver

GOOD = "13911112222"


def called(phone: str, **changes: str) -> Receiver:
    return msgspec.structs.replace(RECEIVER, phone=phone, **changes)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    yield made
    made.close()


def test_the_newest_one_whose_phone_can_be_called_is_offered(world: World) -> None:
    """Where the phone of an order cannot be; nobody else is looked for."""
    done = Status.COMPLETED
    past = [
        order("p1", receiver=called("13911110000"), status=done),
        order("p2", receiver=called(GOOD), status=done),
        order("p3", receiver=called("139****0000"), status=done),
        order("p4", receiver=called("13911119999", name="白露"), status=done),
        order("p5", receiver=called("13911118888", street="解放路1号"), status=done),
        order("p6", receiver=called("13911117777"), status=Status.SHIPPED),
    ]
    bad = Company().receive("o1", receiver=called("1391111222"))
    fine = order("o2", receiver=called("13911116666"))
    world.hub.publish({("order", one.id): one for one in [*past, bad, fine]})
    world.pull_all()

    def former(id: str) -> str:
        found = world.views.order(id, login())
        assert found is not None
        return found[1].former

    assert (former("o1"), former("o2")) == ("p2", "")
