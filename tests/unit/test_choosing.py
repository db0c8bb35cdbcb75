"""Where orders are sent from: the least money, with every other place told why not."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.cancel import Cancel
from app.commands.restore import Restore
from app.domain.carrier import Carrier
from app.domain.distance import Atlas
from app.domain.freight import Fare
from app.domain.order import Status
from app.domain.source_policy import Policy
from app.domain.values import Region
from app.sourcing.ways import Ways
from tests.builders import WAREHOUSES, Company, line, stock

SUZHOU = Fare(origin="苏州市", first_minor=800, step_minor=200)
WUHAN = Fare(origin="武汉市", first_minor=500, step_minor=200)
ATLAS = Atlas(
    {
        "江苏省|苏州市": (120_600, 31_300),
        "湖北省|武汉市": (114_300, 30_600),
        "浙江省|杭州市": (120_200, 30_300),
    }
)


def company(*fares: Fare, **stops) -> Company:
    """A company whose warehouses stand in Suzhou and Wuhan, with one carrier."""
    known = Company(ways=Ways(lambda: ATLAS))
    known.rows["source_policy", "ALL"] = Policy(code="ALL", title="All", rev=1)
    if fares:
        known.rows["carrier", "SJ"] = Carrier(code="SJ", title="Ridge", fares=fares, **stops)
    return known


def test_the_cheapest_place_sends_it_though_another_is_named_first():
    order = company(SUZHOU, WUHAN).receive()

    assert (order.status, order.warehouse) == (Status.RELEASED, "WH")
    assert (order.sourced.freight_minor, order.sourced.parcels[0].carrier) == (500, "SJ")


def test_every_place_says_why_it_is_not_the_one():
    order = company(SUZHOU, WUHAN).receive()

    first, second = order.sourced.candidates
    assert (first.places, first.why_not) == (("WH",), None)
    assert (second.places, second.why_not.message, second.why_not.params) == (
        ("SZ",), "{money} more", {"money": "¥3.00"},
    )  # fmt: skip
    assert (first.km > second.km > 0, first.has, first.wants) == (True, 1, 1)


def test_where_carriage_costs_the_same_the_nearer_place_sends_it():
    order = company(Fare(first_minor=800, step_minor=200)).receive()

    assert (order.warehouse, order.sourced.candidates[1].why_not.message) == (
        "SZ",
        "costs the same, {km} km further",
    )


def test_stock_is_promised_where_no_carrier_goes_and_who_carries_it_is_asked():
    order = company(Fare(province="海南省", first_minor=800, step_minor=200)).receive()

    assert (order.warehouse, order.status) == ("SZ", Status.GATED)
    assert order.snag("carrier_unreachable") is not None


def test_without_any_carrier_distance_decides():
    order = company().receive(region=Region(province="湖北省", city="武汉市", verdict="accept"))

    assert (order.warehouse, order.sourced.freight_minor) == ("WH", 0)


def test_what_costs_nothing_travels_with_what_was_bought():
    known = company(SUZHOU, WUHAN)
    known.rows["stock", "WH/SF-001"] = stock("WH", "SF-001", 0)
    gift = line("2", ext_sku="A-2", sku="SF-001", unit_price_minor=0)

    order = known.receive(lines=(line("1"), gift))

    assert {item.warehouse for item in order.reserved} == {"SZ"}


def test_a_restored_order_is_decided_anew():
    known = company(SUZHOU, WUHAN)
    known.receive()
    known.must(Cancel(order="o1", reason="asked"))
    known.rows["stock", "WH/LN-220"] = stock("WH", on_hand=0)

    known.must(Restore(order="o1"))

    order = known.order()
    assert (order.warehouse, order.sourced.candidates[1].why_not.message) == (
        "SZ",
        "has {has} of {wants} pieces",
    )


def test_what_is_promised_already_is_not_there():
    known = company(SUZHOU, WUHAN)
    known.rows["stock", "WH/LN-220"] = stock("WH", on_hand=1)

    assert [known.receive(name).warehouse for name in ("o1", "o2")] == ["WH", "SZ"]


@pytest.mark.parametrize(("by_cost", "carrier", "freight"), [(False, "SJ", 800), (True, "YX", 300)])
def test_freight_is_that_of_whoever_takes_it_by_the_rule_of_the_place(by_cost, carrier, freight):
    known = company(SUZHOU)
    known.rows["carrier", "YX"] = Carrier(
        code="YX", title="Far", fares=(Fare(origin="苏州市", first_minor=300, step_minor=200),)
    )
    known.rows["warehouse", "SZ"] = msgspec.structs.replace(WAREHOUSES["SZ"], by_cost=by_cost)

    order = known.receive()

    assert (order.sourced.parcels[0].carrier, order.sourced.freight_minor) == (carrier, freight)
    assert (order.carriage.carrier, order.carriage.cost_minor) == (carrier, freight)
