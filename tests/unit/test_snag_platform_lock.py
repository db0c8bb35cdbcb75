"""The channel keeps an order back."""

from __future__ import annotations

import pytest

from app.bulk import locked_by
from app.commands.recheck import Recheck
from app.domain.order import ChannelState, Status
from app.engine import inverse_of
from app.snags.platform_lock import KIND, WHY
from tests.builders import Company, actor

AGAIN, REMIND, HOLD = KIND.repairs


def kept_back() -> Company:
    company = Company()
    company.receive(channel_state=ChannelState.ON_HOLD)
    return company


def test_it_waits_and_is_left_alone_by_work_on_many():
    order = kept_back().order()

    assert (order.status, [hold.state for hold in order.holds]) == (Status.GATED, ["waits"])
    assert [snag.kind for snag in order.snags] == ["platform_lock"]
    assert locked_by(order, "note_request") is not None


def test_it_goes_on_by_itself_when_the_channel_lets_it_go():
    company = kept_back()

    company.receive(ext_version="2")

    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())


def test_nobody_is_late_with_it_within_a_day():
    snag = kept_back().order().snag("platform_lock")

    assert (snag.due_at - snag.opened_at).days >= 7


def test_it_can_be_held_here_too_and_that_is_taken_back():
    company = kept_back()
    hold = HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(hold, company.facts(hold, actor()))

    company.must(hold)
    company.receive(ext_version="2")
    assert company.order().status is Status.GATED
    company.must(undo)

    assert company.order().status is Status.RELEASED
    assert AGAIN.build(company.order(), company.facts(Recheck(order="o1"), actor())) == Recheck(order="o1")


def test_the_buyer_is_reminded_and_it_comes_back_by_itself_when_the_channel_lets_it_go():
    company = kept_back()

    company.must(REMIND.build(company.order(), company.facts(Recheck(order="o1"), actor())))
    snag = company.order().snag("platform_lock")
    assert (snag.snooze.wait, snag.stops) == ("customer", ())
    company.receive(ext_version="2")

    assert company.order().status is Status.RELEASED


@pytest.mark.parametrize("lock", sorted(set(WHY) - {""}))
def test_it_says_what_the_channel_waits_for(lock):
    company = Company()

    order = company.receive(channel_state=ChannelState.ON_HOLD, lock=lock)

    assert order.snag("platform_lock").text.message == WHY[lock] != WHY[""]


def test_a_call_to_stop_is_the_buyers_and_not_the_channels():
    company = Company()

    order = company.receive(channel_state=ChannelState.ON_HOLD, lock="refund_pending")

    assert [snag.kind for snag in order.snags] == ["refund_requested"]
