"""What other systems are told of, and what they take over: news, and stock that is counted elsewhere."""

from __future__ import annotations

import msgspec
import pytest
from builders import RECEIVER, Company, order, stock

from app.commands.set_stock import SetStock
from app.domain.news import KINDS, news_of
from app.domain.order import Status
from app.domain.systems import SCOPES, rights_of
from app.domain.values import Role
from app.engine import SPECS


def kinds(before, after) -> list[str]:
    return [news.kind for news in news_of(before, after)]


def test_an_order_is_told_of_when_it_comes_changes_moves_and_leaves():
    was = order()
    moved = msgspec.structs.replace(was, status=Status.RELEASED, ver=2)
    left = msgspec.structs.replace(was, status=Status.SHIPPED, carrier="SF", tracking_no="SF1", ver=3)
    paid = msgspec.structs.replace(was, paid_minor=0, ver=4)

    assert kinds(None, was) == ["order.received"]
    assert kinds(was, moved) == ["order.status"]
    assert kinds(moved, left) == ["order.status", "order.shipped"]
    assert kinds(was, paid) == ["order.changed"]
    assert kinds(was, msgspec.structs.replace(was, ver=9)) == []


def test_an_exception_is_told_of_when_it_opens_and_when_it_is_over():
    company = Company()
    company.receive(lines=(msgspec.structs.replace(order().lines[0], ext_sku="?", sku=""),))
    after = company.order()

    told = {news.about["exception"] for news in news_of(order(), after) if news.kind == "exception.opened"}

    assert told == {snag.kind for snag in after.snags} != set()
    assert {n.kind for n in news_of(after, order())} >= {"exception.closed"}


def test_stock_is_told_of_by_its_figures_alone():
    was = stock("SZ", "LN-220")
    fewer = msgspec.structs.replace(was, reserved=was.reserved + 1)

    (news,) = news_of(was, fewer)
    assert (news.kind, news.subject) == ("stock.changed", "SZ/LN-220")
    assert news.about["available"] == was.available - 1
    assert kinds(was, msgspec.structs.replace(was, bin="A-01")) == []


def test_no_news_names_a_buyer():
    told = msgspec.json.encode([news.about for news in news_of(None, order())]).decode()

    assert all(word not in told for word in (RECEIVER.name, RECEIVER.phone, RECEIVER.street))


def test_every_kind_that_is_told_is_listed_and_every_scope_allows_verbs_that_exist():
    assert set(kinds(None, order())) | set(kinds(None, stock("SZ", "LN-220"))) <= set(KINDS)
    assert rights_of(tuple(SCOPES)) <= set(SPECS)
    assert rights_of(("orders:read", "nothing")) == frozenset()


def test_what_another_system_counts_is_taken_over_whatever_was_there():
    company = Company()

    company.must(SetStock(warehouse="SZ", sku="LN-220", on_hand=37, reason="WMS"), Role.LEAD)
    del company.rows["stock", "WH/CT-180"]
    company.must(SetStock(warehouse="WH", sku="CT-180", on_hand=4, reason="WMS"), Role.LEAD)

    assert (company.stock().on_hand, company.stock("WH", "CT-180").on_hand) == (37, 4)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"warehouse": "XX"}, "unknown_warehouse"),
        ({"sku": "XX"}, "unknown_sku"),
        ({"on_hand": -1}, "bad_count"),
        ({"reason": " "}, "no_reason"),
        ({"on_hand": 10}, "unchanged"),
    ],
)
def test_a_figure_needs_a_place_an_article_and_a_reason(wrong, code):
    asked = {"warehouse": "SZ", "sku": "LN-220", "on_hand": 3, "reason": "WMS"} | wrong

    assert Company().refused(SetStock(**asked), Role.LEAD) == code


def test_what_is_promised_stays_covered_whoever_counts():
    company = Company()
    company.receive()

    assert (
        company.refused(SetStock(warehouse="SZ", sku="LN-220", on_hand=0, reason="WMS"), Role.LEAD)
        == "promised"
    )
