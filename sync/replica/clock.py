"""The hub's time as this desk estimates it; the desk's own wall clock decides nothing.

Source: sync.md section 12.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class HubClock:
    """The last time the hub told us, and the monotonic seconds since.

    `start` is the estimate kept from the last run; without one the wall clock stands in until the hub speaks.
    """

    def __init__(self, start: datetime | None = None, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._lock = threading.Lock()
        self._told = start or datetime.now(UTC)
        self._at_s = tick()

    def now(self) -> datetime:
        """Return the hub's time now."""
        with self._lock:
            return self._told + timedelta(seconds=self._tick() - self._at_s)

    def hear(self, hub_time: datetime) -> None:
        """Take the hub's word for what time it is."""
        with self._lock:
            self._told, self._at_s = hub_time, self._tick()
