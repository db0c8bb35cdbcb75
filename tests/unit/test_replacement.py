"""Exchanges and re-shipments: an order that costs nothing goes out for the goods of a case."""

from __future__ import annotations

import pytest

from app.commands.cancel import Cancel
from app.commands.correct_price import CorrectPrice
from app.commands.restore import Restore
from app.commands.withdraw_replacement import WithdrawReplacement
from app.domain.aftersale import Grade, Graded, Refunded, ReturnKind, ReturnState
from app.domain.order import Status
from tests.aftersale_world import (
    BEN,
    FLOOR,
    accepted,
    case,
    grade,
    pay,
    replace,
    shipped,
    undo,
)
from tests.builders import Company, line, pick_all


@pytest.fixture
def company() -> Company:
    return shipped()


def test_a_reshipment_is_an_order_that_costs_nothing_and_is_no_duplicate(company):
    accepted(company, ReturnKind.RESHIP)

    company.must(replace(), BEN)

    new = company.order("c1-r1")
    assert (new.number, new.payable_minor, new.status) == ("DK-o1-R1", 0, Status.RELEASED)
    assert [(ln.sku, ln.qty, ln.unit_price_minor) for ln in new.lines] == [("LN-220", 2, 0)]
    assert (new.makes_good.order, new.makes_good.case, new.snags) == ("o1", "c1", ())
    assert (case(company).state, case(company).replacement) == (ReturnState.CLOSED, "c1-r1")
    assert company.order().snag("exchange_due") is None


@pytest.mark.parametrize("moves_total", [True, False])
def test_nobody_pays_for_what_makes_good(company, moves_total):
    accepted(company, ReturnKind.RESHIP)
    company.must(replace(), BEN)
    dear = CorrectPrice(order="c1-r1", line="1", unit_price_minor=100, reason="x", moves_total=moves_total)

    assert company.refused(dear) == "costs_nothing"
    assert company.order("c1-r1").payable_minor == 0


def test_a_later_order_is_not_compared_with_a_replacement(company):
    accepted(company, ReturnKind.RESHIP)
    company.must(replace(), BEN)

    again = company.receive("o2", lines=(line(qty=2),), ordered_at=company.now)

    assert again.snag("duplicate_suspect") is None or again.snag("duplicate_suspect").digest == "o1"


def test_an_exchange_waits_for_the_goods_and_replaces_what_came(company):
    accepted(company, ReturnKind.EXCHANGE)
    assert company.refused(replace(), BEN) == "not_ready"
    company.must(grade(Graded("1", Grade.DEFECT, 1), Graded("1", Grade.SHORT, 1)), FLOOR)

    company.must(replace(), BEN)

    assert [ln.qty for ln in company.order("c1-r1").lines] == [1]


def test_a_replacement_out_of_stock_waits_on_its_case(company):
    company.set_stock(0)
    accepted(company, ReturnKind.RESHIP)
    due = company.order().snag("exchange_due")
    assert (due.waits_for, due.text.params["short"]) == (("stock:LN-220",), 2)

    assert company.refused(replace(), BEN) == "short"
    company.must(pay(Refunded("1", 64_000)), BEN)

    assert case(company).state is ReturnState.CLOSED


def test_a_replacement_is_withdrawn_on_its_case_only(company):
    accepted(company, ReturnKind.RESHIP)
    free = company.stock("SZ").available

    undo(company, replace(), BEN)

    assert (company.order("c1-r1").status, company.stock("SZ").available) == (Status.CANCELLED, free)
    assert (case(company).state, case(company).replacement) == (ReturnState.ACCEPTED, "")
    assert company.refused(Restore(order="c1-r1"), BEN) == "replacement"
    assert company.refused(replace(), BEN) == "unchanged"
    company.must(replace(replacement="c1-r2"), BEN)
    assert company.order("c1-r2").number == "DK-o1-R2"
    assert company.refused(Cancel(order="c1-r2", reason="x"), BEN) == "replacement"


def test_a_replacement_the_warehouse_works_on_stays(company):
    accepted(company, ReturnKind.RESHIP)
    company.must(replace(), BEN)
    pick_all(company, "c1-r1")

    back = WithdrawReplacement(order="o1", case="c1", replacement="c1-r1")

    assert company.refused(back, BEN) == "picked"


def test_an_exchange_of_which_nothing_came_is_not_sent(company):
    accepted(company, ReturnKind.EXCHANGE)
    company.must(grade(Graded("1", Grade.SHORT, 2)), FLOOR)

    assert company.refused(replace(), BEN) == "no_lines"
    company.must(pay(), BEN)
    assert case(company).state is ReturnState.CLOSED
