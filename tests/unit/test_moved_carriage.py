"""An order that shall leave from another warehouse is carried from there, at the fare from there."""

from __future__ import annotations

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.choose_carrier import ChooseCarrier
from app.domain.carrier import Carrier
from app.domain.freight import Fare
from app.domain.order import Status
from tests.builders import Company
from tests.unit.test_choosing import SUZHOU, WUHAN, company

FAR = Fare(origin="苏州市", first_minor=1_050, step_minor=200)


def bought(*fares: Fare) -> Company:
    known = company(*fares)
    known.receive()
    return known


def test_a_released_order_costs_what_its_new_place_costs():
    known = bought(FAR, WUHAN)
    before = known.order()

    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="asked"))

    after = known.order()
    assert (before.status, after.status) == (Status.RELEASED, Status.RELEASED)
    assert (before.carriage.cost_minor, after.carriage.cost_minor) == (500, 1_050)
    assert after.carriage.carrier == before.carriage.carrier


def test_whom_a_person_chose_stays_at_the_fare_from_there():
    known = bought(FAR, WUHAN)
    known.rows["carrier", "YX"] = Carrier(
        code="YX",
        title="Star",
        fares=(
            Fare(origin="苏州市", first_minor=2_000, step_minor=1),
            Fare(origin="武汉市", first_minor=3_000, step_minor=1),
        ),
    )
    known.must(ChooseCarrier(order="o1", carrier="YX"))

    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="asked"))

    carriage = known.order().carriage
    assert (carriage.carrier, carriage.cost_minor, carriage.by) == ("YX", 2_000, "clerk")


def test_the_way_back_costs_what_it_did():
    known = bought(SUZHOU, WUHAN)
    before = known.order().carriage

    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="asked"))
    known.must(ChangeWarehouse(order="o1", warehouse="WH", reason="asked"))

    assert known.order().carriage == before


def test_the_same_fare_from_both_changes_nothing():
    known = bought(Fare(first_minor=800, step_minor=200))
    before = known.order()
    there = "WH" if before.warehouse == "SZ" else "SZ"

    known.must(ChangeWarehouse(order="o1", warehouse=there, reason="asked"))

    assert (known.order().warehouse, known.order().carriage) == (there, before.carriage)
