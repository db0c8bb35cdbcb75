"""What platforms say of people: in no log, no row and no byte of the database in clear, read or not."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from hub_world import HubWorld
from polled_world import Polled
from sqlalchemy import select

from sync import tables
from sync.hub.database import reading
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.hooks import keep
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Pushing
from sync.simulators.weather import Weather

WORDS = ("欧阳晓晴", "13955501234", "梧桐里弄")
SAID = " ".join(WORDS)
NOWHERE = {"map": {"order": {"created_at": {"path": "nowhere", "required": True}}}}
"""With this no order can be read: what came is kept for a person."""
LEAST = 6
"""Of fewer characters something may stand anywhere by chance."""


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def written_down(hub: HubWorld, folder: Path) -> str:
    with reading(hub.engine) as db:
        rows = [
            repr(tuple(row)) for table in tables.metadata.sorted_tables for row in db.execute(select(table))
        ]
    files = (file.read_bytes() for file in folder.glob("hub.db*"))
    return "\n".join([*rows, *(one.decode(errors="replace") for one in files)])


@pytest.mark.parametrize("override", [None, NOWHERE], ids=["read", "unreadable"])
@pytest.mark.parametrize("code", sorted(PLATFORMS))
def test_a_day_of_a_platform_names_nobody(
    hub: HubWorld,
    code: str,
    override: dict[str, Any] | None,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
):
    caplog.set_level(logging.DEBUG)
    world = Polled(hub, code, 5, Weather(throttle=5, fail=7), override=override)
    for sale in list(world.shop):
        sale.words = sale.memo = SAID
        world.shop.touch(sale)
    if isinstance(world.platform, Pushing):
        said = world.platform.push(world.shop.sale(0), 1)
        keep(world.tools, world.one(), "d1", "orders", said.body)
    before = written_down(hub, tmp_path)

    world.settle()
    Deliveries(world.tools).step()
    world.poll()

    people = {*WORDS, *(f"{sale.buyer:09d}" for sale in world.shop)}
    for order in world.orders().values():
        who = order.receiver
        people |= {
            one for one in (who.name, who.phone, who.street, who.account, who.place) if len(one) >= LEAST
        }
    assert (len(people) > len(WORDS) + len(world.shop)) is (override is None)
    found = written_down(hub, tmp_path)
    assert [one for one in people if one in before + found] == []
    assert [one for one in people if one in caplog.text or ascii(one)[1:-1] in caplog.text] == []
