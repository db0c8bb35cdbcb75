"""How long exceptions take per type, owner and shift, waits for others apart; how old the open ones are.

Source: capabilities 5.10.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from app.domain.clock import Stop, account
from app.domain.order import Snag
from app.domain.working_time import Calendar
from app.figures import Age, Figures, Report

AGES_MIN = (28, 60, 240, 1_440)
"""Where one class of age ends and the next begins. Units: minutes of working time."""
GOAL_HAND_S = 20
"""What the median from the claim on shall stay below; the whole time has the goal of its type."""
PACE_S = (1, 300)
"""Acts of one person nearer than this came from one key, those further apart are not one after another."""
NAMED_LEAST = 5
"""Groups with fewer people are reported in sum only. Source: capabilities 10."""


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time of one exception went, until it was closed or until now. Units: seconds.

    `shift` is the one its owner worked in when it was closed, empty where nobody had it or works in shifts.
    `tries` are the changes its clerks made for it, `came_back` is how often it had been closed before.
    `hand_s` is what was worked on it after its claim; None where nobody claimed it. `pace_s` is how long its
    clerk was at it then: from what they did before to the repair; None where that says nothing.
    `subject` is the order or case it is of, `ended_at` None while it is open.
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
    hand_s: int | None = None
    pace_s: int | None = None
    subject: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_at_once(self) -> bool:
        """Whether the first repair cured it for good."""
        return self.tries <= 1 and not self.came_back


class Handling(NamedTuple):
    """What was closed in a time, and what is open now."""

    closed: tuple[Took, ...]
    open: tuple[Took, ...]


def took(snag: Snag, owner: str, until: datetime, calendar: Calendar) -> Took:
    """Read off the log of an exception where its time went."""
    used = account(calendar, snag.opened_at, snag.stops, until)
    second, claimed_at = timedelta(seconds=1), snag.claimed_at
    hand = account(calendar, claimed_at, _since(snag.stops, claimed_at), until).worked if claimed_at else None
    return Took(
        kind=snag.kind,
        owner=owner,
        worked_s=used.worked // second,
        rested_s=used.rested // second,
        waited={wait: span // second for wait, span in used.waited.items()},
        is_late=used.worked > (timedelta(minutes=snag.goal_min) or snag.due_at - snag.opened_at),
        hand_s=hand // second if hand is not None else None,
    )


def paces(acts: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], int]:
    """Return how long after the act before each act of a person came, where they did one after the other.

    `acts`: who, and when.
    """
    found, least, most = {}, *PACE_S
    for before, act in pairwise(sorted(set(acts))):
        seconds = (act[1] - before[1]).total_seconds()
        if before[0] == act[0] and least <= seconds <= most:
            found[act] = int(seconds)
    return found


def _since(stops: Iterable[Stop], at: datetime) -> tuple[Stop, ...]:
    """Return what is left of the stops of a clock from a moment on."""
    left = (stop for stop in stops if stop.until is None or stop.until > at)
    return tuple(msgspec.structs.replace(stop, since=max(stop.since, at)) for stop in left)


def reported(done: Handling, since: datetime, until: datetime, zone: ZoneInfo, as_of: datetime) -> Report:
    """Put all figures of a time together; the command line and the screens read them from here."""
    return Report(
        since=since,
        until=until,
        zone=zone.key,
        closed=figures("", done.closed),
        by_kind=by_kind(done.closed),
        by_owner=by_owner(done.closed),
        by_shift=by_shift(done.closed),
        open=figures("", done.open),
        open_ages=ages(done.open),
        open_by_owner=by_owner(done.open),
        as_of=as_of,
        people=len({one.owner for one in done.closed} - {""}),
    )


def days_before(now: datetime, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the last `days` days of a place begin and end; today is one of them."""
    return between(now.astimezone(zone).date() - timedelta(days=days - 1), now.astimezone(zone).date(), zone)


def between(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the first day begins and the last one ends."""
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def had_by(done: Handling, user: str) -> Handling:
    """Return what one person had."""
    return Handling(
        tuple(one for one in done.closed if one.owner == user),
        tuple(one for one in done.open if one.owner == user),
    )


def without_names(whole: Report, user: str) -> Report:
    """Return a report in which few people are counted and not named; whoever reads it stays themselves."""
    if whole.people >= NAMED_LEAST:
        return whole
    return msgspec.structs.replace(
        whole,
        by_owner=tuple(one for one in whole.by_owner if one.of == user),
        open_by_owner=tuple(one for one in whole.open_by_owner if one.of == user),
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
    hands = sorted(one.hand_s for one in all_ if one.hand_s is not None)
    turns = sorted(one.pace_s for one in all_ if one.pace_s is not None)
    n, waited = len(times), dict[str, int]()
    for one in all_:
        for wait, seconds in one.waited.items():
            waited[wait] = waited.get(wait, 0) + seconds
    return Figures(
        of=of,
        n=n,
        median_s=_middle(times),
        p90_s=float(times[math.ceil(0.9 * n) - 1]) if n else 0.0,
        late=sum(one.is_late for one in all_),
        waited_s=waited,
        at_once=sum(one.is_at_once for one in all_),
        reopened=sum(one.came_back > 0 for one in all_),
        claimed=len(hands),
        hand_s=_middle(hands),
        paced=len(turns),
        pace_s=_middle(turns),
    )


def _middle(times: Sequence[int]) -> float:
    """Return the median of sorted times; 0 of none."""
    n = len(times)
    return (times[(n - 1) // 2] + times[n // 2]) / 2 if n else 0.0


def _by(all_: Iterable[Took], name: Callable[[Took], str]) -> tuple[Figures, ...]:
    ordered = sorted(all_, key=name)
    found = [figures(of, list(some)) for of, some in groupby(ordered, key=name)]
    return tuple(sorted(found, key=lambda one: (-one.n, one.of)))
