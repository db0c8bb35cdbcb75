"""Goods to be looked at leave the shelf at once; what is good comes back, the rest is written off."""

from __future__ import annotations

import pytest
from builders import Company, actor, line
from goods_sums import assert_goods_add_up

from app import engine
from app.commands.quarantine import Quarantine
from app.commands.receive_transfer import ReceiveTransfer
from app.domain.goods import DocState
from app.domain.order import Status
from app.domain.stock import Stock
from app.domain.values import Role, stock_doc_key

FLOOR = actor(Role.WAREHOUSE, "floor")


def held(**changes: object) -> Quarantine:
    known = {"doc": "q1", "warehouse": "SZ", "sku": "LN-220", "qty": 4, "reason": "wet carton"}
    return Quarantine(**(known | changes))


def back(arrived: int, reason: str = "") -> ReceiveTransfer:
    return ReceiveTransfer(doc="q1", target="SZ", sku="LN-220", arrived=arrived, reason=reason)


def opening(company: Company) -> dict[tuple[str, str], int]:
    return {(row.warehouse, row.sku): row.on_hand for row in company.rows.values() if isinstance(row, Stock)}


def test_what_is_held_back_is_nobodys_promise_and_comes_back_in_part():
    company = Company()
    was = opening(company)
    (event,) = company.must(held(), FLOOR)
    meanwhile = company.stock().on_hand
    assert_goods_add_up(company.rows, was)

    company.must(back(3, "one torn"), FLOOR)

    assert event.says().params["reason"] == "wet carton"
    assert (meanwhile, company.stock().on_hand) == (6, 9)
    assert company.rows[stock_doc_key("q1")].difference == -1
    assert_goods_add_up(company.rows, was)


def test_what_comes_back_wakes_who_waits_for_it():
    company = Company()
    company.set_stock(0)
    company.set_stock(4, warehouses=("SZ",))
    company.must(held(), FLOOR)
    company.receive(lines=(line(qty=2),))
    waits = company.order().status

    (event,) = company.must(back(4), FLOOR)

    assert waits is Status.GATED
    assert event.wakes() == ("stock:LN-220",)


def test_it_is_taken_back_as_long_as_nobody_has_looked():
    company = Company()
    undo = engine.inverse_of(held(), company.facts(held(), FLOOR))
    company.must(held(), FLOOR)

    company.must(undo, FLOOR)

    assert company.stock().on_hand == 10
    assert company.rows[stock_doc_key("q1")].state is DocState.WITHDRAWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"warehouse": "XX"}, "unknown_warehouse"),
        ({"sku": "XX"}, "unknown_sku"),
        ({"qty": 0}, "no_quantity"),
        ({"reason": " "}, "no_reason"),
        ({"qty": 9}, "not_free"),
    ],
)
def test_no_more_is_held_back_than_nobody_was_promised_and_never_without_a_word(changes, code):
    company = Company()
    company.receive(lines=(line(qty=2),))

    assert company.refused(held(**changes), FLOOR) == code
    assert company.stock().on_hand == 10


def test_it_is_held_back_once():
    company = Company()
    company.must(held(), FLOOR)

    assert company.refused(held(), FLOOR) == "unchanged"
