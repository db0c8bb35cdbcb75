"""What time the hub has by now: the latest it may be, whatever the PC slept through or somebody set."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from sync.replica.clock import HubClock, ticks

NOON = datetime(2026, 6, 13, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Pc:
    """A PC whose two clocks stand where the test puts them."""

    def __init__(self) -> None:
        self.tick_s, self.wall = 100.0, NOON

    def clock(self, start: datetime | None = None, wall_at: datetime | None = None) -> HubClock:
        return HubClock(start, wall_at, lambda: self.tick_s, lambda: self.wall)

    def run(self, by: timedelta) -> None:
        self.tick_s += by.total_seconds()
        self.wall += by


@pytest.fixture
def pc() -> Pc:
    return Pc()


def test_it_runs_on_from_what_the_hub_said(pc: Pc) -> None:
    clock = pc.clock()
    clock.hear(NOON + 5 * HOUR)
    pc.run(HOUR)

    assert clock.now() == NOON + 6 * HOUR


def test_hours_switched_off_are_hours(pc: Pc) -> None:
    clock = pc.clock(NOON, pc.wall - 14 * HOUR)

    assert clock.now() == NOON + 14 * HOUR


def test_hours_asleep_are_hours_even_where_ticks_stand_still(pc: Pc) -> None:
    clock = pc.clock()
    clock.hear(NOON)
    pc.wall += 9 * HOUR

    assert clock.now() == NOON + 9 * HOUR


def test_a_wall_clock_set_back_takes_nothing_back(pc: Pc) -> None:
    """Neither what ran before it was set, nor what runs after, nor what was slept through."""
    clock = pc.clock()
    clock.hear(NOON)
    pc.wall += 9 * HOUR
    late = clock.now()
    pc.wall -= 24 * HOUR

    assert clock.now() == late
    pc.run(10 * HOUR)
    assert clock.now() == NOON + 10 * HOUR
    assert pc.clock(NOON, pc.wall + HOUR).now() == NOON


def test_the_hubs_word_ends_what_a_wrong_wall_clock_made_of_it(pc: Pc) -> None:
    clock = pc.clock()
    pc.wall += 24 * HOUR
    assert clock.now() == NOON + 24 * HOUR

    clock.hear(NOON + HOUR)
    pc.wall -= 24 * HOUR

    assert clock.now() == NOON + HOUR


@pytest.mark.skipif(
    not hasattr(time, "CLOCK_BOOTTIME"), reason="only Linux has a clock that counts sleep apart"
)
def test_ticks_count_what_the_pc_sleeps() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)

    assert before <= ticks() <= time.clock_gettime(time.CLOCK_BOOTTIME)
