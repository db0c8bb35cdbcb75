"""Where people's time goes, as the hub works it out and screens show it; n always stands beside it.

Units: `*_s` seconds, `*_h` per hour, `*_pct` percent.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.share import Share


class StageFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one stage took in some days: a work state of orders, or a type of exceptions; `n` visits ended.

    `touch_s`, `wait_s` and `rework_s` are sums and add up to all the time there; what came back is rework.
    `queue` is how many stood there on average, `capacity_h` how many an hour left it while something stood
    there, `wait_share_pct` its part of all waiting. `wait_each_s` is the mean of a visit, `before_s` that of
    as many days before, of `before_n`.
    """

    stage: str
    n: int
    touch_s: int
    wait_s: int
    rework_s: int
    errors: Share
    queue: float
    wait_share_pct: float
    arrivals_h: float
    capacity_h: float
    wait_each_s: float
    before_s: float
    before_n: int
    is_repair: bool = False

    @property
    def has_grown(self) -> bool:
        """Tell whether each waits clearly longer than in the days before."""
        return self.growth >= GREW and self.before_n >= COMPARED_LEAST <= self.n

    @property
    def growth(self) -> float:
        """How many times as long each waits as before; 0 where nothing can be compared."""
        return self.wait_each_s / self.before_s if self.before_s else 0.0


FEW = "*"
"""Names all groups of few people together."""
GREW = 1.25
COMPARED_LEAST = 10
"""Fewer visits are not compared with those of other days."""


class GroupFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The same of one person, post or shift in one stage; `each_s` is the median time at one, of `timed`."""

    of: str
    stage: str
    n: int
    touch_s: int
    wait_s: int
    rework_s: int
    errors: Share
    timed: int
    each_s: float


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """How many times as long something takes, and between which values the true figure lies with 95 %."""

    times: float
    low: float
    high: float


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """Errors by night and by day; the difference lies between `low_pct` and `high_pct` points.

    `needed` is how many of each group would tell such shares apart; 0 where they are the same.
    """

    night: Share
    day: Share
    low_pct: float
    high_pct: float
    needed: int

    @property
    def is_beyond_chance(self) -> bool:
        """Tell whether no difference at all can be ruled out."""
        return self.low_pct > 0 or self.high_pct < 0


class Practice(msgspec.Struct, frozen=True, kw_only=True):
    """What one person takes for one stage beside the others: `times` as long, between `low` and `high`.

    `after` is the same since they passed a lesson of that stage at `passed_at`, beside their own time before.
    `is_named`: the difference is clear; without it there are too few to say so.
    """

    person: str
    stage: str
    n: int
    group_n: int
    each_s: float
    group_s: float
    ratio: Ratio
    errors: Share
    group_errors: Share
    is_named: bool
    passed_at: datetime | None = None
    after_n: int = 0
    after: Ratio | None = None


class PeopleReport(msgspec.Struct, frozen=True, kw_only=True):
    """Stages in the order in which one has to look at them; the first holds most up.

    `logged_s` is the time the journal knows, `split_s` what of it stands in the stages: the two agree.
    `focus_s` is the time desks noted, `placed_s` what of it fell into a visit.
    """

    since: datetime
    until: datetime
    zone: str
    stages: tuple[StageFigures, ...]
    posts: tuple[GroupFigures, ...]
    shifts: tuple[GroupFigures, ...]
    persons: tuple[GroupFigures, ...]
    contrast: Contrast
    practice: tuple[Practice, ...]
    logged_s: int
    split_s: int
    focus_s: int
    placed_s: int
    as_of: datetime
    people: int = 0
    is_own: bool = False


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody shall work, or has worked, from when to when."""

    person: str
    since: datetime
    until: datetime

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.until - self.since).total_seconds() / 3600


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One half hour of the week: `weekday` 0 is Monday, `minute` of the day it begins.

    `orders` and `exceptions` come in it on average, which is work for `load` people; `needed` are those with
    whom enough is in time. `had` and `proposed` are there on average.
    """

    weekday: int
    minute: int
    orders: float
    exceptions: float
    load: float
    needed: int
    had: float
    proposed: float


class RosterReport(msgspec.Struct, frozen=True, kw_only=True):
    """A roster for two weeks that were, beside the one there was; `late_*` of `n` by playing them again.

    `late_was` were late in truth, `late_theory` by theory with the people there were. `rate` exceptions came
    with each order, of `work_s` each. `duties` is the roster; `is_old`: it is the one there was.
    """

    since: datetime
    until: datetime
    zone: str
    demand: tuple[Demand, ...]
    duties: tuple[Duty, ...]
    n: int
    rate: float
    work_s: float
    goal_s: int
    late_was: int
    late_theory: float
    late_old: int
    late_new: int
    hours_old: float
    hours_new: float
    as_of: datetime
    is_old: bool = False
