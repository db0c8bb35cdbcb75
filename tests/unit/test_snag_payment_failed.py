"""The money did not come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from app.engine import inverse_of, wake_at
from app.snags.payment_failed import KIND
from tests.builders import NOW, Company, actor

AGAIN, ASK, CANCEL = KIND.repairs


def unpaid(paid_minor: int = 0, state: ChannelState = ChannelState.AWAITING_PAYMENT) -> Company:
    company = Company()
    company.receive(paid_minor=paid_minor, channel_state=state, ordered_at=NOW)
    return company


def test_an_unpaid_order_waits_quietly_and_then_asks():
    company = unpaid()
    assert (company.order().status, company.order().snags) == (Status.GATED, ())

    due = wake_at(company.order(), company.facts(Recheck(order="o1"), None))
    company.now = due
    company.must(Recheck(order="o1"), Role.WORKER)

    assert due == NOW + timedelta(minutes=30)
    assert company.order().snag("payment_failed").text.params["payable"] == "¥320.00"


def test_no_stock_is_promised_before_the_money_is_here():
    company = unpaid()

    assert company.stock().reserved == 0
    assert [(hold.gate, hold.state) for hold in company.order().holds] == [("payment", "waits")]


def test_noting_the_money_releases_the_order():
    company = unpaid(30_000, ChannelState.TO_SHIP)

    company.must(ReceivePayment(order="o1", amount_minor=2_000))

    assert (company.order().status, company.stock().reserved) == (Status.RELEASED, 1)


@pytest.mark.parametrize(("amount", "code"), [(0, "no_amount"), (-30_001, "too_much")])
def test_an_amount_has_to_make_sense(amount, code):
    company = unpaid(30_000)

    assert company.refused(ReceivePayment(order="o1", amount_minor=amount)) == code


def test_a_free_order_is_paid_unless_the_channel_still_waits():
    company = Company()

    free = company.receive("o1", payable_minor=0, paid_minor=0)
    waiting = company.receive(
        "o2", payable_minor=0, paid_minor=0, channel_state=ChannelState.AWAITING_PAYMENT, ext_id="e2"
    )

    assert free.is_paid
    assert not waiting.is_paid


def test_the_order_can_be_cancelled_or_looked_at_again():
    company = unpaid()
    facts = company.facts(Recheck(order="o1"), None)

    assert AGAIN.build(company.order(), facts) == Recheck(order="o1")
    company.must(CANCEL.build(company.order(), facts))

    assert company.order().status is Status.CANCELLED


def test_what_came_in_part_is_another_exception():
    company = unpaid(10_000)
    company.now = NOW + timedelta(minutes=31)

    company.must(Recheck(order="o1"), Role.WORKER)

    assert [snag.kind for snag in company.order().snags] == ["part_paid"]


def test_an_order_called_off_is_restored_and_asked_about_again():
    company = unpaid()
    company.now = NOW + timedelta(minutes=31)
    company.must(Recheck(order="o1"), Role.WORKER)
    cancel = CANCEL.build(company.order(), company.facts(Recheck(order="o1"), None))
    undo = inverse_of(cancel, company.facts(cancel, actor()))

    company.must(cancel)
    assert company.order().snags == ()
    company.must(undo)

    assert company.order().snag("payment_failed") is not None


def test_the_buyer_is_asked_for_what_is_owed_and_a_payment_ends_it():
    company = unpaid()
    company.now = NOW + timedelta(minutes=31)
    company.must(Recheck(order="o1"), Role.WORKER)

    company.must(ASK.build(company.order(), company.facts(Recheck(order="o1"), actor())))
    assert "¥320.00" in company.order().messages[0].words
    assert company.order().snag("payment_failed").stops[-1].wait == "customer"
    company.receive(ext_version="2")

    assert company.order().snags == ()
