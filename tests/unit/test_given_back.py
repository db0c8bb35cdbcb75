"""What an order gives back is its own until its command is done, though others wait for the same goods."""

from __future__ import annotations

import pytest

from app.commands.amend import Amend
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.split import Split
from app.domain.events import StockSetAside
from app.domain.making import Part
from app.domain.order import Status
from app.domain.values import Role
from tests.builders import Company
from tests.unit.test_choosing import SUZHOU, WUHAN, company
from tests.unit.test_sold_ahead import AHEAD, announce, buy, receipt


@pytest.fixture
def pressed() -> Company:
    """Two pieces are there, o1 and o2 have them; o9 waits for any that come free."""
    ahead = company(SUZHOU, WUHAN)
    ahead.set_rules(duplicate_score_pct=100, duplicate_window_h=1)
    ahead.set_stock(0)
    ahead.rows["stock_policy", "AHEAD"] = AHEAD
    ahead.must(receipt(2), Role.WAREHOUSE)
    for one in ("o1", "o2"):
        buy(ahead, one)
    ahead.must(announce(5), Role.WAREHOUSE)
    buy(ahead, "o9", qty=3)
    return ahead


def test_a_merge_and_its_undoing_keep_the_goods_though_others_wait_for_them(pressed):
    pressed.must(Merge(orders=("o1", "o2"), into="m"))
    assert (pressed.order("m").status, len(pressed.order("m").reserved)) == (Status.RELEASED, 2)

    pressed.must(PutBack(order="m"))

    assert [len(pressed.order(one).reserved) for one in ("o1", "o2")] == [1, 1]
    assert (pressed.stock().reserved, pressed.stock().set_aside, pressed.stock().awaited) == (2, 0, 3)


def test_a_split_and_its_undoing_keep_the_goods_though_others_wait_for_them(pressed):
    pressed.must(Merge(orders=("o1", "o2"), into="m"))
    (first, second) = pressed.order("m").lines
    parts = (Part("a", ((first.id, 1),)), Part("b", ((second.id, 1),)))
    pressed.must(Split(order="m", parts=parts))
    assert [pressed.order(one).status for one in ("a", "b")] == [Status.RELEASED] * 2

    pressed.must(PutBack(order="a"))

    assert (pressed.order("m").status, pressed.stock().set_aside) == (Status.RELEASED, 0)


def test_who_wants_less_keeps_it_and_the_rest_is_set_aside(pressed):
    pressed.must(Merge(orders=("o1", "o2"), into="m"))
    (first, _) = pressed.order("m").lines

    done = pressed.must(Amend(order="m", lines=(first,)))

    assert (pressed.order("m").status, len(pressed.order("m").reserved)) == (Status.RELEASED, 1)
    assert (pressed.stock().reserved, pressed.stock().set_aside, pressed.stock().awaited) == (2, 1, 2)
    assert type(done[-1]) is StockSetAside
