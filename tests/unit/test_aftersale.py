"""Returns, exchanges, refunds and re-shipments: who may say yes, what comes back, what is paid back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.commands.accept_return import AcceptReturn
from app.commands.cancel import Cancel
from app.commands.recheck import Recheck
from app.commands.reject_return import RejectReturn
from app.commands.reopen_return import ReopenReturn
from app.commands.reverse_refund import ReverseRefund
from app.commands.undo_grading import UndoGrading
from app.commands.withdraw_return import WithdrawReturn
from app.domain.aftersale import Asked, Grade, Graded, Refunded, ReturnKind, ReturnState
from app.domain.refund import advised_refund, money_left, most_refundable, paid_per_line, returnable
from app.forms.grade_return import advise_by_reason
from tests.aftersale_world import (
    ANN,
    BEN,
    FLOOR,
    LINES,
    accepted,
    ask,
    case,
    grade,
    pay,
    shipped,
    undo,
)
from tests.builders import Company, line, order


@pytest.fixture
def company() -> Company:
    return shipped()


# --- asking and accepting -----------------------------------------------------------------------------


def test_a_return_is_written_down_and_waits_for_a_word(company):
    company.must(ask(), ANN)

    assert (case(company).state, case(company).owner) == (ReturnState.REQUESTED, "ann")
    assert company.order().snag("return_due") is not None
    assert company.order().touched is False


def test_nobody_accepts_a_return_they_opened(company):
    company.must(ask(), ANN)

    assert company.refused(AcceptReturn(order="o1", case="c1"), ANN) == "own_case"
    company.must(AcceptReturn(order="o1", case="c1"), BEN)

    assert (case(company).state, case(company).owner) == (ReturnState.AWAITED, "ben")
    assert company.order().snag("return_due") is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"order": "o9"}, "no_order"),
        ({"reason": "because"}, "no_reason"),
        ({"asked": ()}, "no_lines"),
        ({"asked": (Asked("9", 1),)}, "bad_line"),
        ({"asked": (Asked("1", 0),)}, "bad_line"),
        ({"asked": (Asked("1", 4),)}, "too_many"),
        ({"asked": (Asked("1", 1), Asked("1", 1))}, "bad_line"),
    ],
)
def test_a_case_needs_an_order_a_reason_and_pieces(company, wrong, code):
    assert company.refused(ask(**wrong), ANN) == code


def test_goods_that_are_still_here_do_not_come_back():
    company = Company()
    company.receive(lines=LINES)

    assert company.refused(ask(), ANN) == "not_shipped"


def test_a_cancelled_order_is_paid_back():
    company = Company()
    company.receive(lines=LINES)
    company.must(Cancel(order="o1", reason="asked"), ANN)
    assert company.refused(ask(), ANN) == "not_shipped"

    company.must(ask(ReturnKind.REFUND, 3), ANN)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    company.must(pay(Refunded("1", 96_000)), BEN)

    assert money_left(company.order()) == 12_900


def test_no_piece_is_announced_twice(company):
    company.must(ask(qty=2), ANN)

    assert company.refused(ask(qty=2, case="c2"), ANN) == "too_many"
    company.must(ask(qty=1, case="c2"), ANN)
    assert returnable(company.order(), "1") == 0


def test_what_was_rejected_may_be_asked_again(company):
    company.must(ask(qty=3), ANN)
    company.must(RejectReturn(order="o1", case="c1", reason="used"), ANN)
    assert (case(company).state, case(company).answer) == (ReturnState.REJECTED, "used")

    company.must(ask(qty=3, case="c2"), ANN)

    assert company.refused(ReopenReturn(order="o1", case="c1"), BEN) == "too_many"


@pytest.mark.parametrize(
    "command", [AcceptReturn(order="o1", case="c1"), RejectReturn(order="o1", case="c1", reason="x")]
)
def test_a_word_is_taken_back(company, command):
    company.must(ask(), ANN)

    undo(company, command, BEN)

    assert (case(company).state, case(company).owner) == (ReturnState.REQUESTED, "ann")


def test_a_request_is_withdrawn_until_it_is_decided(company):
    undo(company, ask(), ANN)
    assert case(company).state is ReturnState.WITHDRAWN

    company.must(ask(case="c2"), ANN)
    company.must(AcceptReturn(order="o1", case="c2"), BEN)

    assert company.refused(WithdrawReturn(order="o1", case="c2"), ANN) == "too_late"


def test_a_rejection_needs_a_reason(company):
    company.must(ask(), ANN)

    assert company.refused(RejectReturn(order="o1", case="c1", reason=" "), BEN) == "no_reason"
    assert company.refused(RejectReturn(order="o1", case="c9", reason="x"), BEN) == "no_case"


# --- goods ---------------------------------------------------------------------------------------------


def test_only_sellable_pieces_go_back_on_the_shelf_of_the_house_that_took_them_in(company):
    accepted(company)
    before = company.stock("SZ").on_hand

    events = company.must(grade(Graded("1", Grade.SELLABLE, 1), Graded("1", Grade.DEFECT, 1)), FLOOR)

    assert (company.stock("WH").on_hand, company.stock("SZ").on_hand) == (11, before)
    assert (case(company).state, case(company).warehouse, case(company).graded_by) == (
        "graded",
        "WH",
        "floor",
    )
    assert events[0].wakes() == ("stock:LN-220",)


def test_every_piece_gets_a_grade(company):
    accepted(company)

    assert company.refused(grade(Graded("1", Grade.SELLABLE, 1)), FLOOR) == "not_complete"
    assert company.refused(grade(Graded("1", Grade.SELLABLE, 3)), FLOOR) == "not_complete"
    assert company.refused(grade(Graded("2", Grade.SELLABLE, 2)), FLOOR) == "not_complete"
    both = (Graded("1", Grade.SELLABLE, 3), Graded("1", Grade.SHORT, -1))
    assert company.refused(grade(*both), FLOOR) == "not_complete"
    assert company.stock("WH").on_hand == 10


def test_goods_are_taken_in_by_a_house_of_the_shop_after_the_case_was_accepted(company):
    company.must(ask(), ANN)
    assert company.refused(grade(Graded("1", Grade.SELLABLE, 2)), FLOOR) == "not_awaited"
    company.must(AcceptReturn(order="o1", case="c1"), BEN)

    assert (
        company.refused(grade(Graded("1", Grade.SELLABLE, 2), warehouse="XX"), FLOOR) == "unknown_warehouse"
    )


def test_an_article_without_a_shelf_is_not_sellable():
    company = Company()
    company.receive(lines=(line(ext_sku="new", qty=2),), channel_state="shipped")
    accepted(company)

    assert company.refused(grade(Graded("1", Grade.SELLABLE, 2)), FLOOR) == "not_matched"
    company.must(grade(Graded("1", Grade.REPACK, 2)), FLOOR)


def test_grading_is_taken_back(company):
    accepted(company)

    undo(company, grade(Graded("1", Grade.SELLABLE, 2)), FLOOR)

    assert (company.stock("WH").on_hand, case(company).state, case(company).grades) == (10, "awaited", ())


def test_returned_goods_that_were_promised_again_stay(company):
    company.set_stock(0)
    accepted(company)
    company.must(grade(Graded("1", Grade.SELLABLE, 2)), FLOOR)
    company.receive(
        "o2", lines=(line(qty=2),), receiver=order().receiver, ordered_at=company.now + timedelta(days=9)
    )
    assert company.order("o2").reserved

    assert company.refused(UndoGrading(order="o1", case="c1"), FLOOR) == "promised"


# --- money ---------------------------------------------------------------------------------------------


def test_what_was_paid_is_shared_over_the_lines_to_the_cent():
    bought = order(
        lines=(
            line(qty=1, unit_price_minor=100),
            line("2", qty=1, unit_price_minor=100),
            line("3", qty=1, unit_price_minor=100),
        ),
        payable_minor=100,
        paid_minor=100,
    )

    assert paid_per_line(bought) == {"1": 34, "2": 33, "3": 33}


def test_lines_without_a_price_share_by_pieces_and_overpaid_money_belongs_to_no_line():
    free = (line(qty=1, unit_price_minor=0), line("2", qty=3, unit_price_minor=0))

    assert paid_per_line(order(lines=free, payable_minor=80, paid_minor=100)) == {"1": 20, "2": 60}
    assert paid_per_line(order(lines=free, payable_minor=80, paid_minor=40)) == {"1": 10, "2": 30}


def test_no_more_is_given_back_than_was_paid_for_the_pieces(company):
    accepted(company)
    company.must(grade(Graded("1", Grade.SELLABLE, 2)), FLOOR)

    assert most_refundable(company.order(), case(company)) == {"1": 64_000}
    assert company.refused(pay(Refunded("1", 64_001)), BEN) == "too_much"
    assert company.refused(pay(Refunded("1", -1)), BEN) == "too_much"
    assert company.refused(pay(Refunded("2", 1)), BEN) == "bad_line"
    company.must(pay(Refunded("1", 64_000)), BEN)

    assert (case(company).state, case(company).refunded_minor) == (ReturnState.CLOSED, 64_000)
    assert company.order().snag("return_due") is None


def test_money_the_channel_gave_back_is_not_given_again(company):
    accepted(company)
    company.must(grade(Graded("1", Grade.SELLABLE, 2)), FLOOR)
    company.receive(ext_version="2", lines=LINES, refunded_minor=100_000)

    assert most_refundable(company.order(), case(company)) == {"1": 8_900}


def test_goods_come_first_and_money_after(company):
    company.must(ask(), ANN)
    assert company.refused(pay(), BEN) == "not_ready"
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    assert company.refused(pay(), BEN) == "not_ready"


def test_pieces_that_did_not_come_are_not_advised(company):
    accepted(company)
    company.must(grade(Graded("1", Grade.DEFECT, 1), Graded("1", Grade.SHORT, 1)), FLOOR)

    assert advised_refund(company.order(), case(company)) == {"1": 32_000}


def test_a_case_is_settled_without_money(company):
    accepted(company)
    company.must(grade(Graded("1", Grade.SHORT, 2)), FLOOR)

    company.must(pay(Refunded("1", 0)), BEN)

    assert (case(company).state, case(company).refunds) == (ReturnState.CLOSED, ())


def test_a_refund_is_taken_back(company):
    accepted(company, ReturnKind.REFUND)

    undo(company, pay(Refunded("1", 500)), BEN)

    assert (case(company).state, case(company).refunded_minor) == (ReturnState.ACCEPTED, 0)
    assert company.refused(ReverseRefund(order="o1", case="c1"), BEN) == "not_refunded"


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("wrong_size", Grade.SELLABLE),
        ("damaged", Grade.DEFECT),
        ("wrong_item", Grade.WRONG),
        ("missing", Grade.SHORT),
        ("not_as_described", None),
    ],
)
def test_the_suggested_grade_is_the_one_the_reason_speaks_for(company, reason, expected):
    company.must(ask(reason=reason), ANN)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    order, facts = company.order(), company.facts(Recheck(order="o1"), FLOOR)

    advice = advise_by_reason({"case": "c1", "grades": ""}, order, facts)

    assert (advice and advice.answers) == (expected and {"grades": f"1/{expected.value}\t2"})
