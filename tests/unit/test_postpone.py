"""A held order goes on another day, with a reason; resuming says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, Company

from app.boot.words import console
from app.commands.hold import Hold
from app.commands.postpone import Postpone
from app.commands.resume import Resume
from app.domain.events import OrderPaused, OrderResumed, PauseMoved
from app.engine import inverse_of
from app.snags import price_anomaly
from tests.builders import actor

DAY = timedelta(days=1)


@pytest.fixture
def company():
    company = Company()
    company.receive("o1")
    company.must(Hold(order="o1", reason="buyer away", until=NOW + DAY))
    return company


def test_the_end_of_a_hold_moves_and_why_it_is_held_stays(company):
    company.must(Postpone(order="o1", reason="back on Monday", until=NOW + 2 * DAY))

    pause = company.order().pause
    assert (pause.reason, pause.until) == ("buyer away", NOW + 2 * DAY)
    moved = [event for event in company.journal if isinstance(event, PauseMoved)]
    assert [(event.reason, event.until_on) for event in moved] == [("back on Monday", "2026-06-15")]


def test_the_day_it_says_is_the_shops_own(company):
    """16:30 UTC is half past midnight in Shanghai."""
    company.must(Postpone(order="o1", reason="later", until=NOW + DAY + timedelta(hours=4)))

    (moved,) = [event for event in company.journal if isinstance(event, PauseMoved)]
    assert console(moved.says(), "en") == "Held until 15 Jun: later"
    assert console(moved.says(), "zh_CN") == "挂起到 6月15日：later"


def test_the_history_of_a_hold_says_until_when_and_why(company):
    company.must(Resume(order="o1"))
    company.must(Hold(order="o1", reason="asks {who}", until=None))

    paused = [event for event in company.journal if isinstance(event, OrderPaused)]
    assert [console(event.says(), "en") for event in paused] == [
        "Held until 14 Jun: buyer away",
        "Held until somebody resumes it: asks {who}",
    ]


def test_an_answer_to_an_exception_is_a_reason_in_the_language_on_screen(company):
    company.must(Resume(order="o1"))
    company.must(price_anomaly.hold(company.order(), company.facts(Resume(order="o1"), actor())))

    (_, paused) = [event for event in company.journal if isinstance(event, OrderPaused)]
    assert console(paused.says(), "zh_CN") == "挂起，等人恢复：价格异常"


def test_without_a_day_it_waits_for_somebody(company):
    company.must(Postpone(order="o1", reason="nobody knows", until=None))

    assert company.order().pause.until is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Postpone(order="o2", reason="a", until=NOW + DAY), "no_order"),
        (Postpone(order="o1", reason=" ", until=NOW + 2 * DAY), "no_reason"),
        (Postpone(order="o1", reason="a", until=NOW), "past"),
        (Postpone(order="o1", reason="a", until=NOW + DAY), "unchanged"),
    ],
)
def test_what_makes_no_sense_is_refused(company, command, code):
    before = company.order()

    assert company.refused(command) == code
    assert company.order() == before


def test_an_order_nobody_holds_has_no_hold_to_move(company):
    company.must(Resume(order="o1"))

    assert company.refused(Postpone(order="o1", reason="a", until=NOW + 2 * DAY)) == "not_held"


def test_it_is_taken_back(company):
    command = Postpone(order="o1", reason="later", until=NOW + 3 * DAY)
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    company.must(undo)

    assert company.order().pause.until == NOW + DAY


def test_resuming_says_why(company):
    company.must(Resume(order="o1", reason="buyer is back "))

    (resumed,) = [event for event in company.journal if isinstance(event, OrderResumed)]
    assert resumed.says().params == {"reason": "buyer is back"}
    assert company.order().pause is None
