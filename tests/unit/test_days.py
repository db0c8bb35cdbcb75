"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from widgets.days import read_day

THURSDAY_ON = date(2026, 6, 11)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("16", "2026-06-16"),
        ("11", "2026-06-11"),
        ("3", "2026-07-03"),
        ("31", "2026-07-31"),
        ("6-16", "2026-06-16"),
        ("6月16日", "2026-06-16"),
        ("6-1", "2027-06-01"),
        ("2-29", "2028-02-29"),
        ("2026-06-16", "2026-06-16"),
        ("2025/1/2", "2025-01-02"),
        ("今天", "2026-06-11"),
        ("明天", "2026-06-12"),
        ("后天", "2026-06-13"),
        ("+3", "2026-06-14"),
        ("周二", "2026-06-16"),
        ("周四", "2026-06-11"),
        ("下周二", "2026-06-16"),
        ("下周四", "2026-06-18"),
        ("下下周日", "2026-06-28"),
        ("Tue", "2026-06-16"),
        ("next thursday", "2026-06-18"),
        (" tomorrow ", "2026-06-12"),
    ],
)
def test_a_day_is_read_as_the_coming_one(said, meant):
    assert read_day(said, THURSDAY_ON) == date.fromisoformat(meant)


@pytest.mark.parametrize("said", ["", "0", "32", "2-30", "13-1", "2026-13-01", "soon", "mo", "下周", "6月"])
def test_what_is_no_day_is_not_guessed(said):
    assert read_day(said, THURSDAY_ON) is None
