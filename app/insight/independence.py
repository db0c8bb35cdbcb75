"""Who works without help: first-time success and days until it lasts, by the month somebody began.

An order was done alone when its person opened no help for it, nobody above stepped in, and nothing of it was
corrected within seven days. The first 20 orders of a type count. Source: capabilities 11.6, 11.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import comb
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.share import share
from app.figures import Cohort

FIRST = 20
"""So many orders of a type show how somebody begins."""
SETTLED = timedelta(days=7)
"""What nobody corrected until then was right."""
STREAK = 5
"""So many done alone, one after the other, and somebody is independent."""
WAS_PCT, IS_PCT, IS_DAYS = 58, 92, 3
"""The reference: first-time success before and after, and days to independence, of a published case."""
TAIL = 0.025


class Episode(NamedTuple):
    """One exception one person ended: what kept it from being done alone."""

    user: str
    kind: str
    order: str
    at: datetime
    helped: bool = False
    led: bool = False
    corrected: bool = False

    @property
    def alone(self) -> bool:
        """Nobody and nothing helped, and it stayed as it was."""
        return not (self.helped or self.led or self.corrected)


def firsts(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    """Return the first orders of each type of each person, in order of time."""
    found: list[Episode] = []
    ordered = sorted(episodes, key=lambda one: (one.user, one.kind, one.at, one.order))
    for _, some in groupby(ordered, key=lambda one: (one.user, one.kind)):
        found += list(some)[:FIRST]
    return tuple(sorted(found, key=lambda one: (one.at, one.user, one.order)))


def cohorts(
    episodes: Sequence[Episode], began: Mapping[str, datetime], now: datetime, zone: ZoneInfo
) -> tuple[Cohort, ...]:
    """Return the figures of everybody who began in the same month, the newest month first."""
    months: dict[str, list[str]] = {}
    for user, at in began.items():
        months.setdefault(f"{at.astimezone(zone):%Y-%m}", []).append(user)
    counted = firsts(episodes)
    return tuple(_cohort(month, months[month], counted, began, now) for month in sorted(months, reverse=True))


def _cohort(
    month: str,
    people: Sequence[str],
    counted: Sequence[Episode],
    began: Mapping[str, datetime],
    now: datetime,
) -> Cohort:
    theirs = [one for one in counted if one.user in people]
    judged = [one for one in theirs if one.at + SETTLED <= now]
    done = share(sum(one.alone for one in judged), len(judged))
    days = sorted(
        days for user in people if (days := _days_to(user, judged, began[user])) is not None
    )  # who is not there yet has no days
    low, high = interval(days)
    return Cohort(
        month=month,
        people=len(people),
        n=done.of,
        alone=done.count,
        low_pct=done.low_pct,
        high_pct=done.high_pct,
        waiting=len(theirs) - len(judged),
        helped=sum(one.helped for one in judged),
        led=sum(one.led for one in judged),
        corrected=sum(one.corrected for one in judged),
        ready=len(days),
        days=_middle(days),
        days_low=low,
        days_high=high,
    )


def _days_to(user: str, judged: Iterable[Episode], began: datetime) -> float | None:
    """Return how long it took somebody to do some in a row alone. Units: days."""
    streak = 0
    for one in judged:
        if one.user != user:
            continue
        streak = streak + 1 if one.alone else 0
        if streak == STREAK:
            return round((one.at - began) / timedelta(days=1), 1)
    return None


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return between which values the median lies with 95 %, by order alone; of few, the least and the most.

    `values` are sorted.
    """
    n = len(values)
    if not n:
        return 0.0, 0.0
    below, least = 0.0, 0
    for k in range(n // 2 + 1):
        below += comb(n, k) / 2**n
        if below > TAIL:
            break
        least = k + 1
    at = max(0, least - 1)
    return values[at], values[n - 1 - at]


def _middle(values: Sequence[float]) -> float:
    n = len(values)
    return (values[(n - 1) // 2] + values[n // 2]) / 2 if n else 0.0
