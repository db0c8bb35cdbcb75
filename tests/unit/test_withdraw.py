"""A file is taken back: its untouched orders go, what a hand or the warehouse has touched stays."""

from __future__ import annotations

import msgspec

from app.commands.fix_address import FixAddress
from app.commands.withdraw import Withdraw
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from tests.builders import Company

ASKED = Withdraw(order="o1", file="orders.csv", by="lead")


def test_an_untouched_order_is_called_off_and_gives_its_stock_back():
    company = Company()
    before = company.receive()
    assert before.reserved

    company.must(ASKED, Role.CHANNEL)

    order = company.order()
    assert (order.status, order.channel_state) == (Status.CANCELLED, ChannelState.WITHDRAWN)
    assert order.reserved == ()


def test_the_same_file_brings_it_back_as_new():
    company = Company()
    company.receive()
    company.must(ASKED, Role.CHANNEL)

    order = company.receive()

    assert order.status in (Status.GATED, Status.RELEASED)
    assert order.channel_state is ChannelState.TO_SHIP


def test_what_comes_back_may_say_something_else():
    company = Company()
    company.receive()
    company.must(ASKED, Role.CHANNEL)

    order = company.receive(total_minor=7, lines=())

    assert (order.total_minor, order.lines) == (7, ())


def test_an_order_the_channel_called_shipped_goes_too():
    company = Company()
    company.receive(channel_state=ChannelState.SHIPPED)
    assert company.order().status is Status.SHIPPED

    company.must(ASKED, Role.CHANNEL)

    assert company.order().status is Status.CANCELLED
    assert company.receive(channel_state=ChannelState.SHIPPED).status is Status.SHIPPED


def test_an_order_somebody_worked_on_stays():
    company = Company()
    order = company.receive()
    region = msgspec.structs.replace(order.region, verdict="fix")
    company.must(FixAddress(order="o1", receiver=order.receiver, region=region), Role.CLERK)

    assert company.refused(ASKED, Role.CHANNEL) == "touched"


def test_it_is_taken_back_once():
    company = Company()
    company.receive()
    company.must(ASKED, Role.CHANNEL)

    assert company.refused(ASKED, Role.CHANNEL) == "unchanged"


def test_nobody_at_a_desk_may_ask_for_it():
    company = Company()
    company.receive()

    assert company.refused(ASKED, Role.ADMIN) == "not_allowed"
    assert company.refused(Withdraw(order="o9", file="f", by="x"), Role.CHANNEL) == "no_order"
