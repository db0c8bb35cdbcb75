"""A roster from two weeks of events: as many hours as there were, at other times, within rest rules.

People begin at one time on all their days, so rest between two days is that of the shift. It is built by
filling the half hours that lack most, then changed as long as the two weeks played again have fewer late.
Source: capabilities 10.7; Labour Law of the PRC, articles 36 to 41.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.company import Holidays, Shift
from app.domain.working_time import works_on
from app.insight.queueing import Job, Worked, late_share, replay, staff_for
from app.people_figures import Demand, Duty, RosterReport

DAYS = 14
SLOT_MIN = 30
SLOT = timedelta(minutes=SLOT_MIN)
DAY_MOST_H, WEEK_MOST_H, REST_H = 11, 44, 11
"""Hours of a day, of a week, and between two days."""
DAYS_IN_A_ROW = 6
MOVED_H = (0, -1, 1, -2, 2, -3, 3)
"""So much earlier or later than their shift somebody may begin. Units: hours."""
TRIES_MOST = 80
"""How many rosters are played again."""
_SPARE = 0.01
"""What one more is worth where nobody lacks, for each one's load."""


class Worker(NamedTuple):
    """Somebody, the shifts they may work in, and when they worked."""

    person: str
    shifts: tuple[Shift, ...]
    had: tuple[Duty, ...]


class Weeks(NamedTuple):
    """What two weeks were. `orders`: when each came; `late_was`: how many exceptions were late."""

    since: datetime
    zone: ZoneInfo
    orders: Sequence[datetime]
    jobs: Sequence[Job]
    workers: Sequence[Worker]
    holidays: Mapping[str, Holidays]
    worked: Worked
    goal_s: int
    late_was: int


Slot = tuple[int, int]
"""Weekday and minute of the day."""


def roster_report(weeks: Weeks, as_of: datetime) -> RosterReport:
    """Propose a roster; the one there was stays where none within the rules has fewer late."""
    work_s = fmean([job.work_s for job in weeks.jobs]) if weeks.jobs else 0.0
    rate = len(weeks.jobs) / len(weeks.orders) if weeks.orders else 0.0
    demand = _demand(weeks, rate, work_s)
    old = tuple(duty for worker in weeks.workers for duty in worker.had)
    new, late_old, late_new = _best(weeks, demand, old)
    had, proposed = _there(old, weeks.zone), _there(new, weeks.zone)
    told = tuple(
        Demand(
            weekday=slot[0],
            minute=slot[1],
            orders=round(orders, 2),
            exceptions=round(orders * rate, 2),
            load=round(load, 3),
            needed=staff_for(load, work_s, weeks.goal_s),
            had=had[slot] / 2,
            proposed=proposed[slot] / 2,
        )
        for slot, (orders, load) in sorted(demand.items())
    )
    return RosterReport(
        since=weeks.since,
        until=weeks.since + DAYS * timedelta(days=1),
        zone=weeks.zone.key,
        demand=told,
        duties=tuple(sorted(new, key=lambda one: (one.person, one.since))),
        n=len(weeks.jobs),
        rate=round(rate, 3),
        work_s=round(work_s, 1),
        goal_s=weeks.goal_s,
        late_was=weeks.late_was,
        late_theory=round(sum(_late(one, work_s, weeks.goal_s) for one in told), 1),
        late_old=late_old,
        late_new=late_new,
        hours_old=round(sum(one.hours for one in old), 1),
        hours_new=round(sum(one.hours for one in new), 1),
        as_of=as_of,
        is_old=set(new) == set(old),
    )


def _late(one: Demand, work_s: float, goal_s: float) -> float:
    """Return how many of two such half hours are late by theory, with the people there were."""
    return 2 * one.exceptions * late_share(one.load, round(one.had), work_s, goal_s)


def keeps_rules(duties: Iterable[Duty]) -> bool:
    """Tell whether a roster keeps hours of a day and a week, rest between days, and a day off in seven."""
    mine: dict[str, list[Duty]] = {}
    for one in duties:
        mine.setdefault(one.person, []).append(one)
    return all(_may_work(sorted(some, key=lambda one: one.since)) for some in mine.values())


def _may_work(mine: Sequence[Duty]) -> bool:
    week = timedelta(days=7)
    for n, one in enumerate(mine):
        if one.hours > DAY_MOST_H:
            return False
        if n and one.since - mine[n - 1].until < timedelta(hours=REST_H):
            return False
        within = [each for each in mine[n:] if each.since < one.since + week]
        if len(within) > DAYS_IN_A_ROW or sum(each.hours for each in within) > WEEK_MOST_H:
            return False
    return True


