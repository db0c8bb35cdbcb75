"""The clock of an exception: working time, less what it waits for others; every second is accounted for."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

import pytest

from app.domain.clock import Stop, account, left_of, times
from app.domain.company import Shift
from app.domain.working_time import Calendar, is_working

DAY = Shift(code="day", title="Day", since=time(8), until=time(18), days=(0, 1, 2, 3, 4))
NIGHT = Shift(code="night", title="Night", since=time(22), until=time(2), zone="Europe/Berlin")
MONDAY = datetime(2026, 6, 15, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai: the day begins."""
GOAL = timedelta(minutes=28)
MINUTE = timedelta(minutes=1)


def test_it_runs_only_while_somebody_works():
    """Ten minutes before the end of Friday: eighteen are left for Monday."""
    friday = MONDAY + timedelta(days=4, hours=9, minutes=50)

    warn_at, due_at = times(Calendar(shifts=(DAY,)), friday, GOAL)

    assert due_at == MONDAY + timedelta(days=7, minutes=18)
    assert warn_at == MONDAY + timedelta(days=7, minutes=11)


def test_without_shifts_it_is_the_wall_clock():
    assert times(Calendar(), MONDAY, GOAL) == (MONDAY + 21 * MINUTE, MONDAY + GOAL)


def test_where_nobody_ever_works_nothing_waits_for_ever():
    never = Shift(code="x", title="x", since=time(8), until=time(9), days=())

    assert times(Calendar(shifts=(never,)), MONDAY, GOAL).due_at == MONDAY + GOAL


def test_where_nobody_ever_works_a_pause_takes_nothing_away():
    """Else it would be over, and before the lead, the moment it wakes."""
    never = Calendar(shifts=(Shift(code="x", title="x", since=time(8), until=time(9), days=()),))
    stops = (Stop(wait="customer", since=MONDAY + 8 * MINUTE),)

    assert left_of(never, MONDAY + GOAL, stops, MONDAY + timedelta(days=3)) == 20 * MINUTE


def test_what_is_left_stands_still_with_the_clock():
    due_at = MONDAY + GOAL
    stops = (Stop(wait="customer", since=MONDAY + 8 * MINUTE),)

    assert left_of(Calendar(), due_at, stops, MONDAY + timedelta(days=3)) == 20 * MINUTE


def test_what_is_over_is_counted_in_working_time_too():
    calendar, due_at = Calendar(shifts=(DAY,)), MONDAY + timedelta(hours=9, minutes=54)

    assert left_of(calendar, due_at, (), MONDAY + timedelta(days=1, minutes=1)) == -7 * MINUTE


@pytest.mark.parametrize("shifts", [(), (DAY,), (NIGHT,), (DAY, NIGHT)], ids=len)
def test_pauses_and_running_time_are_the_wall_clock_to_the_second(shifts):
    """Stopped and started at random for weeks, over nights, weekends and a change of the clock.

    Source: capabilities 5.5.
    """
    rng = random.Random(len(shifts))  # noqa: S311 - reproducible
    calendar = Calendar(shifts=shifts)
    for _ in range(60):
        opened_at = MONDAY + timedelta(days=rng.randrange(200), seconds=rng.randrange(86_400))
        goal = timedelta(minutes=rng.choice((15, 28, 240, 1440)))
        due_at = times(calendar, opened_at, goal).due_at
        stops: tuple[Stop, ...] = ()
        at, waited = opened_at, timedelta()
        for _ in range(rng.randrange(5)):
            stop_at = at + timedelta(seconds=rng.randrange(50_000))
            left = left_of(calendar, due_at, stops, stop_at)
            at = stop_at + timedelta(seconds=rng.randrange(200_000))
            if left <= timedelta():
                break
            stops = (*stops, Stop(wait=rng.choice(("customer", "stock")), since=stop_at, until=at))
            waited += at - stop_at
            due_at = times(calendar, at, goal, left).due_at
        now = at + timedelta(seconds=rng.randrange(100_000))

        used = account(calendar, opened_at, stops, now)

        assert used.whole == now - opened_at
        assert sum(used.waited.values(), timedelta()) == waited
        assert used.worked >= timedelta() <= used.rested
        assert left_of(calendar, due_at, stops, now) == goal - used.worked
        if not shifts:
            assert used.rested == timedelta()


def test_the_open_stop_counts_until_now():
    stops = (Stop(wait="stock", since=MONDAY + MINUTE),)

    used = account(Calendar(), MONDAY, stops, MONDAY + 5 * MINUTE)

    assert (used.worked, used.rested, used.waited) == (MINUTE, timedelta(), {"stock": 4 * MINUTE})


@pytest.mark.parametrize(
    ("minutes", "works"), [(-1, False), (0, True), (599, True), (600, False), (60 * 24 * 5, False)]
)
def test_a_shift_is_worked_from_its_first_moment_to_its_end(minutes, works):
    assert is_working(DAY, MONDAY + minutes * MINUTE, {}) is works
