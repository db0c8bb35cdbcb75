"""What is left of many exceptions' time at one moment: shifts around now are laid out once per shop."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.command import Refs
from app.domain.working_time import Calendar, calendar_of, spans, worked
from sync.instants import instant, micros

BACK, AHEAD = timedelta(days=3), timedelta(days=6)
"""How much of the shifts is laid out; what lies beyond is looked up one by one."""
_SECOND = 1_000_000


class Clocks:
    """Working time left, by shop. Instants are microseconds."""

    def __init__(self, refs: Refs, now: datetime) -> None:
        self.now = micros(now)
        self._refs = refs
        self._since, self._until = micros(now - BACK), micros(now + AHEAD)
        self._known: dict[str, tuple[Calendar, list[tuple[int, int]]]] = {}

    def left_s(self, shop: str, due_at: int, stopped_at: int | None) -> int:
        """Return the seconds of work from now, or from when the clock stopped, until it is due."""
        at = self.now if stopped_at is None else stopped_at
        since, until = (at, due_at) if at <= due_at else (due_at, at)
        seconds = self._worked(shop, since, until) // _SECOND
        return seconds if at <= due_at else -seconds

    def _worked(self, shop: str, since: int, until: int) -> int:
        calendar, around = self._known.get(shop) or self._lay_out(shop)
        if not calendar.shifts:
            return until - since
        if since < self._since or until > self._until:
            return worked(calendar, instant(since), instant(until)) // timedelta(microseconds=1)
        return sum(max(0, min(end, until) - max(start, since)) for start, end in around)

    def _lay_out(self, shop: str) -> tuple[Calendar, list[tuple[int, int]]]:
        calendar = calendar_of(shop, self._refs.shifts.values(), self._refs.holidays)
        around = spans(calendar, instant(self._since), instant(self._until)) if calendar.shifts else ()
        found = calendar, [(micros(start), micros(end)) for start, end in around]
        self._known[shop] = found
        return found
