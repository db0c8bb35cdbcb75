"""Working time: shifts over midnight, holidays, changes of the clock; sums that hold for any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.company import Holidays, Shift
from app.domain.working_time import (
    WINDOWS_D,
    Calendar,
    calendar_of,
    due_at,
    minutes_between,
    next_open_day,
    next_shift_at,
    spans,
    worked,
)

DAY = Shift(code="day", title="Day", since=time(9), until=time(18), days=(0, 1, 2, 3, 4))
NIGHT = Shift(code="night", title="Night", since=time(22), until=time(6))
WEEK = Calendar(shifts=(DAY,))
MONDAY = datetime(2026, 6, 15, 0, 0, tzinfo=UTC)
"""08:00 in Shanghai."""


def shanghai(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def berlin(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    from zoneinfo import ZoneInfo

    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


def test_only_the_hours_of_the_shift_count():
    assert minutes_between(WEEK, shanghai(15, 8), shanghai(15, 10)) == 60
    assert minutes_between(WEEK, shanghai(15, 17), shanghai(16, 10)) == 120


def test_a_weekend_passes_without_work():
    assert minutes_between(WEEK, shanghai(19, 17), shanghai(22, 10)) == 120
    assert due_at(WEEK, shanghai(19, 17, 30), 60) == shanghai(22, 9, 30)


def test_a_due_time_ends_with_the_shift_rather_than_with_the_next():
    assert due_at(WEEK, shanghai(15, 17), 60) == shanghai(15, 18)


def test_a_shift_over_midnight_belongs_to_the_day_it_begins():
    eve = Holidays(code="CN", title="CN", closed=(date(2026, 6, 16),))
    night = Calendar(
        shifts=(Shift(code="n", title="N", since=time(22), until=time(6), holidays="CN"),),
        holidays={"CN": eve},
    )

    assert minutes_between(night, shanghai(15, 22), shanghai(16, 22)) == 8 * 60
    assert minutes_between(night, shanghai(16, 22), shanghai(17, 22)) == 0


def test_a_holiday_is_skipped_and_a_worked_day_of_rest_is_not():
    golden = Holidays(
        code="CN",
        title="CN",
        closed=tuple(date(2026, 10, day) for day in range(1, 8)),
        worked=(date(2026, 10, 10),),
    )
    shift = Shift(code="day", title="Day", since=time(9), until=time(18), days=(0, 1, 2, 3, 4), holidays="CN")
    week = Calendar(shifts=(shift,), holidays={"CN": golden})

    assert due_at(week, shanghai(30, 17, month=9), 120) == shanghai(8, 10, month=10)
    assert minutes_between(week, shanghai(10, 0, month=10), shanghai(11, 0, month=10)) == 9 * 60


def test_two_shifts_at_once_are_worked_once():
    late = Shift(code="late", title="Late", since=time(12), until=time(20), days=(0, 1, 2, 3, 4))

    assert minutes_between(Calendar(shifts=(DAY, late)), shanghai(15, 0), shanghai(16, 0)) == 11 * 60


def test_without_shifts_every_minute_counts():
    assert minutes_between(Calendar(), MONDAY, MONDAY + timedelta(days=2)) == 2 * 24 * 60
    assert due_at(Calendar(), MONDAY, 28) == MONDAY + timedelta(minutes=28)


def test_the_hour_that_the_clock_skips_is_not_worked_and_the_one_it_repeats_is_twice():
    night = Calendar(
        shifts=(Shift(code="n", title="N", since=time(22), until=time(6), zone="Europe/Berlin"),)
    )

    assert minutes_between(night, berlin(3, 28, 12), berlin(3, 29, 12)) == 7 * 60
    assert minutes_between(night, berlin(10, 24, 12), berlin(10, 25, 12)) == 9 * 60
    assert minutes_between(night, berlin(6, 1, 12), berlin(6, 2, 12)) == 8 * 60


def test_a_shift_that_ends_in_the_skipped_hour_is_as_long_as_ever():
    short = Calendar(
        shifts=(Shift(code="n", title="N", since=time(22), until=time(2, 30), zone="Europe/Berlin"),)
    )

    assert minutes_between(short, berlin(3, 28, 12), berlin(3, 29, 12)) == 270


def test_a_place_with_shifts_of_its_own_follows_them_alone():
    own = Shift(code="sz", title="SZ", since=time(6), until=time(14), place="SZ")
    gone = Shift(code="old", title="Old", since=time(0), until=time(23), place="WH", active=False)
    every = (DAY, own, gone)

    assert calendar_of("SZ", every, {}).shifts == (own,)
    assert calendar_of("WH", every, {}).shifts == (DAY,)


def test_the_next_working_day_is_after_weekend_and_holiday():
    assert next_open_day(WEEK, date(2026, 6, 19)) == date(2026, 6, 19)
    assert next_open_day(WEEK, date(2026, 6, 20)) == date(2026, 6, 22)
    assert next_open_day(Calendar(), date(2026, 6, 20)) == date(2026, 6, 20)


def test_nobody_waits_for_work_that_never_comes():
    closed = Holidays(
        code="X", title="X", closed=tuple(date(2026, 6, 1) + timedelta(days=n) for n in range(500))
    )
    never = Calendar(
        shifts=(Shift(code="d", title="D", since=time(9), until=time(18), holidays="X"),),
        holidays={"X": closed},
    )

    with pytest.raises(ValueError, match="no 0:10:00 of work"):
        due_at(never, shanghai(15, 9), 10)


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
ZONES = st.sampled_from(("Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "America/New_York", "UTC"))
DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))
INSTANTS = st.integers(0, 320 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n - 156 * 24 * 60))


ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def shifts(draw):
    since = draw(TIMES)
    until = draw(TIMES.filter(lambda end: end != since))
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    return Shift(
        code="s",
        title="S",
        since=since,
        until=until,
        zone=draw(ZONES),
        days=tuple(sorted(days)),
        holidays="H",
    )


@st.composite
def calendars(draw):
    closed = draw(st.sets(DATES, max_size=8))
    open_days = draw(st.sets(DATES, max_size=5)) - closed
    holidays = Holidays(code="H", title="H", closed=tuple(sorted(closed)), worked=tuple(sorted(open_days)))
    return Calendar(shifts=tuple(draw(st.lists(shifts(), max_size=3))), holidays={"H": holidays})


@ANY_MACHINE
@given(calendars(), INSTANTS, st.integers(0, 60_000), st.integers(0, 60_000))
def test_time_worked_adds_up_wherever_it_is_cut(calendar, since, first, second):
    middle = since + timedelta(minutes=first)
    until = middle + timedelta(minutes=second)

    whole = worked(calendar, since, until)
    assert whole == worked(calendar, since, middle) + worked(calendar, middle, until)
    assert timedelta() <= whole <= until - since
    assert worked(calendar, until, since) == timedelta()


@ANY_MACHINE
@given(calendars(), INSTANTS, st.integers(1, 5_000))
def test_what_is_due_after_so_many_minutes_has_them_worked_and_not_one_less(calendar, since, minutes):
    try:
        due = due_at(calendar, since, minutes)
    except ValueError:
        assert worked(calendar, since, since + timedelta(days=WINDOWS_D[-1])) < timedelta(minutes=minutes)
        return

    assert minutes_between(calendar, since, due) == minutes
    assert worked(calendar, since, due - timedelta(microseconds=1)) < timedelta(minutes=minutes)


@ANY_MACHINE
@given(calendars(), INSTANTS, st.integers(0, 30_000))
def test_spans_are_in_order_and_never_touch(calendar, since, minutes):
    until = since + timedelta(minutes=minutes)
    found = list(spans(calendar, since, until))

    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert all(since <= edge <= until for edge in edges)


def test_tomorrow_begins_by_the_clock_of_the_shift_wherever_it_is_asked():
    """A desk that reads the clock of New York, whose colleagues sit in Shanghai."""
    at = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)  # the evening before in New York
    assert next_shift_at(WEEK, at, "America/New_York") == datetime(2026, 6, 16, 1, 0, tzinfo=UTC)

    friday = datetime(2026, 6, 19, 3, 0, tzinfo=UTC)
    assert next_shift_at(WEEK, friday, "Asia/Shanghai") == datetime(2026, 6, 22, 1, 0, tzinfo=UTC)


def test_without_anybody_who_works_tomorrow_is_nine():
    never = Calendar(shifts=(Shift(code="x", title="x", since=time(8), until=time(9), days=()),))
    for calendar in (Calendar(), never):
        assert next_shift_at(calendar, MONDAY, "Asia/Shanghai") == MONDAY + timedelta(days=1, hours=1)
