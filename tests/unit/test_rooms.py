"""A warehouse sends so many parcels a day: the next one leaves a day later, or from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.commands.set_warehouse import SetWarehouse
from app.domain.load import house_of
from app.domain.values import Role
from tests.builders import NOW, WAREHOUSES, Company, stock
from tests.unit.test_choosing import SUZHOU, WUHAN, company

LATE = NOW + timedelta(days=9)


@pytest.fixture
def full() -> Company:
    """Wuhan, the cheaper one, sends one parcel a day and has it."""
    known = company(SUZHOU, WUHAN)
    known.rows["warehouse", "WH"] = msgspec.structs.replace(WAREHOUSES["WH"], parcels_a_day=1)
    known.receive("o1", ship_by_at=LATE)
    return known


def room(known: Company) -> dict[str, int]:
    return known.rows["load", house_of("WH")].slots


def test_a_parcel_takes_its_place_on_the_day_it_leaves(full):
    order = full.order("o1")

    leaves = order.sourced.parcels[0].leaves_at
    assert (order.warehouse, order.room.day) == ("WH", leaves.date())
    assert room(full) == {order.room.day.isoformat(): 1}


def test_the_next_one_leaves_a_day_later_where_nobody_minds(full):
    second = full.receive("o2", ship_by_at=LATE)

    assert (second.warehouse, second.room.day) == ("WH", full.order("o1").room.day + timedelta(days=1))
    assert sorted(room(full).values()) == [1, 1]


def test_it_is_sent_from_elsewhere_where_a_day_costs_more(full):
    second = full.receive("o2", ship_by_at=NOW - timedelta(days=3))

    assert (second.warehouse, second.room) == ("SZ", None)


def test_what_is_called_off_gives_its_place_back(full):
    full.must(Cancel(order="o1", reason="asked"))

    assert room(full) == {}


def test_a_limit_that_is_lifted_gives_the_places_back(full):
    full.rows["warehouse", "WH"] = msgspec.structs.replace(WAREHOUSES["WH"], parcels_a_day=0)

    full.must(Hold(order="o1", reason="asked"))

    assert full.order("o1").room is None
    assert room(full) == {}


def test_what_is_short_takes_no_place(full):
    for place in ("SZ", "WH"):
        full.rows["stock", f"{place}/LN-220"] = stock(place, on_hand=0)

    assert full.receive("o2").room is None


def test_a_limit_is_a_number_of_parcels():
    house = msgspec.structs.replace(WAREHOUSES["WH"], parcels_a_day=-1)

    assert Company().refused(SetWarehouse(warehouse=house), Role.LEAD) == "bad_room"
