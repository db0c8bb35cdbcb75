"""The promised time is nearly over."""

from __future__ import annotations

from datetime import timedelta

from app.boot.words import console
from app.commands.recheck import Recheck
from app.domain.order import Status
from app.domain.values import Role
from app.engine import wake_at
from app.snags.ship_overdue import KIND
from tests.builders import NOW, Company, pick_all

RAISE, ACCEPT = KIND.repairs


def promised_in(hours: int | None) -> Company:
    company = Company()
    promise = NOW + timedelta(hours=hours) if hours is not None else None
    company.receive(ordered_at=NOW, ship_by_at=promise)
    return company


def later(company: Company, hours: float) -> Company:
    company.now = NOW + timedelta(hours=hours)
    company.must(Recheck(order="o1"), Role.WORKER)
    return company


def test_four_fifths_of_the_promise_may_pass():
    company = promised_in(10)

    assert wake_at(company.order(), company.facts(Recheck(order="o1"), None)) == NOW + timedelta(hours=8)
    assert later(company, 7.9).order().snag("ship_overdue") is None
    text = later(company, 8).order().snag("ship_overdue").text
    assert console(text, "en") == "Promised for 14 Jun 06:30, not shipped yet"
    assert console(text, "zh_CN") == "承诺 6月14日 06:30 发出，还没发"


def test_it_does_not_keep_the_order_back():
    assert later(promised_in(10), 9).order().status is Status.RELEASED


def test_without_a_promise_ours_counts_from_the_day_we_heard_of_it():
    company = Company()
    company.receive(ordered_at=NOW - timedelta(days=900), ship_by_at=None)

    assert company.order().snags == ()
    assert later(company, 19.2).order().snag("ship_overdue") is not None


def test_it_stays_while_the_warehouse_works_and_ends_with_shipping():
    company = promised_in(10)
    pick_all(company)

    assert later(company, 9).order().snag("ship_overdue") is not None


def test_raising_the_priority_is_one_key():
    company = later(promised_in(10), 9)

    company.must(RAISE.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert (company.order().priority, company.order().snags) == (10, ())


def test_an_accepted_delay_is_asked_about_again_when_the_promise_breaks():
    company = later(promised_in(10), 9)
    company.must(ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), None)))
    accepted = company.order().snags

    broken = later(company, 10).order().snag("ship_overdue")

    assert (accepted, broken.text.message) == ((), "Overdue since {at}")
