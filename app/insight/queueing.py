"""How many people a half hour needs, and what a roster would have come to: by theory, and played again.

Source: Erlang C for waiting in line; capabilities 10.7.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import exp, inf
from typing import NamedTuple

from app.people_figures import Duty

IN_TIME = 0.9
"""So many of all shall be done within the goal."""
STAFF_MOST = 500


class Job(NamedTuple):
    """One exception: when it came, and how long somebody was at it. Units: seconds."""

    at: datetime
    work_s: float


def waits(load: float, staff: int) -> float:
    """Return how likely somebody who comes must wait; `load` is work coming in, in people."""
    if staff <= load:
        return 1.0
    blocked = 1.0
    for n in range(1, staff + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / staff * (1 - blocked))


def late_share(load: float, staff: int, work_s: float, goal_s: float) -> float:
    """Return which share is done later than the goal, by theory."""
    if load <= 0:
        return 0.0
    left_s = max(0.0, goal_s - work_s)
    return waits(load, staff) * (exp(-(staff - load) * left_s / work_s) if staff > load else 1.0)


def staff_for(load: float, work_s: float, goal_s: float) -> int:
    """Return the fewest people with whom enough is done in time; nobody where nothing comes."""
    if load <= 0 or work_s <= 0:
        return 0
    able = range(1, STAFF_MOST)
    return next((n for n in able if late_share(load, n, work_s, goal_s) <= 1 - IN_TIME), STAFF_MOST)


class Worked:
    """Time as the clock of exceptions counts it: what lies outside of all shifts is nothing."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        self._begins, self._before = list[float](), list[float]()
        self._long = list[float]()
        passed = 0.0
        for since, until in spans:
            self._begins.append(since.timestamp())
            self._before.append(passed)
            self._long.append((until - since).total_seconds())
            passed += self._long[-1]

    def until(self, at: float) -> float:
        """Return how much was worked until then. Units: seconds since 1970, seconds."""
        i = bisect_right(self._begins, at) - 1
        return self._before[i] + min(at - self._begins[i], self._long[i]) if i >= 0 else 0.0


def replay(jobs: Sequence[Job], duties: Iterable[Duty], goal_s: float, worked: Worked) -> int:
    """Return how many would have been done late: first come, first served, by whoever is free first."""
    here: dict[str, list[tuple[float, float]]] = {}
    for one in duties:
        here.setdefault(one.person, []).append((one.since.timestamp(), one.until.timestamp()))
    people = [sorted(spans) for spans in here.values()]
    ends = [[until for _, until in spans] for spans in people]
    free, late = [-inf] * len(people), 0
    for job in sorted(jobs):
        at, best, who = job.at.timestamp(), inf, -1
        for n, spans in enumerate(people):
            ready = max(at, free[n])
            i = bisect_right(ends[n], ready)
            begin = max(ready, spans[i][0]) if i < len(spans) else inf
            if begin < best:
                best, who = begin, n
        if who < 0:
            late += 1
            continue
        free[who] = best + job.work_s
        late += worked.until(free[who]) - worked.until(at) > goal_s
    return late
