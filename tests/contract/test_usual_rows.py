"""What is usual is learned from the orders a desk knows to have left, and kept for a while."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW, line, order
from desk_world import World


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    yield made
    made.close()


def test_what_left_teaches_what_is_usual_and_what_waits_does_not(world: World) -> None:
    left = [order(f"p{i}", lines=(line(sku="LN-220"),), released_at=NOW) for i in range(20)]
    waits = [order(f"q{i}", lines=(line(sku="CT-180"),)) for i in range(20)]
    world.hub.publish({("order", one.id): one for one in (*left, *waits)})
    world.pull_all()

    usual = world.views.usual()

    assert {sku: spread.count for sku, spread in usual.pieces.items()} == {"LN-220": 20}
    assert usual.orders == {"TM1": 20}


def test_it_is_learned_anew_after_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.pull_all()
    monkeypatch.setattr(world.views, "now", lambda: NOW)
    before = world.views.usual()
    world.hub.publish({("order", "p1"): order("p1", lines=(line(sku="LN-220"),), released_at=NOW)})
    world.pull_all()

    monkeypatch.setattr(world.views, "now", lambda: NOW + timedelta(minutes=14))
    soon = world.views.usual()
    monkeypatch.setattr(world.views, "now", lambda: NOW + timedelta(minutes=16))
    later = world.views.usual()

    assert (before.orders, soon.orders, later.orders) == ({}, {}, {"TM1": 1})
