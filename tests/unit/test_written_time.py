"""Times and days as people write them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.written_time import clock_time, listed_days, shown_days


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("17:00", time(17)),
        (" 7:30 ", time(7, 30)),
        ("1730", time(17, 30)),
        ("7：05", time(7, 5)),
        ("24:00", None),
        ("17:60", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text, read):
    assert clock_time(text) == read


def test_days_and_spans_stand_one_a_line():
    days, broken = listed_days("2026-10-01..2026-10-03\n\n2026/01/01\n")

    assert broken == ""
    assert days == (date(2026, 1, 1), *(date(2026, 10, day) for day in (1, 2, 3)))


@pytest.mark.parametrize("line", ["soon", "2026-02-30", "2026-10-07..2026-10-01", "2026-01-01..2026-12-31"])
def test_a_line_that_is_no_day_is_named(line):
    assert listed_days(f"2026-01-01\n{line}") == ((), line)


@settings(deadline=None)
@given(st.sets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=40))
def test_days_are_written_back_as_they_are_read(days):
    lines = shown_days(days)

    assert listed_days("\n".join(lines)) == (tuple(sorted(days)), "")
    assert len(lines) <= len(days)


def test_neighbours_become_one_span():
    first = date(2026, 10, 1)

    assert shown_days(first + timedelta(days=n) for n in (0, 1, 2, 5)) == [
        "2026-10-01..2026-10-03", "2026-10-06",
    ]  # fmt: skip
