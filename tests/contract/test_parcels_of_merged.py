"""Of orders that were merged and parted again a channel hears what left of its own goods, nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hub_world import HubWorld, bought
from test_several_parcels import listening, worker
from told_world import Told, send, sold

from app.commands.cancel import Cancel
from app.commands.correct_number import CorrectNumber
from app.commands.merge import Merge
from app.commands.split import Split
from app.domain.effect import HOLD
from app.domain.making import Part
from app.domain.values import Receiver, Role
from sync import tables
from sync.hub.effects import WORKER, Effects
from sync.hub.polling.telling import Telling
from sync.hub.polling.writing_back import Words, writing_back

BUYER = Receiver(name="季小雨", phone="13800138000", street="文晖路8号")


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def parted(hub: HubWorld, code: str) -> tuple[Told, list[int], Any]:
    """Two orders of one buyer, merged and parted again: `ma` has the goods of one, `mb` of the other."""
    world = listening(hub, code)
    numbers = [sale.no for sale in world.shop if sale.state == "to_ship"][:2]
    parts = [list[tuple[str, int]](), list[tuple[str, int]]()]
    for nth, no in enumerate(numbers):
        lines = sold(world.platform, world.shop.sale(no))
        hub.channel.must(bought(f"t{nth}", receiver=BUYER, ext_id=world.platform.ext_id(no), lines=lines))
        parts[nth] += [(f"{nth + 1}.{one.id}", one.qty) for one in lines]
    clerk = hub.desk(Role.CLERK, "joins")
    clerk.must(
        Merge(orders=("t0", "t1"), into="m"),
        Split(order="m", parts=(Part("ma", tuple(parts[0])), Part("mb", tuple(parts[1])))),
    )
    return world, numbers, clerk


@pytest.mark.parametrize("code", ["taobao", "douyin", "jd", "pdd", "woocommerce"])
def test_an_order_whose_goods_are_still_here_is_not_told_as_sent(hub: HubWorld, code: str):
    world, numbers, _ = parted(hub, code)

    def states() -> list[str]:
        world.shop.clock.move(1)
        world.tell()
        return [world.shop.sale(no).state for no in numbers]

    send(hub, "ma", "SF-1", 1)
    assert states() == ["shipped", "to_ship"]
    send(hub, "mb", "SF-2", 2)
    assert states() == ["shipped", "shipped"]
    assert {row.state for row in hub.rows(tables.effect)} == {"done"}
    assert world.shop.shipped_twice == 0


@pytest.mark.parametrize("code", ["taobao", "jd"])
def test_of_an_order_of_which_nothing_left_no_rest_is_told(hub: HubWorld, code: str):
    world, numbers, clerk = parted(hub, code)
    send(hub, "ma", "SF-1", 1)
    clerk.must(Cancel(order="mb", reason="买家退款"))
    world.shop.clock.move(HOLD.total_seconds() + 1)
    world.tell()

    assert [world.shop.sale(no).state for no in numbers] == ["shipped", "to_ship"]
    assert [row.order_id for row in hub.rows(tables.effect)] == ["t0"]


@pytest.mark.parametrize("code", ["taobao", "douyin"])
def test_a_number_that_changes_before_the_parcel_was_told_is_told_after_it(hub: HubWorld, code: str):
    world = listening(hub, code)
    (no,) = world.ship(1)
    order = f"o{no}"
    hub.desk(Role.CLERK, "mends").must(CorrectNumber(order=order, tracking_no="SF-NEW-1"))
    world.shop.clock.move(HOLD.total_seconds() + 1)
    tellers: Any = Telling(world.tools, writing_back, lambda: world.wire, world.shop.clock.move)
    changing = Effects(
        worker(hub),
        lambda shop, _kind: tellers.of(shop),
        hub.clock,
        kinds=("number",),
        prepare=Words(world.tools, WORKER).by_kind(),
    )

    assert changing.carry_out()
    confirming = world.effects()
    while confirming.carry_out():
        pass
    world.shop.clock.move(900)
    while changing.carry_out():
        pass

    assert [parcel.tracking for parcel in world.shop.sale(no).parcels] == ["SF-NEW-1"]
    assert {row.state for row in hub.rows(tables.effect)} == {"done"}
