"""A worker that is killed at any step: the carrier's books hold every parcel once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from carrier import Carrier
from hub_world import HubWorld, bought
from killed import KILLED, carry_out, lived

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.values import Role
from sync import tables

STEPS = ("effect_leased", "effect_looked_up", "effect_called", "mid_tx", "before_commit", "after_commit")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HubWorld]:
    """A company with two parcels on their way, whose own writer is stopped: child processes work instead."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'hub.db'}" if is_sqlite else request.getfixturevalue("fresh_postgres")
    world = HubWorld(url)
    floor = world.desk(Role.WAREHOUSE)
    for order in ("o1", "o2"):
        world.channel.must(bought(order))
        floor.must(Pick(order=order, line="1", qty=1), Pack(order=order))
        floor.must(Ship(order=order, carrier="SF", tracking_no=f"SF-{order}"))
    world.writer.stop()
    yield world
    world.close()


def work(hub: HubWorld, url: str, crash: str, keys: str) -> int | None:
    """Let a process work ten minutes later than the one before; return its exit code."""
    hub.clock.move(minutes=10)
    database = hub.engine.url.render_as_string(hide_password=False)
    return lived(crash, carry_out, database, url, hub.clock(), keys == "keys")[0]


@pytest.mark.fault
@pytest.mark.parametrize("keys", ["keys", "no keys"])
def test_killed_at_every_step_each_parcel_is_told_once(hub: HubWorld, keys: str):
    carrier = Carrier(takes_keys=keys == "keys")
    with carrier.open() as url:
        died = [work(hub, url, step, keys) for step in STEPS]
        assert work(hub, url, "", keys) == 0

    assert died[0] == died[2] == KILLED
    assert sorted(carrier.books) == ["confirm:o1:1", "confirm:o2:1"]
    assert {row.state for row in hub.rows(tables.effect)} == {"done"}
    assert hub.verify().ok
