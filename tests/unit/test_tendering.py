"""Where cost and time decide: every allowed carrier and service is asked, the cheapest in time takes it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, actor
from carrier_world import FAR, NEAR, QINGHAI, bought, with_carriers

from app.carrying import parcel_of
from app.command import Facts
from app.commands.recheck import Recheck
from app.domain.freight import Fare
from app.domain.source_policy import Policy
from app.tendering import bids

SLOW = msgspec.structs.replace(
    FAR, services=("陆运",), fares=(Fare(first_minor=500, step_minor=0, hours=200),), not_served=()
)
QUICK = msgspec.structs.replace(
    NEAR,
    services=("标准快递", "次日达"),
    fares=(
        Fare(first_minor=800, step_minor=0, hours=48),
        Fare(first_minor=1_400, step_minor=0, service="次日达", hours=20),
    ),
)


def company(*carriers):
    made = with_carriers(*(carriers or (QUICK, SLOW)))
    house = made.refs.warehouses["SZ"]
    made.rows["warehouse", "SZ"] = msgspec.structs.replace(house, by_cost=True)
    return made


def facts(made) -> Facts:
    return made.facts(Recheck(order="o1"), actor())


def test_the_cheapest_that_is_in_time_takes_it_whatever_the_list_says():
    made = company(SLOW, QUICK)
    bought(made, ship_by_at=NOW + timedelta(hours=30))

    carriage = made.order().carriage
    assert (carriage.carrier, carriage.service, carriage.cost_minor) == ("SJ", "标准快递", 800)
    assert carriage.why.message == "cheapest in time, {hours} h"


def test_with_time_enough_the_slow_one_does():
    made = company()
    bought(made, ship_by_at=NOW + timedelta(days=10))

    assert made.order().carriage.carrier == "YX"


def test_a_dearer_service_is_taken_where_lateness_costs_more():
    late = msgspec.structs.replace(SLOW, active=False)
    made = company(QUICK, late)
    bought(made, ship_by_at=NOW - timedelta(hours=24))

    assert made.order().carriage.service == "次日达"


@pytest.mark.parametrize(("late_minor", "carrier"), [(0, "YX"), (50, "SJ")])
def test_lateness_costs_what_the_published_policy_says(late_minor: int, carrier: str):
    made = company()
    made.rows["source_policy", "ALL"] = Policy(code="ALL", title="All", rev=1, late_minor=late_minor)
    bought(made, ship_by_at=NOW + timedelta(hours=30))

    assert made.order().carriage.carrier == carrier


def test_whoever_is_not_allowed_makes_no_bid():
    made = company(msgspec.structs.replace(QUICK, takes_cod=False), SLOW)
    bought(made, region=QINGHAI, is_cod=True, paid_minor=0)
    order, known = made.order(), facts(made)

    found = bids(order, parcel_of(order, known), (), known)

    assert [(bid.offer.carrier.code, bid.service) for bid in found] == [("YX", "陆运")]
    assert made.order().carriage.carrier == "YX"
