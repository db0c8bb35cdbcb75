"""What the settings ask of a desk before something is published, and what they read of the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, order
from desk_world import World

from app.domain.order import Status
from app.domain.revision import revised
from app.domain.rules import Rules
from app.domain.snag_rule import Clause, SnagRule

ORDERS = (
    order("o1", status=Status.TO_CHECK),
    order("o2", status=Status.GATED),
    order("o3", status=Status.RELEASED, warehouse="SZ"),
    order("o4", status=Status.PICKING, warehouse="SZ"),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.hub.publish({("order", one.id): one for one in ORDERS})
    made.pull_all()
    yield made
    made.close()


def test_what_was_published_is_read_newest_first(world: World) -> None:
    for rev in (0, 1):
        one = revised("rules", "current", None, Rules(rev=rev), "lead", NOW + timedelta(minutes=rev))
        world.hub.publish({("revision", f"rules/current/{one.rev}"): one})
    world.pull()

    assert [one.rev for one in world.views.revisions()] == [2, 1]
    assert [one.rev for one in world.views.revisions(limit=1)] == [2]


def test_orders_before_release_are_counted_by_what_they_cost(world: World) -> None:
    assert world.views.costing_more(31_999) == (2, 2)
    assert world.views.costing_more(32_000) == (0, 2)


def test_a_type_is_tried_on_the_newest_orders_before_it_is_published(world: World) -> None:
    any_order = SnagRule(code="BIG", title="Large", clauses=(Clause("lines", "at_least", "1"),))
    no_order = SnagRule(code="BIG", title="Large", clauses=(Clause("lines", "at_least", "99"),))

    found, looked, waiting = world.views.judged_by(any_order, 100)

    assert found == looked > waiting > 0
    assert world.views.judged_by(no_order, 100) == (0, looked, 0)
    assert world.views.judged_by(any_order, 1)[:2] == (1, 1)
