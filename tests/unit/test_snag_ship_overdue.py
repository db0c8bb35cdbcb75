"""The promised time is nearly over."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.boot.words import console
from app.commands.recheck import Recheck
from app.domain.freight import Fare
from app.domain.order import Status
from app.domain.paper import Paper
from app.domain.values import Role
from app.engine import inverse_of, wake_at
from app.preview import preview
from app.snags.ship_overdue import KIND
from tests.builders import NOW, Company, actor, pick_all
from tests.carrier_world import FAR, NEAR, with_carriers

RAISE, FASTER, ACCEPT = KIND.repairs
SLOW = (Fare(first_minor=800, step_minor=200, hours=72),)
NEXT_DAY = Fare(first_minor=1_400, step_minor=300, service="次日达", hours=24)


def promised_in(hours: int | None) -> Company:
    company = Company()
    promise = NOW + timedelta(hours=hours) if hours is not None else None
    company.receive(ordered_at=NOW, ship_by_at=promise)
    return company


def carried(near: tuple[Fare, ...] = (*SLOW, NEXT_DAY), far: tuple[Fare, ...] = FAR.fares) -> Company:
    """Return a company with a promised order, whose two carriers have these fares."""
    carriers = ((NEAR, near), (FAR, far))
    company = with_carriers(*(msgspec.structs.replace(one, fares=fares) for one, fares in carriers))
    company.receive(ordered_at=NOW, ship_by_at=NOW + timedelta(hours=10))
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


def test_a_faster_service_is_shown_with_its_freight_and_taken_back():
    company = later(carried(), 9)
    before = company.order()
    command = FASTER.build(before, company.facts(Recheck(order="o1"), None))
    facts = company.facts(command, actor())
    shown, undo = preview(command, before, facts), inverse_of(command, facts)
    company.must(command)

    assert [(row.label, row.before, row.after) for row in shown.rows] == [
        ("Freight", "¥8.00", "¥14.00"),
        ("Service", "标准快递", "次日达"),
        ("Hours on the road", "72", "24"),
    ]
    assert (company.order().carriage.carrier, company.order().carriage.service) == ("SJ", "次日达")
    assert company.order().snag("ship_overdue") is not None, "it leaves no sooner"
    company.must(undo)
    assert company.order().carriage == before.carriage


def test_of_faster_ones_the_cheapest_is_meant_whoever_carries_it():
    far = (Fare(first_minor=1_000, step_minor=300, hours=48),)
    company = later(carried(far=far), 9)

    command = FASTER.build(company.order(), company.facts(Recheck(order="o1"), None))

    assert (command.carrier, command.service) == ("YX", "标准快递")


@pytest.mark.parametrize(
    "near",
    [
        SLOW,
        (*SLOW, msgspec.structs.replace(NEXT_DAY, hours=0)),
        (msgspec.structs.replace(SLOW[0], hours=0), NEXT_DAY),
    ],
    ids=["as slow", "hours of the fast one not said", "hours of the slow one not said"],
)
def test_nothing_is_called_faster_whose_hours_do_not_say_so(near: tuple[Fare, ...]):
    company = later(carried(near), 9)

    assert FASTER.build(company.order(), company.facts(Recheck(order="o1"), None)) is None


def test_with_its_label_printed_or_its_carrier_unknown_it_goes_as_it_is():
    company = later(carried(), 9)
    printed = msgspec.structs.replace(company.order(), prints={Paper.LABEL: 1})
    nobody = later(promised_in(10), 9)

    assert FASTER.build(printed, company.facts(Recheck(order="o1"), None)) is None
    assert FASTER.build(nobody.order(), nobody.facts(Recheck(order="o1"), None)) is None


def test_an_accepted_delay_is_asked_about_again_when_the_promise_breaks():
    company = later(promised_in(10), 9)
    company.must(ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), None)))
    accepted = company.order().snags

    broken = later(company, 10).order().snag("ship_overdue")

    assert (accepted, broken.text.message) == ((), "Overdue since {at}")
