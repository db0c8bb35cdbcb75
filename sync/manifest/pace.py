"""The budget of a channel: so many calls in so much time, or the points it counts itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sync.manifest.blocks import Budget
from sync.manifest.durations import duration
from sync.manifest.paths import BadPath, get, number


class Pace:
    """Keeps within the budget of a channel."""

    def __init__(self, budget: tuple[Budget, ...]) -> None:
        self._made: list[tuple[Budget, deque[datetime]]] = [(one, deque()) for one in budget]
        self._owed_s = 0.0

    def hear(self, data: Any) -> None:
        """Read what an answer says of the points that are left."""
        for budget, _ in self._made:
            left = get(data, budget.cost) if budget.cost else None
            if left is not None:
                try:
                    self._owed_s = max(0.0, (budget.keep - float(number(left))) / budget.restore)
                except BadPath:
                    continue

    def wait(self, stream: str, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        """Wait until one more call is allowed, and count it."""
        if self._owed_s:
            sleep(self._owed_s)
            self._owed_s = 0.0
        for budget, made in self._made:
            if budget.streams and stream not in budget.streams:
                continue
            every = duration(budget.every)
            while made and made[0] <= clock() - every:
                made.popleft()
            if len(made) >= budget.calls:
                sleep(max(0.0, (made[0] + every - clock()).total_seconds()))
                made.popleft()
            made.append(clock())