def _best(
    weeks: Weeks, demand: Mapping[Slot, tuple[float, float]], old: tuple[Duty, ...]
) -> tuple[tuple[Duty, ...], int, int]:
    """Return the roster with the fewest late, how many were late with the old one, and with this."""
    tries = [0]

    def late(duties: Iterable[Duty]) -> int:
        tries[0] += 1
        return replay(weeks.jobs, duties, weeks.goal_s, weeks.worked)

    late_old = late(old)
    plan = _filled(weeks, demand)
    best = late(_flat(plan))
    able = {one.person: _ways(one, weeks) for one in weeks.workers}
    is_better = True
    while is_better and best and tries[0] < TRIES_MOST:
        is_better = False
        for worker in weeks.workers:
            for days in able[worker.person]:
                if tries[0] >= TRIES_MOST:
                    break
                others = {who: some for who, some in plan.items() if who != worker.person}
                here = _chosen(worker, days, demand, _there(_flat(others), weeks.zone), weeks)
                found = late((*_flat(others), *here))
                if found < best:
                    best, plan, is_better = found, others | {worker.person: here}, True
    if late_old <= best and keeps_rules(old):
        return old, late_old, late_old
    return _flat(plan), late_old, best


def _filled(weeks: Weeks, demand: Mapping[Slot, tuple[float, float]]) -> dict[str, tuple[Duty, ...]]:
    """Give each in turn the time at which most is lacking; twice, so that the first see the others too."""
    plan: dict[str, tuple[Duty, ...]] = {}
    for _ in range(2):
        for worker in weeks.workers:
            others = {who: some for who, some in plan.items() if who != worker.person}
            there = _there(_flat(others), weeks.zone)
            ways = [_chosen(worker, days, demand, there, weeks) for days in _ways(worker, weeks)]
            worth = [sum(_gain(duty, demand, there, weeks) for duty in way) for way in ways]
            plan[worker.person] = ways[worth.index(max(worth))] if ways else ()
    return plan


def _ways(worker: Worker, weeks: Weeks) -> list[list[Duty]]:
    """Return for every time somebody may begin at the days they could work."""
    first = weeks.since.astimezone(weeks.zone).date()
    dates = [first + timedelta(days=n) for n in range(DAYS)]
    ways = (
        [_duty(worker.person, shift, moved, day) for day in dates if works_on(shift, day, weeks.holidays)]
        for shift in worker.shifts
        for moved in MOVED_H
    )
    return [days for days in ways if days and days[0].hours <= DAY_MOST_H]


def _duty(person: str, shift: Shift, moved_h: int, day: date) -> Duty:
    zone, moved = ZoneInfo(shift.zone), timedelta(hours=moved_h)
    ends = day if shift.until > shift.since else day + timedelta(days=1)
    since, until = datetime.combine(day, shift.since, zone), datetime.combine(ends, shift.until, zone)
    return Duty(person=person, since=since + moved, until=until + moved)


def _chosen(
    worker: Worker,
    days: Sequence[Duty],
    demand: Mapping[Slot, tuple[float, float]],
    there: Mapping[Slot, int],
    weeks: Weeks,
) -> tuple[Duty, ...]:
    """Choose the days on which most is lacking, no more hours than they had, within the rules."""
    most_h, taken = sum(one.hours for one in worker.had), list[Duty]()
    for one in sorted(days, key=lambda one: (-_gain(one, demand, there, weeks), one.since)):
        more = sorted([*taken, one], key=lambda one: one.since)
        if sum(each.hours for each in more) <= most_h and _may_work(more):
            taken = more
    return tuple(taken)


def _gain(
    duty: Duty, demand: Mapping[Slot, tuple[float, float]], there: Mapping[Slot, int], weeks: Weeks
) -> float:
    """Return what one more is worth then; `there` counts both weeks."""
    worth = 0.0
    for slot in _slots(duty, weeks.zone):
        _, load = demand.get(slot, (0.0, 0.0))
        have = there.get(slot, 0) / 2
        worth += max(0.0, min(1.0, load - have)) + _SPARE * load / (1 + have)
    return worth


def _demand(weeks: Weeks, rate: float, work_s: float) -> dict[Slot, tuple[float, float]]:
    """Return the orders of each half hour of a week on average, and the load their exceptions are."""
    came = Counter(_slot(at, weeks.zone) for at in weeks.orders)
    every = [(weekday, minute) for weekday in range(7) for minute in range(0, 1_440, SLOT_MIN)]
    return {slot: (came[slot] / 2, came[slot] / 2 * rate * work_s / SLOT.total_seconds()) for slot in every}


def _there(duties: Iterable[Duty], zone: ZoneInfo) -> Counter[Slot]:
    return Counter(slot for one in duties for slot in _slots(one, zone))


def _slots(duty: Duty, zone: ZoneInfo) -> list[Slot]:
    return [_slot(duty.since + n * SLOT, zone) for n in range(round(duty.hours * 60 / SLOT_MIN))]


def _slot(at: datetime, zone: ZoneInfo) -> Slot:
    local = at.astimezone(zone)
    return local.weekday(), (local.hour * 60 + local.minute) // SLOT_MIN * SLOT_MIN


def _flat(plan: Mapping[str, tuple[Duty, ...]]) -> tuple[Duty, ...]:
    return tuple(duty for some in plan.values() for duty in some)
