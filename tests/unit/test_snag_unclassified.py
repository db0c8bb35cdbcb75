"""The channel says something that nobody here understands yet."""

from __future__ import annotations

import pytest

from app.commands.classify import Classify
from app.commands.hear import Hear, Means
from app.commands.recheck import Recheck
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.unclassified import KIND
from tests.builders import Company, actor, pick_all

AGAIN, TO_SHIP, READ = KIND.repairs


def odd(state: ChannelState = ChannelState.UNKNOWN) -> Company:
    company = Company()
    company.receive(channel_state=state)
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_a_state_that_is_known_asks_nobody():
    company = Company()

    assert company.receive().snag("unclassified") is None


@pytest.mark.parametrize("state", [ChannelState.UNKNOWN, ChannelState.PARTLY_SHIPPED])
def test_a_state_nobody_knows_stops_the_order(state):
    order = odd(state).order()

    assert (order.status, [snag.kind for snag in order.snags]) == (Status.GATED, ["unclassified"])


def test_saying_what_it_means_lets_the_order_go():
    company = odd()

    company.must(repair(company, TO_SHIP))

    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())


def test_it_is_asked_again_when_that_is_taken_back():
    company = odd()
    command = repair(company, TO_SHIP)
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    company.must(undo)

    assert company.order().channel_state is ChannelState.UNKNOWN
    assert company.order().snag("unclassified") is not None
    assert company.order().classified_from == ""


def test_the_channel_saying_the_same_again_is_understood_and_something_new_counts():
    company = odd()
    company.must(repair(company, TO_SHIP))

    company.receive(ext_version="2", channel_state=ChannelState.UNKNOWN, refunded_minor=100)
    assert company.order().channel_state is ChannelState.TO_SHIP

    company.receive(ext_version="3", channel_state=ChannelState.ON_HOLD)
    assert company.order().channel_state is ChannelState.ON_HOLD


def test_a_clear_state_is_not_for_people_to_say():
    company = Company()
    company.receive()

    assert company.refused(Classify(order="o1", state=ChannelState.ON_HOLD)) == "clear_already"
    assert company.refused(Classify(order="o1", state=ChannelState.UNKNOWN)) == "clear_already"


def test_nobody_says_that_an_order_is_over_on_its_channel():
    assert odd().refused(Classify(order="o1", state=ChannelState.CANCELLED)) == "no_meaning"


def test_what_is_being_picked_keeps_its_state():
    company = Company()
    company.receive()
    pick_all(company)

    assert company.refused(Classify(order="o1", state=ChannelState.TO_SHIP)) == "too_late"
    assert company.refused(Classify(order="none", state=ChannelState.TO_SHIP)) == "no_order"


def test_a_message_nobody_knows_stops_the_order_until_it_is_read():
    company = Company()
    company.receive()
    company.must(Hear(order="o1", means=Means.UNKNOWN, topic="999"), Role.CHANNEL)
    assert (company.order().status, repair(company, TO_SHIP)) == (Status.GATED, None)

    read = repair(company, READ)
    undo = inverse_of(read, company.facts(read, actor()))
    company.must(read)
    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())
    company.must(undo)
    assert company.order().snag("unclassified") is not None


def test_a_state_nobody_knows_is_not_read_away():
    assert repair(odd(), READ) is None
