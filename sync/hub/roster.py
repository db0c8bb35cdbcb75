"""What two weeks were, for a roster: when orders and exceptions came, how long each took, who was there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from app.domain.company import User
from app.domain.routing import shift_of, takes_work
from app.domain.rules import Rules
from app.domain.working_time import calendar_of, spans
from app.insight.queueing import Job, Worked
from app.insight.roster import DAYS, Weeks, Worker, roster_report
from app.insight.stage_time import Visit
from app.people_figures import Duty, RosterReport
from sync.hub.database import reading
from sync.hub.stage_time import People, noted_of, people_of

LATER = timedelta(days=7)
"""So long after the two weeks what came in them may still be worked on."""


def roster_of(engine: Engine, feed_id: int, until: datetime, zone: ZoneInfo, now: datetime) -> RosterReport:
    """Return a roster from the two weeks before `until`, the midnight that began today."""
    since = until - timedelta(days=DAYS)
    visits = [
        one for one in noted_of(engine, feed_id, since, until, zone, now).visits if since <= one.since < until
    ]
    with reading(engine) as db:
        people = people_of(db, feed_id)
    repairs = [one for one in visits if one.is_repair]
    first: dict[str, datetime] = {}
    for one in visits:
        if not one.is_repair:
            first[one.order] = min(one.since, first.get(one.order, one.since))
    worked = Worked(spans(calendar_of("", people.shifts.values(), people.holidays), since, until + LATER))
    goal_s = 60 * people.rules.snag_goal_min
    weeks = Weeks(
        since=since,
        zone=zone,
        orders=sorted(first.values()),
        jobs=_jobs(repairs, people.rules),
        workers=_workers(repairs, people),
        holidays=people.holidays,
        worked=worked,
        goal_s=goal_s,
        late_was=sum(_was_late(one, worked, goal_s, now) for one in repairs),
    )
    return roster_report(weeks, now)


def _jobs(repairs: Sequence[Visit], rules: Rules) -> list[Job]:
    """Return exceptions that took somebody's time; where nobody knows, what the others of its type took."""
    timed: dict[str, list[float]] = {}
    for one in repairs:
        if seconds := one.each_s():
            timed.setdefault(one.stage, []).append(seconds)
    every = [seconds for some in timed.values() for seconds in some]
    usual = median(every) if every else 60.0 * rules.snag_goal_min / 2
    each = {stage: median(some) for stage, some in timed.items()}
    done = [one for one in repairs if one.by or one.until is None]
    return [Job(one.since, one.each_s() or each.get(one.stage, usual)) for one in done]


def _workers(repairs: Sequence[Visit], people: People) -> list[Worker]:
    """Return who ended any, in the shifts in which they did so."""
    had: dict[str, set[tuple[datetime, datetime]]] = {}
    for one in repairs:
        user = people.users.get(one.by)
        if user is None or one.until is None or not takes_work(user, None):
            continue
        here = shift_of(user, people.shifts, people.holidays, one.until)
        if here is not None:
            shift, ends = here
            had.setdefault(user.code, set()).add((ends - _length(shift.since, shift.until), ends))
    return [_worker(people.users[code], some, people) for code, some in sorted(had.items())]


def _worker(user: User, some: set[tuple[datetime, datetime]], people: People) -> Worker:
    """Return somebody with the shifts they may work in; of two at once the first one counts."""
    duties, reached = list[Duty](), datetime.min.replace(tzinfo=UTC)
    for since, until in sorted(some):
        if since >= reached:
            duties.append(Duty(person=user.code, since=since, until=until))
            reached = until
    shifts = [one for one in people.shifts.values() if one.active]
    own = tuple(one for one in shifts if not user.shifts or one.code in user.shifts)
    return Worker(user.code, own, tuple(duties))


def _was_late(one: Visit, worked: Worked, goal_s: int, now: datetime) -> bool:
    ends = (one.until or now).timestamp()
    return worked.until(ends) - worked.until(one.since.timestamp()) > goal_s


def _length(since: time, until: time) -> timedelta:
    """Return how long a shift is by its clock."""
    minutes = (until.hour - since.hour) * 60 + until.minute - since.minute
    return timedelta(minutes=minutes if minutes > 0 else minutes + 1_440)
