"""Where the pages of a list have been read: a page near one of them is not counted off from the top again."""

from __future__ import annotations

from bisect import bisect_right, insort

from sync.replica.lists import Step

STEPS_MAX = 1_000


class Steps:
    """Steps of one list as it stood at one moment; another list, or another moment, begins anew."""

    def __init__(self) -> None:
        self._of: object = None
        self._known: list[Step] = []

    def near(self, of: object, start: int) -> Step | None:
        """Return the last step that is not behind a place."""
        if of != self._of or len(self._known) > STEPS_MAX:
            self._of, self._known = of, []
        at = bisect_right(self._known, start, key=lambda step: step.place)
        return self._known[at - 1] if at else None

    def note(self, step: Step | None) -> None:
        """Keep a step of the list last asked for."""
        if step is not None and step not in self._known:
            insort(self._known, step)
