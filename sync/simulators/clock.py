"""A simulator's own time: the machine's, or one that only moves when told to."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970. With `start_s` the clock stands still until it is moved."""

    def __init__(self, start_s: float | None = None) -> None:
        self._start_s, self._moved_s = start_s, 0.0

    def now(self) -> int:
        """Return the present whole second."""
        return int((time.time() if self._start_s is None else self._start_s) + self._moved_s)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._moved_s += seconds
