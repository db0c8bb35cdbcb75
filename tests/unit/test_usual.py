"""What is unusual of an order is found against orders that left, and said with what is usual."""

from __future__ import annotations

import msgspec
import pytest

from app.domain.usual import Usual, buyer_of, unusual, usual_of
from app.domain.values import Receiver, Region
from tests.builders import line, order

FIRST, SECOND = "LN-220", "CT-180"


def sold(i: int, **changes):
    """One order that left: one or two pieces, priced around 129.00, of a buyer at home in Zhejiang."""
    usual = {
        "id": f"o{i}",
        "shop": "TM1",
        "lines": (line(sku=FIRST, qty=1 + i % 2, unit_price_minor=12_900 + 10 * (i % 5)),),
        "payable_minor": 12_900,
        "region": Region(province="浙江省"),
        "receiver": Receiver(account=f"buyer-{i % 7}"),
    }
    return msgspec.structs.replace(order(), **(usual | changes))


@pytest.fixture(scope="module")
def usual() -> Usual:
    others = [
        sold(1_000 + i, shop="JD1", lines=(line(sku=SECOND, qty=1, unit_price_minor=9_900),))
        for i in range(40)
    ]
    return usual_of([sold(i) for i in range(250)] + others)


def found(usual: Usual, **changes) -> dict[str, str]:
    return {
        one.field: f"{one.said.message} {one.because.message}"
        for one in unusual(sold(9_999, **changes), usual)
    }


def test_of_what_is_usual_nothing_is_said(usual):
    assert found(usual) == {}
    assert found(usual, lines=(line(sku=FIRST, qty=3, unit_price_minor=13_200),)) == {}


def test_one_nought_too_many_is_seen_and_says_what_is_usual(usual):
    (one,) = unusual(sold(9_999, lines=(line(id="7", sku=FIRST, qty=20, unit_price_minor=12_900),)), usual)

    assert (one.field, one.line) == ("qty", "7")
    assert one.said.params == {"qty": 20, "sku": FIRST}
    assert one.because.params == {"count": 250, "middle": 1, "most": 2}


def test_two_lines_of_one_article_are_as_many_pieces_as_one(usual):
    twice = tuple(line(id=str(i), sku=FIRST, qty=8, unit_price_minor=12_900) for i in range(2))

    assert set(found(usual, lines=twice)) == {"qty"}


@pytest.mark.parametrize("price_minor", [1_290, 129_000, 6_000])
def test_a_price_beside_what_was_paid_is_seen(usual, price_minor):
    assert set(found(usual, lines=(line(sku=FIRST, qty=1, unit_price_minor=price_minor),))) == {"price"}


def test_a_gift_has_no_price_to_compare(usual):
    assert found(usual, lines=(line(sku=FIRST, qty=1, unit_price_minor=0),)) == {}


def test_an_article_of_other_shops_is_seen_where_this_one_sold_enough_to_tell(usual):
    assert set(found(usual, lines=(line(sku=SECOND, qty=1, unit_price_minor=9_900),))) == {"article"}
    strange = sold(9_999, shop="JD1")
    assert not [one for one in unusual(strange, usual) if one.field == "article"], "40 orders tell nothing"


def test_a_buyer_who_was_always_elsewhere_or_never_spent_so_much_is_seen(usual):
    away = {"region": Region(province="云南省"), "receiver": Receiver(account="buyer-3")}

    assert set(found(usual, **away)) == {"province"}
    assert set(found(usual, **away | {"receiver": Receiver(account="nobody-yet")})) == set()
    assert set(found(usual, payable_minor=110_000, receiver=Receiver(account="buyer-3"))) == {"amount"}


def test_one_wild_order_in_the_past_makes_the_next_no_less_wild():
    past = [sold(i) for i in range(60)] + [
        sold(60, lines=(line(sku=FIRST, qty=500, unit_price_minor=12_900),))
    ]

    assert set(found(usual_of(past), lines=(line(sku=FIRST, qty=500, unit_price_minor=12_900),))) == {"qty"}


def test_of_few_orders_nothing_is_said():
    past = usual_of([sold(i) for i in range(5)])

    assert found(past, lines=(line(sku=FIRST, qty=90, unit_price_minor=1),), receiver=Receiver()) == {}


def test_hidden_buyers_are_nobody():
    assert buyer_of(sold(1, receiver=Receiver(account="b***3"))) == ""
    assert buyer_of(sold(1, receiver=Receiver(account="b-33"))) == "TM1:b-33"
