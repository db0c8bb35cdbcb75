"""What carriage costs: exact at every border, never less for more, the most exact fare first."""

from __future__ import annotations

from datetime import date

import pytest
from builders import REGION
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.carrier import Carrier, cost_minor, offer_of
from app.domain.freight import Band, Fare, Parcel, Zone, chargeable_g, fare_for, price_minor, zone_places

ON = date(2026, 6, 13)
DAY_BEFORE, DAY_AFTER = date(2026, 6, 12), date(2026, 6, 14)
STEEP = Fare(first_minor=800, step_minor=200, bands=(Band(3_000, 150), Band(5_000, 100)))


@pytest.mark.parametrize(
    ("weight_g", "cost"),
    [
        (1, 800),
        (1_000, 800),
        (1_001, 1_000),
        (3_000, 1_200),
        (3_001, 1_350),  # the step that begins at 3 kg is the first of its band
        (5_000, 1_500),
        (5_001, 1_600),
        (7_000, 1_700),
    ],
)
def test_a_step_costs_what_the_band_asks_in_which_it_begins(weight_g, cost):
    assert price_minor(STEEP, 1_000, 1_000, weight_g) == cost


def test_a_fare_has_weights_of_its_own_and_an_end():
    fare = Fare(first_minor=500, step_minor=100, first_g=3_000, step_g=500, most_g=4_000)

    assert [price_minor(fare, 1_000, 1_000, weight) for weight in (3_000, 3_001, 3_501, 4_000, 4_001)] == [
        500, 600, 700, 700, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("volume_cm3", "divisor", "charged"),
    [
        (6_000, 0, 900),
        (5_400, 6_000, 900),
        (5_401, 6_000, 901),
        (12_000, 6_000, 2_000),
        (12_001, 6_000, 2_001),
    ],
)
def test_size_counts_as_weight_rounded_up_to_the_gram(volume_cm3, divisor, charged):
    assert chargeable_g(900, volume_cm3, divisor) == charged


def test_goods_of_a_sum_travel_free_from_exactly_there():
    fare = Fare(first_minor=800, step_minor=200, free_from_minor=9_900)

    assert [price_minor(fare, 1_000, 1_000, 500, value) for value in (0, 9_899, 9_900)] == [800, 800, 0]


fares = some.builds(
    lambda first, step, first_g, step_g, overs, prices: Fare(
        first_minor=first,
        step_minor=step,
        first_g=first_g,
        step_g=step_g,
        bands=tuple(map(Band, sorted(overs), prices)),
    ),
    some.integers(0, 5_000),
    some.integers(0, 900),
    some.integers(1, 3_000),
    some.integers(100, 2_000),
    some.sets(some.integers(0, 30_000), max_size=3),
    some.lists(some.integers(0, 900), min_size=3, max_size=3),
)


@settings(deadline=None, max_examples=40)
@given(fares, some.integers(0, 60_000), some.integers(0, 60_000))
def test_more_weight_never_costs_less(fare, one, other):
    lighter, heavier = sorted((one, other))

    assert price_minor(fare, 1, 1, lighter) <= price_minor(fare, 1, 1, heavier)


@settings(deadline=None, max_examples=40)
@given(fares, some.integers(0, 60_000))
def test_a_price_is_its_steps_added_up_one_by_one(fare, weight_g):
    cost, begins = fare.first_minor, fare.first_g
    while begins < weight_g:
        cost += next(
            (band.step_minor for band in reversed(fare.bands) if band.over_g <= begins), fare.step_minor
        )
        begins += fare.step_g

    assert price_minor(fare, 1, 1, weight_g) == cost


def fare_named(parcel: Parcel, service: str = "", on: date = ON, region=REGION) -> int:
    """Return the price, which here names the fare."""
    zones = zone_places((Zone("华东", ("江苏省", "浙江省", "上海市")),))
    chosen = fare_for(TABLE, zones, region, parcel, service, on)
    return chosen.first_minor if chosen is not None else 0


TABLE = (
    Fare(first_minor=1, step_minor=0),
    Fare(province="华东", first_minor=2, step_minor=0),
    Fare(province="浙江省", first_minor=3, step_minor=0),
    Fare(province="浙江省", first_minor=33, step_minor=0, since_on=DAY_AFTER),
    Fare(province="浙江省", origin="华东", first_minor=4, step_minor=0),
    Fare(province="浙江省", origin="苏州市", first_minor=5, step_minor=0),
    Fare(province="杭州市", first_minor=6, step_minor=0, until_on=DAY_BEFORE),
    Fare(service="次日达", first_minor=7, step_minor=0),
    Fare(contract="ours", first_minor=8, step_minor=0),
)


@pytest.mark.parametrize(
    ("parcel", "service", "on", "named"),
    [
        (Parcel(), "", ON, 3),
        (Parcel(origin=("广州市", "广东省")), "", ON, 3),
        (Parcel(origin=("无锡市", "江苏省")), "", ON, 4),
        (Parcel(origin=("苏州市", "江苏省")), "", ON, 5),
        (Parcel(), "", DAY_BEFORE, 6),
        (Parcel(), "", DAY_AFTER, 33),
        (Parcel(), "次日达", ON, 7),
        (Parcel(contract="ours"), "次日达", ON, 8),
        (Parcel(contract="theirs"), "", ON, 3),
    ],
)
def test_the_most_exact_fare_that_holds_counts(parcel, service, on, named):
    assert fare_named(parcel, service, on) == named


def test_a_carrier_charges_by_size_where_it_says_so():
    carrier = Carrier(
        code="V", title="V", volume_divisor=6_000, fares=(Fare(first_minor=800, step_minor=200),)
    )

    assert cost_minor(carrier, REGION, Parcel(weight_g=100, volume_cm3=12_000), ON) == 1_000


@pytest.mark.parametrize(
    ("changes", "parcel", "words"),
    [
        ({"takes_cod": False}, Parcel(is_cod=True), "{carrier} takes no cash on delivery"),
        ({"takes_battery": False}, Parcel(has_battery=True), "{carrier} takes no batteries"),
        ({"most_g": 999}, Parcel(weight_g=1_000), "{carrier} takes up to {most} g"),
        (
            {"fares": (Fare(first_minor=1, step_minor=0, most_g=9),)},
            Parcel(weight_g=10),
            "{carrier} has no fare for {place}",
        ),
    ],
)  # fmt: skip
def test_a_carrier_says_what_it_does_not_take(changes, parcel, words):
    carrier = Carrier(code="V", title="V", **changes)

    assert offer_of(carrier, REGION, parcel, ON).why_not.message == words
    assert offer_of(carrier, REGION, Parcel(), ON).why_not is None
