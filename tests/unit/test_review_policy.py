"""Which orders are reviewed, when, by what the company has set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from app.commands.correct_price import CorrectPrice
from app.commands.recheck import Recheck
from app.domain import review
from app.domain.company import Holidays
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.values import Role
from app.domain.vouching import Waiver
from app.reviewing import signatures_asked
from tests.builders import NIGHT, NOW, REGION, WAREHOUSES, Company, actor, facts, line, order

SMALL = Rules(review_above_minor=1_000_000)
WAIVER = Waiver(
    gate="price", seal="s", reason="r", by="lea", role="lead", at=NOW, until=NOW + timedelta(days=1)
)


def points(one: Order, *, is_new: bool = False, **rules: int) -> int:
    return review.points_of(one, msgspec.structs.replace(SMALL, **rules), is_new=is_new)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"original": REGION}, "review_repaired_points"),
        ({"waivers": (WAIVER,)}, "review_answered_points"),
        ({"lines": (line(sku="LN-220", priced_from=1),)}, "review_price_points"),
    ],
)
def test_what_was_done_to_an_order_counts_as_the_company_says(changes, rule):
    done, plain = order(**changes), order()

    assert [points(one, **{rule: 40}) for one in (done, plain)] == [40, 0]
    assert points(done) == 0


def test_two_weak_reasons_together_are_enough_and_an_amount_is_by_itself():
    both = order(original=REGION)

    assert points(both, is_new=True, review_new_points=50, review_repaired_points=50) == 100
    assert points(order(payable_minor=1_000_001)) == review.ENOUGH_POINTS


@pytest.mark.parametrize(("until", "asked"), [("first", 2), ("second", 0)])
def test_the_first_order_of_a_buyer_is_known_at_the_hub(until, asked):
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=1_000_000, review_new_points=100)
    first = company.receive("o1")
    second = company.receive("o2", ordered_at=NIGHT, lines=(line(ext_sku="A-2", unit_price_minor=19_900),))

    found = first if until == "first" else second
    assert found.signatures_needed == asked


def test_a_price_set_back_is_the_price_it_came_with():
    company = Company()
    company.receive()
    prices = []
    for price in (30_000, 32_000):
        company.must(CorrectPrice(order="o1", line="1", unit_price_minor=price, reason="agreed"))
        prices.append(company.order().lines[0].priced_from)

    assert prices == [32_000, None]


def drawn(pct: int, chance: int | None) -> int:
    known = facts(now=NIGHT, rules=msgspec.structs.replace(SMALL, review_sample_pct=pct))
    known.draw = None if chance is None else lambda name: chance if name == "review/o1" else 0
    return signatures_asked(order(), known.rules, known)


@pytest.mark.parametrize(
    ("pct", "chance", "asked"), [(5, 499, 2), (5, 500, 0), (100, 9_999, 2), (0, 0, 0), (100, None, 0)]
)
def test_a_quiet_sample_is_drawn_by_the_hub_and_by_nobody_else(pct, chance, asked):
    assert drawn(pct, chance) == asked


def test_night_is_where_the_goods_lie():
    here, there = facts(now=NIGHT), facts(now=NIGHT)
    far = msgspec.structs.replace(WAREHOUSES["SZ"], zone="America/New_York")
    there.put(("warehouse", "SZ"), far)
    large = order(payable_minor=200_000, warehouse="SZ")

    assert [signatures_asked(large, known.rules, known) for known in (here, there)] == [2, 0]


@pytest.mark.parametrize(("on", "asked"), [(1, 2), (0, 0)])
def test_a_holiday_is_reviewed_the_whole_day_where_that_is_set(on, asked):
    noon = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    known = facts(now=noon, rules=Rules(review_on_holidays=on))
    known.put(("holidays", "cn"), Holidays(code="cn", title="国庆", closed=(date(2026, 10, 1),)))

    assert signatures_asked(order(payable_minor=200_000), known.rules, known) == asked


def test_once_asked_it_stays_asked():
    company = Company(now=NIGHT)
    company.set_rules(review_above_minor=10_000)
    company.receive()
    company.set_rules(review_signatures=0)

    company.must(Recheck(order="o1"), actor(Role.WORKER))

    assert company.order().signatures_needed == 2
