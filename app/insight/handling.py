"""How long exceptions take per type, owner and shift, waits for others apart; how old the open ones are.

Source: capabilities 5.10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import msgspec

from app.domain.clock import account
from app.domain.order import Snag
from app.domain.working_time import Calendar

AGES_MIN = (28, 60, 240, 1_440)
"""Where one class of age ends and the next begins. Units: minutes of working time."""


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time of one exception went, until it was closed or until now. Units: seconds.

    `shift` is the one its owner worked in when it was closed, empty where nobody had it or works in shifts.
    `tries` are the changes its clerks made for it, `came_back` is how often it had been closed before.
    """

    kind: str
    owner: str
    worked_s: int
    rested_s: int
    waited: Mapping[str, int]
    is_late: bool = False
    shift: str = ""
    tries: int = 0
    came_back: int = 0

    @property
    def is_at_once(self) -> bool:
        """Whether the first repair cured it for good."""
        return self.tries <= 1 and not self.came_back


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What some exceptions took: `median_s` and `p90_s` are working time, without waits for others.

    `at_once` were cured by the first repair, `reopened` had been closed before.
    Units: seconds; `waited_s` is the sum over all of them, by whom they waited for.
    """

    of: str
    n: int
    median_s: float
    p90_s: float
    late: int
    waited_s: dict[str, int]
    at_once: int = 0
    reopened: int = 0


class Age(msgspec.Struct, frozen=True, kw_only=True):
    """So many open exceptions are younger than `below_min`; None: older than all classes."""

    below_min: int | None
    n: int
    late: int


def took(snag: Snag, owner: str, until: datetime, calendar: Calendar) -> Took:
    """Read off the log of an exception where its time went."""
    used = account(calendar, snag.opened_at, snag.stops, until)
    second = timedelta(seconds=1)
    return Took(
        kind=snag.kind,
        owner=owner,
        worked_s=used.worked // second,
        rested_s=used.rested // second,
        waited={wait: span // second for wait, span in used.waited.items()},
        is_late=used.worked > (timedelta(minutes=snag.goal_min) or snag.due_at - snag.opened_at),
    )


def by_kind(all_: Iterable[Took]) -> tuple[Figures, ...]:
    """Return the figures of each type, the one that comes most often first."""
    return _by(all_, lambda one: one.kind)


def by_owner(all_: Iterable[Took]) -> tuple[Figures, ...]:
    """Return the figures of each owner; those nobody had stand under no name."""
    return _by(all_, lambda one: one.owner)


def by_shift(all_: Iterable[Took]) -> tuple[Figures, ...]:
    """Return the figures of each shift; what was closed outside all of them stands under no name."""
    return _by(all_, lambda one: one.shift)


def ages(open_: Sequence[Took]) -> tuple[Age, ...]:
    """Return how many open exceptions are how old."""
    found = []
    least_s = -1.0
    for below_min in (*AGES_MIN, None):
        most_s = below_min * 60 if below_min is not None else math.inf
        here = [one for one in open_ if least_s <= one.worked_s < most_s]
        found.append(Age(below_min=below_min, n=len(here), late=sum(one.is_late for one in here)))
        least_s = most_s
    return tuple(found)


def figures(of: str, all_: Sequence[Took]) -> Figures:
    """Return median and P90 of some exceptions, and how many they are. P90 is one that was measured."""
    times = sorted(one.worked_s for one in all_)
    n, waited = len(times), dict[str, int]()
    for one in all_:
        for wait, seconds in one.waited.items():
            waited[wait] = waited.get(wait, 0) + seconds
    middle = (times[(n - 1) // 2] + times[n // 2]) / 2 if n else 0.0
    return Figures(
        of=of,
        n=n,
        median_s=middle,
        p90_s=float(times[math.ceil(0.9 * n) - 1]) if n else 0.0,
        late=sum(one.is_late for one in all_),
        waited_s=waited,
        at_once=sum(one.is_at_once for one in all_),
        reopened=sum(one.came_back > 0 for one in all_),
    )


def _by(all_: Iterable[Took], name: Callable[[Took], str]) -> tuple[Figures, ...]:
    ordered = sorted(all_, key=name)
    found = [figures(of, list(some)) for of, some in groupby(ordered, key=name)]
    return tuple(sorted(found, key=lambda one: (-one.n, one.of)))
