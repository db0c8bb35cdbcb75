"""The budget of a channel: so many calls in so much time, or the points it counts itself."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from sync.manifest.blocks import Budget
from sync.manifest.durations import duration
from sync.manifest.paths import BadPath, get, number

OWED_MOST_S = 600.0
"""So long is an answer believed that says what is gone: all shops of an app rest for it, in all hubs."""


class Counts(Protocol):
    """One budget and what was taken out of it, wherever that is kept."""

    budget: Budget

    def hear(self, data: Any) -> None:
        """Read what an answer says of the points that are left."""
        ...

    def take(self, clock: Callable[[], datetime]) -> float:
        """Count one more call; return how long it must wait first. Units: seconds."""
        ...


class Bucket:
    """One budget and what was taken out of it: by one shop, or by all shops of one app at once."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._every = duration(budget.every)
        self._made: deque[datetime] = deque()
        self._owed_s = 0.0
        self._lock = threading.Lock()

    def hear(self, data: Any) -> None:
        """Read what an answer says of the points that are left."""
        owed = owed_s(self.budget, data)
        if owed is not None:
            with self._lock:
                self._owed_s = owed

    def take(self, clock: Callable[[], datetime]) -> float:
        """Count one more call; return how long it must wait first. Units: seconds."""
        with self._lock:
            now, owed_s = clock(), self._owed_s
            self._owed_s = 0.0
            while self._made and self._made[0] <= now - self._every:
                self._made.popleft()
            at = max(now, self._made.popleft() + self._every) if len(self._made) >= self.budget.calls else now
            self._made.append(at)
            return max(owed_s, (at - now).total_seconds())


class Pace:
    """Keeps within the budgets of a channel."""

    def __init__(self, budgets: Iterable[Budget], bucket_of: Callable[[Budget], Counts] = Bucket) -> None:
        self._buckets = [bucket_of(one) for one in budgets]

    def hear(self, data: Any) -> None:
        """Read what an answer says of the points that are left."""
        for one in self._buckets:
            one.hear(data)

    def wait(self, stream: str, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        """Wait until one more call is allowed, and count it."""
        for one in self._buckets:
            if one.budget.streams and stream not in one.budget.streams:
                continue
            wait_s = one.take(clock)
            if wait_s > 0:
                sleep(wait_s)


def owed_s(budget: Budget, data: Any) -> float | None:
    """Return how long the points need that an answer says are gone; None where it says nothing of them."""
    left = get(data, budget.cost) if budget.cost else None
    if left is None:
        return None
    try:
        owed = (budget.keep - float(number(left))) / budget.restore
    except BadPath:
        return None
    return max(0.0, min(owed, max(OWED_MOST_S, budget.keep / budget.restore)))
