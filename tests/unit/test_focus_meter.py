"""Seconds at an order: pauses taken out, short returns told as one, nothing lost where the desk dies."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW

from app.domain.focus import IDLE_S, SPANS_MOST, Span
from app.insight.focus_meter import FULL, At, FocusMeter

ONE, OTHER = At("o1", "short_stock"), At("o2")


def second(n):
    return NOW + timedelta(seconds=n)


def at_work(meter, at, since, until, *, acts):
    """Tick each second; somebody moves at the seconds of `acts`."""
    for n in range(since, until + 1):
        if n in acts:
            meter.acted(second(n))
        meter.tick(second(n), at)


def told(meter):
    return [(one.subject, one.kind, one.touch_s) for one in meter.kept()]


def test_reading_counts_for_the_order_that_is_read_and_not_for_the_next():
    meter = FocusMeter()
    at_work(meter, ONE, 0, 40, acts={0})
    at_work(meter, OTHER, 41, 50, acts={41})

    assert told(meter) == [("o1", "short_stock", 41), ("o2", "", 9)]


def test_a_pause_stops_the_clock_a_minute_after_the_last_act():
    meter = FocusMeter()
    at_work(meter, ONE, 0, 900, acts={0, 10})

    assert told(meter) == [("o1", "short_stock", 10 + IDLE_S)]
    assert meter.is_resting(second(900))
    at_work(meter, ONE, 7_000, 7_005, acts={7_000})
    assert told(meter)[1:] == [("o1", "short_stock", 5)], "hours later is another stay"


def test_a_clock_that_slept_counts_no_more_than_a_minute():
    meter = FocusMeter()
    meter.acted(NOW)
    meter.tick(NOW, ONE)
    meter.tick(second(30_000), ONE)

    assert told(meter) == [("o1", "short_stock", IDLE_S)]


def test_who_comes_back_soon_is_told_once_and_both_orders_have_their_own():
    meter = FocusMeter()
    for n in range(4):
        at_work(meter, (ONE, OTHER)[n % 2], 10 * n, 10 * n + 9, acts={10 * n})
    meter.left(second(40))

    assert told(meter) == [("o1", "short_stock", 20), ("o2", "", 20)]
    assert sum(one.touch_s for one in meter.kept()) == 40


def test_what_was_kept_goes_on_after_a_crash():
    meter = FocusMeter()
    at_work(meter, ONE, 0, 30, acts={0})
    kept = msgspec.json.encode(meter.kept())

    again = FocusMeter(msgspec.json.decode(kept, type=tuple[Span, ...]))
    at_work(again, ONE, 60, 70, acts={60})
    again.left(second(70))

    assert told(again) == [("o1", "short_stock", 40)]


def test_batches_hold_so_many_and_none_is_told_twice():
    meter = FocusMeter()
    for n in range(70):
        at_work(meter, At(f"o{n}"), 10 * n, 10 * n + 9, acts={10 * n})
        assert meter.is_due(second(10 * n + 9)) == (n >= min(FULL, 30)), n
    meter.left(second(700))
    first, rest = meter.take(), meter.take()

    assert (len(first), len(rest), meter.take()) == (SPANS_MOST, 10, ())
    assert all(one.is_sound for one in (*first, *rest))


@pytest.mark.parametrize("back", [5, 4_000])
def test_a_clock_set_back_makes_no_time_of_nothing(back):
    meter = FocusMeter()
    at_work(meter, ONE, 4_000, 4_010, acts={4_000})
    meter.acted(second(4_010 - back))
    meter.tick(second(4_010 - back), ONE)
    meter.tick(second(4_011 - back), OTHER)

    assert all(one.is_sound and one.touch_s <= 11 for one in meter.kept())
