"""The hub's time as this desk estimates it; no decision trusts the desk's own wall clock to be right.

Source: sync.md section 12.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def ticks() -> float:
    """Return seconds that run on while the PC sleeps.

    Source: clock_gettime(2), CLOCK_MONOTONIC stands still in suspend and CLOCK_BOOTTIME does not; Microsoft,
    QueryPerformanceCounter and GetTickCount64, behind `time.monotonic` on Windows, count sleep.
    """
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boot) if boot is not None else time.monotonic()


def wall_clock() -> datetime:
    """Return what the clock of this PC says."""
    return datetime.now(UTC)


class HubClock:
    """The last time the hub told us, and how long ago that is at the most.

    `start` is the estimate kept from the last run, `wall_at` what the wall clock said then: a PC that was off
    has no other witness of how long. Without a start the wall clock stands in until the hub speaks. A wall
    clock set forward makes this late, which ends leases early; one set back takes nothing back.
    """

    def __init__(
        self,
        start: datetime | None = None,
        wall_at: datetime | None = None,
        tick: Callable[[], float] = ticks,
        wall: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._tick, self.wall = tick, wall
        self._lock = threading.Lock()
        self._told = self._latest = start or wall()
        self._at_s, self._wall_at = tick(), wall_at or wall()

    def now(self) -> datetime:
        """Return the hub's time now, the latest it may be: it never goes back but by the hub's own word."""
        with self._lock:
            since = max(timedelta(seconds=self._tick() - self._at_s), self.wall() - self._wall_at)
            self._latest = max(self._latest, self._told + since)
            return self._latest

    def hear(self, hub_time: datetime) -> None:
        """Take the hub's word for what time it is."""
        with self._lock:
            self._told = self._latest = hub_time
            self._at_s, self._wall_at = self._tick(), self.wall()
