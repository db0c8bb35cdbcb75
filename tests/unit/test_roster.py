"""A roster from two weeks: no more late than before in the same two weeks, no more hours, rest kept."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from app.domain.company import Shift
from app.domain.working_time import Calendar, spans
from app.insight.queueing import Job, Worked, late_share, replay, staff_for, waits
from app.insight.roster import DAYS, REST_H, Weeks, Worker, keeps_rules, roster_report
from app.people_figures import Duty

SINCE = datetime(2026, 6, 1, tzinfo=UTC)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
EARLY = Shift(code="early", title="Early", since=time(6), until=time(14), zone="UTC")
LATE = Shift(code="late", title="Late", since=time(14), until=time(22), zone="UTC")
GOAL_S = 1_680


def duty(person, day, begin_h, hours=8):
    since = SINCE + day * DAY + begin_h * HOUR
    return Duty(person=person, since=since, until=since + hours * HOUR)


def weeks(*, evening=0.75, seed=4, per_day=200, work_s=300):
    """Two weeks in which most comes in the evening, while most people come in the morning."""
    rng = Random(seed)  # noqa: S311 - the same every time
    orders, jobs = [], []
    for day in range(DAYS):
        for _ in range(per_day):
            hour = rng.uniform(14, 22) if rng.random() < evening else rng.uniform(6, 14)
            at = SINCE + day * DAY + hour * HOUR
            orders.append(at)
            if rng.random() < 0.5:
                jobs.append(Job(at, rng.uniform(0.5, 1.5) * work_s))
    had = {"ann": 6, "ben": 6, "cai": 6, "dan": 14}
    workers = [
        Worker(who, (EARLY, LATE), tuple(duty(who, day, begin) for day in range(DAYS) if day % 7 < 5))
        for who, begin in had.items()
    ]
    calendar = Calendar(shifts=(EARLY, LATE))
    worked = Worked(spans(calendar, SINCE, SINCE + (DAYS + 3) * DAY))
    return Weeks(SINCE, ZoneInfo("UTC"), orders, jobs, workers, {}, worked, GOAL_S, 0)


def test_played_again_it_has_fewer_late_with_no_more_hours_within_the_rules():
    two = weeks()

    told = roster_report(two, SINCE + DAYS * DAY)

    assert told.late_old > 0
    assert told.late_new < told.late_old / 2
    assert told.late_new == replay(two.jobs, told.duties, GOAL_S, two.worked)
    assert told.hours_new <= told.hours_old == 4 * 10 * 8
    assert keeps_rules(told.duties)
    for worker in two.workers:
        mine = sorted((one for one in told.duties if one.person == worker.person), key=lambda one: one.since)
        rests = [after.since - before.until for before, after in pairwise(mine)]
        assert min(rests) >= REST_H * HOUR
        assert sum(one.hours for one in mine) <= 80


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("evening", [0.2, 0.5, 0.9])
def test_whatever_comes_when_it_is_never_worse(seed, evening):
    told = roster_report(weeks(evening=evening, seed=seed, per_day=120), SINCE + DAYS * DAY)

    assert told.late_new <= told.late_old
    assert told.hours_new <= told.hours_old
    assert keeps_rules(told.duties)


def test_the_input_of_each_half_hour_is_there_and_adds_up():
    two = weeks()

    told = roster_report(two, SINCE + DAYS * DAY)

    assert len(told.demand) == 7 * 48
    assert sum(one.orders for one in told.demand) * 2 == pytest.approx(len(two.orders), rel=0.01)
    assert sum(one.exceptions for one in told.demand) * 2 == pytest.approx(told.n, rel=0.01)
    assert sum(one.proposed for one in told.demand) == pytest.approx(told.hours_new, rel=0.01)
    evening, morning = ([one for one in told.demand if one.minute == 60 * hour] for hour in (18, 9))
    assert min(one.needed for one in evening) >= max(one.needed for one in morning)


def test_theory_and_the_queue_played_again_agree():
    """One half hour after the other with the same load: Erlang C and the replay say the same share."""
    rng = Random(11)  # noqa: S311 - the same every time
    at, jobs = SINCE, []
    while at < SINCE + 10 * DAY:
        at += rng.expovariate(1 / 100) * SECOND
        jobs.append(Job(at, rng.expovariate(1 / 240)))
    always = [Duty(person=f"p{n}", since=SINCE, until=SINCE + 20 * DAY) for n in range(3)]
    late = replay(jobs, always, 480, Worked([(SINCE, SINCE + 20 * DAY)]))

    theory = late_share(2.4, 3, 240, 480)
    assert late / len(jobs) == pytest.approx(theory, abs=0.07)


def test_erlang_c_is_what_tables_say():
    """Source: two lines with load 1 make 1/3 wait; ten with load 8 make 40.9 % wait."""
    assert waits(1, 2) == pytest.approx(1 / 3)
    assert waits(8, 10) == pytest.approx(0.409, abs=0.001)
    assert waits(3, 3) == 1
    assert staff_for(0, 300, GOAL_S) == 0
    assert [staff_for(load, 300, GOAL_S) for load in (0.1, 0.95, 8)] == [1, 2, 9]


@pytest.mark.parametrize(
    ("duties", "keeps"),
    [
        ([duty("ann", 0, 6), duty("ann", 1, 6)], True),
        ([duty("ann", 0, 14), duty("ann", 1, 6)], False),
        ([duty("ann", day, 6, 6) for day in range(7)], False),
        ([duty("ann", day, 6, 10) for day in range(5)], False),
        ([duty("ann", 0, 6, 12)], False),
        ([duty("ann", 0, 14), duty("ben", 1, 6)], True),
    ],
)
def test_rest_hours_and_days_off_are_rules(duties, keeps):
    assert keeps_rules(duties) is keeps


def test_time_outside_of_shifts_is_no_lateness():
    night = Worked([(SINCE + 6 * HOUR, SINCE + 14 * HOUR), (SINCE + DAY + 6 * HOUR, SINCE + DAY + 14 * HOUR)])
    came = Job(SINCE + 13 * HOUR + 50 * 60 * SECOND, 60)

    assert replay([came], [duty("ann", 1, 6)], 15 * 60, night) == 0
    assert replay([came], [duty("ann", 1, 7)], 15 * 60, night) == 1
    assert replay([came], [], 15 * 60, night) == 1
