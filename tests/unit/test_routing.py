"""Who gets what: on shift, skilled, fewest open minutes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from app.domain.company import Grants, Shift, User
from app.domain.routing import Roster, Task, is_on_shift, share_out, shift_of, takes_work
from app.domain.values import Role

DAY = Shift(code="day", title="Day", since=time(8), until=time(18))
NIGHT = Shift(code="night", title="Night", since=time(18), until=time(2))
SHIFTS = {"day": DAY, "night": NIGHT}
MORNING = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai."""
EVENING = MORNING + timedelta(hours=11)
DEEP_NIGHT = MORNING + timedelta(hours=19)
EFFORT = {"address": 4, "stock": 6, "price": 10, "note": 2}


def clerk(code: str, skills: str = "", shifts: str = "day", **more: object) -> User:
    words = {"skills": tuple(skills.split()), "shifts": tuple(shifts.split())}
    return User(code=code, title=code, role=Role.CLERK, **(words | more))


PEOPLE = (
    clerk("an", "address note"),
    clerk("bo", "address note"),
    clerk("cai", "stock price"),
    clerk("deng", "stock price"),
    clerk("en", "address stock price note", "night"),
    clerk("fu", "note", "day night"),
)


def roster(*people: User, **more: object) -> Roster:
    known = {"grants": {}, "shifts": SHIFTS, "holidays": {}}
    return Roster(users={user.code: user for user in people}, **(known | more))


def task(kind: str, n: int = 0, **more: object) -> Task:
    return Task(f"o{n}", kind, "TM1", EFFORT[kind], **more)


@pytest.mark.parametrize("at", [MORNING, EVENING, DEEP_NIGHT])
def test_a_thousand_go_only_to_the_skilled_on_shift(at):
    """Source: capabilities 5.9."""
    rng = random.Random(9)  # noqa: S311 - reproducible
    present = roster(*PEOPLE).present(at)
    tasks = [task(rng.choice(sorted(EFFORT)), n) for n in range(1000)]

    given = share_out(tasks, present, {})

    for each, to in zip(tasks, given, strict=True):
        able = {user.code for user in present if each.kind in user.skills}
        assert (to in able) if able else not to
    assert {user.code for user in present} == {
        MORNING: {"an", "bo", "cai", "deng", "fu"}, EVENING: {"en", "fu"}, DEEP_NIGHT: set(),
    }[at]  # fmt: skip


def test_equal_skills_differ_by_no_more_than_one_exception():
    rng = random.Random(10)  # noqa: S311 - reproducible
    present = roster(*PEOPLE).present(MORNING)
    minutes = {user.code: 0 for user in present}
    for n in range(1000):
        each = task(rng.choice(("stock", "price")), n)
        (to,) = share_out([each], present, minutes)
        minutes[to] += each.effort_min
        assert abs(minutes["cai"] - minutes["deng"]) <= max(EFFORT.values())


def test_all_at_once_is_as_fair_as_one_by_one():
    tasks = [task("stock", n) for n in range(101)]

    given = share_out(tasks, roster(*PEOPLE).present(MORNING), {"cai": 60})

    assert abs((60 + 6 * given.count("cai")) - 6 * given.count("deng")) <= 6


def test_who_gave_it_back_is_not_given_it_again():
    present = [clerk("an"), clerk("bo")]

    assert share_out([task("note", declined=("an",))], present, {"bo": 500}) == ["bo"]
    assert share_out([task("note", declined=("an", "bo"))], present, {}) == [""]


def test_only_those_who_work_for_the_shop():
    present = [clerk("an", shops=("JD1",)), clerk("bo", shops=("TM1",))]

    assert share_out([task("note")], present, {"bo": 500}) == ["bo"]


def test_nobody_is_there_at_night():
    assert share_out([task("note")], roster(*PEOPLE).present(DEEP_NIGHT), {}) == [""]


@pytest.mark.parametrize(
    ("user", "single", "takes"),
    [
        (clerk("an"), None, True),
        (clerk("an", active=False), None, False),
        (clerk("an"), Grants(user="an", fewer=("claim",)), False),
        (User(code="t", title="t", role=Role.TRAINER), None, False),
        (User(code="t", title="t", role=Role.TRAINER, skills=("note",)), None, True),
        (User(code="w", title="w", role=Role.WAREHOUSE, skills=("note",)), None, False),
    ],
)
def test_work_is_for_clerks_and_for_whom_types_are_named(user, single, takes):
    assert takes_work(user, single) is takes


def test_without_shifts_of_ones_own_any_shift_counts_and_without_any_the_whole_day():
    free = clerk("an", shifts="")

    assert [is_on_shift(free, SHIFTS, {}, at) for at in (MORNING, EVENING, DEEP_NIGHT)] == [True, True, False]
    assert is_on_shift(free, {}, {}, DEEP_NIGHT)


def test_a_shift_that_is_being_worked_says_when_it_ends():
    """At 18:00 the day ends and the night begins; after two nobody works."""
    free = clerk("an", shifts="")
    six = MORNING + timedelta(hours=9)

    assert shift_of(free, SHIFTS, {}, MORNING) == (DAY, six)
    assert shift_of(free, SHIFTS, {}, six) == (NIGHT, six + timedelta(hours=8))
    assert shift_of(free, SHIFTS, {}, six + timedelta(hours=7)) == (NIGHT, six + timedelta(hours=8))
    assert shift_of(free, SHIFTS, {}, DEEP_NIGHT) is None
    assert shift_of(clerk("bo"), SHIFTS, {}, EVENING) is None
