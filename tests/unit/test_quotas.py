"""What a carrier may be given a day and a month: counted to the last parcel, given back, verified."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import msgspec
import pytest
from builders import NOW
from carrier_world import FAR, NEAR, bought, with_carriers

from app.commands.cancel import Cancel
from app.commands.choose_carrier import ChooseCarrier
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.restore import Restore
from app.domain.carrier import Counted
from app.domain.load import KEPT, LANES, Load, moved
from app.domain.order import Status

DAY = "2026-06-13"
CHEAP = msgspec.structs.replace(FAR, fares=NEAR.fares)


def company(**limits: int):
    """A company whose first carrier takes no more than this, its second as many as come."""
    return with_carriers(msgspec.structs.replace(NEAR, **limits), CHEAP)


def given(made) -> dict[str, int]:
    row = made.rows.get(("load", "SJ"))
    return row.slots if row is not None else {}


def test_a_carrier_without_a_limit_is_not_counted():
    made = with_carriers(NEAR, CHEAP)
    bought(made)

    assert made.order().counted is None
    assert given(made) == {}


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"daily_quota": 2}, "{carrier} takes no more parcels today"),
        ({"monthly_quota": 2}, "{carrier} takes no more parcels this month"),
    ],
)
def test_the_last_place_is_taken_once_and_the_next_carrier_says_why(limits, why):
    made = company(**limits)
    for one in ("o1", "o2", "o3"):
        bought(made, id=one)

    taken = [made.order(one).carriage for one in ("o1", "o2", "o3")]
    assert [each.carrier for each in taken] == ["SJ", "SJ", "YX"]
    assert taken[2].why.message == why
    assert given(made) == {DAY: 2}
    assert made.refused(ChooseCarrier(order="o3", carrier="SJ")) == "not_served"


def test_an_order_that_is_called_off_gives_its_place_back_and_takes_one_again():
    made = company(daily_quota=1)
    bought(made)

    made.must(Cancel(order="o1", reason="asked"))
    assert given(made) == {}
    bought(made, id="o2")
    assert made.order("o2").carriage.carrier == "SJ"
    made.must(Restore(order="o1"))

    assert (made.order("o1").carriage.carrier, given(made)) == ("YX", {DAY: 1})


def test_a_month_counts_all_its_days_and_the_next_one_begins_anew():
    made = company(monthly_quota=1)
    bought(made)
    made.now = NOW + timedelta(days=1)
    bought(made, id="o2")
    made.now = NOW + timedelta(days=20)
    bought(made, id="o3")

    assert [made.order(one).carriage.carrier for one in ("o1", "o2", "o3")] == ["SJ", "YX", "SJ"]


def test_nobody_carries_what_only_a_full_carrier_would_until_the_day_is_over():
    made = with_carriers(msgspec.structs.replace(NEAR, daily_quota=1))
    bought(made)
    bought(made, id="o2")

    snag = made.order("o2").snag("carrier_unreachable")
    assert "load:SJ" in snag.waits_for
    (given_back,) = (
        e for e in made.must(Cancel(order="o1", reason="asked")) if type(e).__name__ == "ParcelCounted"
    )
    assert given_back.wakes() == ("load:SJ",)


def test_merged_orders_are_one_parcel_and_two_again():
    made = company(daily_quota=9)
    for one in ("o1", "o2"):
        bought(made, id=one)

    made.must(Merge(orders=("o1", "o2"), into="m"))
    assert (given(made), made.order("m").counted is not None) == ({DAY: 1}, True)
    made.must(PutBack(order="m"))

    assert given(made) == {DAY: 2}
    assert made.order("m").status is Status.DISSOLVED


def test_what_is_long_over_is_forgotten():
    old = Counted(carrier="SJ", day=(NOW - KEPT - timedelta(days=1)).date())
    new = Counted(carrier="SJ", day=NOW.date(), lanes=("SJ.A/2026-06-13",))
    load = moved(Load(carrier="SJ"), None, old, old.day)

    assert moved(load, None, new, NOW.date()).slots == {DAY: 1}
    assert moved(Load(carrier=LANES), None, new, NOW.date()).slots == {f"SJ.A/{DAY}": 1}


def test_the_count_is_what_the_orders_say_whatever_happens():
    made, chance = company(daily_quota=6, monthly_quota=20), Random(7)  # noqa: S311 - a made-up day
    for n in range(60):
        one = f"o{chance.randrange(12)}"
        if made.rows.get(("order", one)) is None:
            bought(made, id=one)
            continue
        verbs = (
            Cancel(order=one, reason="asked"),
            Restore(order=one),
            ChooseCarrier(order=one, carrier=chance.choice(("SJ", "YX"))),
            Merge(orders=(one, f"o{chance.randrange(12)}"), into=f"m{n}"),
        )
        made.do(chance.choice(verbs)) if n % 3 else made.do(PutBack(order=one))
        orders = [row for key, row in made.rows.items() if key[0] == "order" and row is not None]
        said = [row.counted.day.isoformat() for row in orders if row.counted and row.counted.carrier == "SJ"]
        assert given(made) == {day: said.count(day) for day in set(said)}
        assert sum(given(made).values()) <= 6
