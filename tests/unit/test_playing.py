"""An attempt while it runs: hints that count, what is said of it, and when a lesson comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from lesson_world import Ground

from app.training.course import LESSONS
from app.training.lesson import Mode
from app.training.playing import Done, Here, Playing, Told, due_at, passed

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def done(day: float, *, is_passed: bool, mode: Mode = Mode.PRACTISE) -> Done:
    at = NOON + timedelta(days=day)
    return Done(
        id=f"a{day}", learner="lin", lesson="x", version=1, mode=mode, passed=is_passed, seconds=9, at=at
    )


@pytest.fixture
def ground() -> Ground:
    return Ground(LESSONS["repair_address"])


def playing(ground: Ground, mode: Mode) -> Playing:
    return Playing(ground.lesson, mode, ground.deck)


def test_what_failed_returns_after_a_day_then_after_three_and_seven_and_then_rests():
    failed = [done(0, is_passed=False)]
    assert due_at(failed) == NOON + timedelta(days=1)

    too_soon = [*failed, done(0.5, is_passed=True)]
    assert due_at(too_soon) == NOON + timedelta(days=1)

    once = [*too_soon, done(1, is_passed=True)]
    twice = [*once, done(4.5, is_passed=True)]
    assert due_at(once) == NOON + timedelta(days=4)
    assert due_at(twice) == NOON + timedelta(days=11.5)
    assert due_at([*twice, done(12, is_passed=True)]) is None


def test_failing_again_begins_anew_and_watching_says_nothing():
    again = [done(0, is_passed=False), done(1, is_passed=True), done(2, is_passed=False)]

    assert due_at(again) == NOON + timedelta(days=3)
    assert due_at([done(0, is_passed=False, mode=Mode.WATCH)]) is None
    assert due_at([done(0, is_passed=True)]) is None
    assert passed([done(0, is_passed=True, mode=Mode.EXAM)], Mode.EXAM)
    assert not passed([done(0, is_passed=True, mode=Mode.WATCH)], Mode.EXAM)


def test_each_hint_goes_one_step_further_and_counts_where_it_was_asked_for(ground: Ground):
    practised, watched = playing(ground, Mode.PRACTISE), playing(ground, Mode.WATCH)

    hints = [practised.hint(ground.floor) for _ in range(3)]
    seen = [watched.hint(ground.floor) for _ in range(3)]

    assert hints == seen
    assert hints[0] != hints[1]
    assert (practised.helps, watched.helps) == (3, 0)


def test_an_exam_gives_no_hints(ground: Ground):
    exam = playing(ground, Mode.EXAM)

    assert exam.hint(ground.floor) is None
    assert (exam.may_ask, exam.helps) == (False, 0)


def test_what_is_said_is_read_again_line_by_line(ground: Ground):
    attempt = playing(ground, Mode.EXAM)
    attempt.refused.append("not_yours")
    attempt.look(ground.floor)

    ended = attempt.done(id="1", learner="lin", language="en", at=NOON)
    here = Here(learner="lin", beat=attempt.beat("inbox"))

    assert (ended.passed, ended.errors, "province" in ended.faults) == (False, 1, True)
    assert (here.beat.met, here.beat.goals, here.beat.page) == (1, 5, "inbox")
    lines = [msgspec.json.encode(one) for one in (ended, here)]
    assert [msgspec.json.decode(line, type=Told) for line in lines] == [ended, here]


def test_an_attempt_nobody_looked_at_met_nothing(ground: Ground):
    ended = playing(ground, Mode.EXAM).done(id="1", learner="", language="en", at=NOON)

    assert ended.faults == tuple(goal.code for goal in ground.lesson.goals)
    assert not ended.passed
