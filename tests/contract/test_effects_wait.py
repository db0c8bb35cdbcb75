"""What a verb leads to outside waits in the house while the verb can be taken back."""

from __future__ import annotations

import dataclasses

import pytest
from hub_world import HubWorld, bought

from app import engine
from app.command import Undo, no_inverse
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.effect import HOLD
from app.domain.values import Role
from sync import tables


@pytest.mark.parametrize("is_final", [True, False])
def test_it_leaves_at_once_or_when_nobody_can_take_it_back(hub: HubWorld, monkeypatch, is_final: bool):
    """Source: capabilities 5.3."""
    inverse = no_inverse if is_final else lambda _ship, _facts: Undo("unship", {})
    monkeypatch.setitem(engine._BY_TYPE, Ship, dataclasses.replace(engine.SPECS["ship"], inverse=inverse))
    floor = hub.desk(Role.WAREHOUSE, "floor")
    hub.channel.must(bought("o1"))
    floor.must(Pick(order="o1", line="1", qty=1), Pack(order="o1"))
    floor.must(Ship(order="o1", carrier="SF", tracking_no="SF-1"))

    (confirm,) = (row for row in hub.rows(tables.effect) if row.kind == "confirm")
    (parcel,) = hub.rows(tables.shipment)
    assert (confirm.not_before - parcel.shipped_at) == (HOLD - HOLD if is_final else HOLD)
