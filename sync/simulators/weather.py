"""What goes wrong at a simulated platform, and how often: every n-th time, so that a run can be repeated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Weather:
    """Zero means never. What strikes every n-th call never strikes the call made at once after it.

    `change`: an order changes after a page was read. `throttle`, `fail`: the call is turned away. `expire`:
    the token is not valid any more. `hang`: a write is accepted and its answer never arrives.
    """

    change: int = 0
    throttle: int = 0
    fail: int = 0
    expire: int = 0
    hang: int = 0
    _counted: Counter[str] = field(default_factory=Counter, init=False)

    def strikes(self, what: str) -> bool:
        """Count one more occasion; tell whether it strikes this time."""
        every: int = getattr(self, what)
        if not every:
            return False
        self._counted[what] += 1
        return self._counted[what] % every == 0
