"""An order that no place has whole goes on as one order for each parcel, without a hand."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.new_order import NewOrder
from app.commands.put_back import PutBack
from app.domain.company import Customer
from app.domain.freight import Fare
from app.domain.order import Order, Status
from app.domain.values import Role
from app.sourcing.deciding import decide
from tests.builders import ARTICLES, RECEIVER, REGION, Company, line, stock
from tests.unit.test_choosing import SUZHOU, WUHAN, company

CODES = {"A-1": "LN-220", "A-2": "SF-001", "A-3": "CT-180"}


def shelved(known: Company, **places: dict[str, int]) -> Company:
    """Put these pieces on the shelves and nothing else."""
    for place, pieces in places.items():
        for sku in ARTICLES:
            known.rows["stock", f"{place}/{sku}"] = stock(place, sku, pieces.get(sku, 0))
    return known


def three_lines() -> tuple:
    prices = {ext: ARTICLES[sku].list_price_minor for ext, sku in CODES.items()}
    return tuple(
        line(str(n), ext_sku=ext, unit_price_minor=price) for n, (ext, price) in enumerate(prices.items(), 1)
    )


def typed_in(lines: tuple) -> tuple:
    return tuple(msgspec.structs.replace(one, ext_sku="", sku=CODES[one.ext_sku]) for one in lines)


def parts(known: Company) -> list[Order]:
    return [known.order(one) for one in known.order().replaced_by]


@pytest.fixture
def apart() -> Company:
    """Suzhou has two of three articles, Wuhan the third."""
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 5, "SF-001": 5}, WH={"CT-180": 5})
    known.receive(lines=three_lines())
    return known


def test_it_goes_in_as_few_parcels_as_needed_each_from_where_its_goods_lie(apart):
    assert apart.order().status is Status.REPLACED
    assert [(one.status, one.warehouse, [ln.sku for ln in one.lines]) for one in parts(apart)] == [
        (Status.RELEASED, "SZ", ["LN-220", "SF-001"]),
        (Status.RELEASED, "WH", ["CT-180"]),
    ]


@pytest.mark.parametrize(
    ("wuhan", "looked"),
    [({}, 0), ({"SF-001": 5}, 0), ({"LN-220": 5, "SF-001": 5, "CT-180": 5}, 1)],
)
def test_nothing_is_searched_for_what_is_nowhere(monkeypatch, wuhan, looked):
    asked = []
    monkeypatch.setattr("app.choosing.decide", lambda *case: asked.append(case) or decide(*case))
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 5}, WH=wuhan)

    order = known.receive(lines=three_lines())

    assert (len(asked), order.snag("short_stock") is None) == (looked, bool(looked))


def test_the_parts_cost_what_the_order_cost(apart):
    assert sum(one.payable_minor for one in parts(apart)) == apart.order().payable_minor


def test_the_order_keeps_why_it_was_parted_and_nobody_counts_as_having_touched_it(apart):
    assert {parcel.place for parcel in apart.order().sourced.parcels} == {"SZ", "WH"}
    assert not any(one.touched for one in parts(apart))


def test_five_of_three_and_ten_reserves_five():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 3}, WH={"LN-220": 10})

    known.receive(lines=(line(qty=5),))

    assert (known.stock("SZ").reserved, known.stock("WH").reserved) == (0, 5)


def test_five_of_three_and_four_reserves_five_in_two_parcels():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 3}, WH={"LN-220": 4})

    known.receive(lines=(line(qty=5),))

    assert known.stock("SZ").reserved + known.stock("WH").reserved == 5
    assert {one.warehouse for one in parts(known)} == {"SZ", "WH"}


def test_what_is_short_everywhere_waits_whole():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 2}, WH={"LN-220": 2})

    order = known.receive(lines=(line(qty=5),))

    assert (order.status, order.replaced_by, order.snag("short_stock") is None) == (Status.GATED, (), False)
    assert known.stock("SZ").reserved + known.stock("WH").reserved == 0


def test_an_order_with_a_question_is_not_parted_before_the_answer():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 5, "SF-001": 5}, WH={"CT-180": 5})

    order = known.receive(lines=(*three_lines()[:2], line("3", ext_sku="A-3", unit_price_minor=1)))

    assert (order.snag("price_anomaly") is None, order.replaced_by) == (False, ())
    assert order.snag("short_stock") is None


def test_who_takes_it_back_wants_it_whole(apart):
    apart.must(PutBack(order="o1"), Role.CLERK)

    order = apart.order()
    assert (order.status, order.stays_whole, order.replaced_by) == (Status.GATED, True, ())
    assert order.snag("short_stock") is not None


def test_a_gift_that_lies_elsewhere_parts_nothing():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 5}, WH={"SF-001": 5})

    order = known.receive(lines=(line("1"), line("2", ext_sku="A-2", unit_price_minor=0)))

    assert (order.replaced_by, order.reserved) == ((), ())
    assert order.snag("short_stock") is not None


def test_the_parts_take_of_a_credit_what_the_order_would_have_taken():
    known = shelved(company(SUZHOU, WUHAN), SZ={"LN-220": 5, "SF-001": 5}, WH={"CT-180": 5})
    lines = three_lines()
    total = sum(each.unit_price_minor for each in lines)
    known.rows["customer", "LH"] = Customer(code="LH", title="LH", credit_minor=total, terms_days=30)
    typed = NewOrder(
        order="o1", shop="TM1", receiver=RECEIVER, region=REGION, lines=typed_in(lines), freight_minor=0,
        customer="LH", is_on_account=True,
    )  # fmt: skip

    known.must(typed)

    assert [one.status for one in parts(known)] == [Status.RELEASED] * 2
    assert known.rows["account", "LH"].used_minor == total
    assert known.order().credited is None


def test_a_cheaper_way_in_two_parcels_gives_back_what_one_of_them_took_first():
    near = Fare(origin="苏州市", first_minor=100, step_minor=9_000, first_g=1_000)
    far = Fare(origin="武汉市", first_minor=100, step_minor=9_000, first_g=1_000)
    known = company(near, far)
    known.rows["carrier", "SJ"] = msgspec.structs.replace(known.rows["carrier", "SJ"], daily_quota=10)
    known.rows["sku", "LN-220"] = msgspec.structs.replace(ARTICLES["LN-220"], weight_g=1_000)

    known.receive(lines=(line(qty=2),))

    assert {one.warehouse for one in parts(known)} == {"SZ", "WH"}
    assert known.stock("SZ").reserved + known.stock("WH").reserved == 2
    assert sum(known.rows["load", "SJ"].slots.values()) == 2
