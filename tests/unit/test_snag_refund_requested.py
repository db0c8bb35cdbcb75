"""The buyer wants the money back while the goods are still here."""

from __future__ import annotations

import pytest

from app.bulk import locked_by
from app.commands.recheck import Recheck
from app.domain.order import ChannelState, Status
from app.engine import inverse_of
from app.snags.refund_requested import KIND
from tests.builders import Company, actor, pick_all

CANCEL, STOP = KIND.repairs


def refunded() -> Company:
    company = Company()
    company.receive()
    company.receive(ext_version="2", refunded_minor=20_000)
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_an_order_nobody_paid_back_has_none():
    company = Company()

    assert company.receive().snag("refund_requested") is None


def test_too_little_money_left_stops_the_order_and_says_how_much():
    order = refunded().order()

    assert order.snag("refund_requested").text.params == {"paid": "¥120.00", "payable": "¥320.00"}
    assert order.status is not Status.RELEASED


def test_it_closes_when_the_channel_takes_the_refund_back():
    company = refunded()

    company.receive(ext_version="3", refunded_minor=0)

    assert company.order().snag("refund_requested") is None


def test_work_on_many_leaves_such_an_order_alone():
    company = refunded()

    assert locked_by(company.order(), "note_request") is not None


def test_the_stock_is_free_again_once_it_is_called_off_and_comes_back_when_undone():
    company = refunded()
    cancel = repair(company, CANCEL)
    undo = inverse_of(cancel, company.facts(cancel, actor()))

    company.must(cancel)
    assert (company.order().status, company.stock().reserved) == (Status.CANCELLED, 0)
    company.must(undo)

    assert company.order().snag("refund_requested") is not None


@pytest.mark.parametrize("state", [ChannelState.CANCELLED, ChannelState.CLOSED_REFUNDED])
def test_what_is_being_picked_is_stopped_instead(state):
    company = Company()
    company.receive()
    pick_all(company)
    company.receive(ext_version="2", channel_state=state)

    assert company.order().snag("refund_requested") is not None
    assert repair(company, CANCEL) is None
    stop = repair(company, STOP)
    undo = inverse_of(stop, company.facts(stop, actor()))
    company.must(stop)
    assert company.order().pause is not None
    company.must(undo)
    assert company.order().pause is None
