"""Stages, posts, shifts and people beside each other; what holds most up; whom which lesson would help.

Source: capabilities 10.4, 10.8, 10.9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import exp, log, sqrt
from statistics import fmean, median, variance
from typing import NamedTuple, TypeVar

import msgspec

from app.domain.share import Z_95, Share, difference, needed_to_tell, share
from app.insight.handling import NAMED_LEAST
from app.insight.stage_time import Visit, stage_time
from app.people_figures import FEW, Contrast, GroupFigures, PeopleReport, Practice, Ratio, StageFigures

K = TypeVar("K", str, tuple[str, str])
TIMED_LEAST = 30
"""Fewer times of one person in one stage say nothing about them."""
SLOWER = 1.2
"""The lower end of the interval must be above this before anybody is named."""
WORTH_A_WORD = 1.5
"""So many times as slow is told although there are too few to be sure."""


class Noted(NamedTuple):
    """What a report is made of. `passed`: when whom a lesson of a stage was passed. Units: `*_s` seconds."""

    visits: Sequence[Visit]
    logged_s: float
    focus_s: float
    placed_s: float
    passed: Mapping[tuple[str, str], datetime]


def people_report(noted: Noted, since: datetime, until: datetime, zone: str, as_of: datetime) -> PeopleReport:
    """Put all of it together; the days before the period are those it is compared with."""
    until_now = min(until, as_of)
    inside = [one for one in noted.visits if (one.until or until) > since and one.since < until_now]
    ended = [one for one in inside if one.until is not None and one.until <= until_now]
    before = [one for one in noted.visits if one.until is not None and one.until <= since]
    flow = [stage_time(one, since, until_now) for one in inside if not one.is_repair]
    return PeopleReport(
        since=since,
        until=until,
        zone=zone,
        stages=stages(inside, before, since, until_now),
        posts=groups(ended, lambda one: one.post),
        shifts=groups(ended, lambda one: one.shift),
        persons=_by_name([one for one in ended if one.by], lambda one: one.by),
        contrast=contrast(ended),
        practice=practice([*before, *ended], noted.passed),
        logged_s=round(noted.logged_s),
        split_s=round(sum(one.touch + one.wait + one.rework for one in flow)),
        focus_s=round(noted.focus_s),
        placed_s=round(noted.placed_s),
        as_of=as_of,
        people=len({one.by for one in ended if one.by}),
    )


def seen_by(whole: PeopleReport, user: str, *, reads_all: bool) -> PeopleReport:
    """Return what one person may read: names of enough people with the right to it, else themselves."""
    if reads_all and whole.people >= NAMED_LEAST:
        return whole
    return msgspec.structs.replace(
        whole,
        posts=whole.posts if reads_all else (),
        shifts=whole.shifts if reads_all else (),
        persons=tuple(one for one in whole.persons if one.of == user),
        practice=tuple(one for one in whole.practice if one.person == user),
        is_own=not reads_all,
    )


# --- stages -------------------------------------------------------------------------------------------


def stages(
    inside: Sequence[Visit], before: Sequence[Visit], since: datetime, until: datetime
) -> tuple[StageFigures, ...]:
    """Return every stage, the one whose waiting grew most first, then the one where most is waited."""
    earlier = {stage: list(some) for stage, some in _grouped(before, _stage)}
    found = [
        _stage_figures(stage, list(some), earlier.get(stage, []), since, until)
        for stage, some in _grouped(inside, _stage)
    ]
    waited = sum(one.wait_s for one in found) or 1
    told = [msgspec.structs.replace(one, wait_share_pct=round(100 * one.wait_s / waited, 1)) for one in found]
    return tuple(sorted(told, key=lambda one: (-_excess_s(one), -one.wait_s, one.stage)))


def _excess_s(one: StageFigures) -> float:
    return (one.wait_each_s - one.before_s) * one.n if one.has_grown else 0.0


def _stage_figures(
    stage: str, here: Sequence[Visit], earlier: Sequence[Visit], since: datetime, until: datetime
) -> StageFigures:
    times = [stage_time(one, since, until) for one in here]
    ended = [one for one in here if one.until is not None and one.until <= until]
    hours = max((until - since) / timedelta(hours=1), 1e-9)
    touch, wait, rework = (sum(column) for column in zip(*(one[2:] for one in times), strict=True))
    busy_h = _covered_s(here, since, until) / 3600
    return StageFigures(
        stage=stage,
        n=len(ended),
        touch_s=round(touch),
        wait_s=round(wait),
        rework_s=round(rework),
        errors=_errors(ended),
        queue=round((touch + wait + rework) / 3600 / hours, 2),
        wait_share_pct=0.0,
        arrivals_h=round(sum(one.since >= since for one in here) / hours, 2),
        capacity_h=round(len(ended) / busy_h, 2) if busy_h else 0.0,
        wait_each_s=round(_mean_wait_s(ended), 1),
        before_s=round(_mean_wait_s(earlier), 1),
        before_n=len(earlier),
        is_repair=here[0].is_repair,
    )


def _mean_wait_s(ended: Sequence[Visit]) -> float:
    """Return how long a visit waited on average, whenever it began."""
    waits = [stage_time(one, one.since, one.until).wait for one in ended if one.until and not one.is_again]
    return fmean(waits) if waits else 0.0


def _covered_s(here: Iterable[Visit], since: datetime, until: datetime) -> float:
    """Return how long at least one stood there."""
    covered, reached = 0.0, since
    for one in sorted(here, key=lambda one: one.since):
        begins, ends = max(one.since, reached), min(one.until or until, until)
        if ends > begins:
            covered += (ends - begins).total_seconds()
            reached = ends
    return covered


# --- posts, shifts, people ----------------------------------------------------------------------------


def groups(ended: Sequence[Visit], of: Callable[[Visit], str]) -> tuple[GroupFigures, ...]:
    """Return the figures of each group and stage, by name; groups of few people stand together as `FEW`."""
    people: dict[str, set[str]] = {}
    for one in ended:
        people.setdefault(of(one), set()).update({one.by} - {""})
    few = {name for name, some in people.items() if 0 < len(some) < NAMED_LEAST}
    return _by_name(ended, lambda one: FEW if of(one) in few else of(one))


def _by_name(ended: Sequence[Visit], of: Callable[[Visit], str]) -> tuple[GroupFigures, ...]:
    return tuple(
        _group_figures(name, stage, list(some))
        for (name, stage), some in _grouped(ended, lambda one: (of(one), one.stage))
    )


def _group_figures(of: str, stage: str, ended: Sequence[Visit]) -> GroupFigures:
    times = [stage_time(one, one.since, one.until) for one in ended if one.until]
    each = [seconds for one in ended if (seconds := one.each_s())]
    return GroupFigures(
        of=of,
        stage=stage,
        n=len(ended),
        touch_s=round(sum(one.touch for one in times)),
        wait_s=round(sum(one.wait for one in times)),
        rework_s=round(sum(one.rework for one in times)),
        errors=_errors(ended),
        timed=len(each),
        each_s=round(median(each), 1) if each else 0.0,
    )


def contrast(ended: Sequence[Visit]) -> Contrast:
    """Compare errors of what people ended by night with those by day."""
    people = [one for one in ended if one.by]
    night, day = (_errors([one for one in people if one.is_night is is_night]) for is_night in (True, False))
    low, high = difference(night, day)
    return Contrast(
        night=night, day=day, low_pct=low, high_pct=high, needed=needed_to_tell(night.pct, day.pct)
    )


def _errors(ended: Sequence[Visit]) -> Share:
    return share(sum(one.is_failed for one in ended), len(ended))


# --- who needs which lesson ---------------------------------------------------------------------------


def practice(ended: Sequence[Visit], passed: Mapping[tuple[str, str], datetime]) -> tuple[Practice, ...]:
    """Return where somebody is clearly slower or more often wrong than the others, or seems to be.

    The clearest first; whoever passed a lesson of a stage stays listed with what became of it.
    """
    found = []
    for stage, some in _grouped([one for one in ended if one.by], _stage):
        here = list(some)
        for person in sorted({one.by for one in here}):
            one = _beside(person, stage, here, passed.get((person, stage)))
            if one is not None:
                found.append(one)
    return tuple(sorted(found, key=lambda one: (not one.is_named, -one.ratio.low, one.person, one.stage)))


def _beside(person: str, stage: str, here: Sequence[Visit], passed_at: datetime | None) -> Practice | None:
    mine = [one for one in here if one.by == person]
    until = [one for one in mine if passed_at is None or _ended(one) < passed_at]
    since = [one for one in mine if passed_at is not None and _ended(one) >= passed_at]
    others = [one for one in here if one.by != person]
    own, theirs = _times(until), _times(others)
    ratio = ratio_of(own, theirs)
    errors, rest = _errors(until), _errors(others)
    is_enough = min(len(own), len(theirs)) >= TIMED_LEAST
    is_slow = is_enough and ratio.low > SLOWER
    is_wrong = not (errors.is_small or rest.is_small) and difference(errors, rest)[0] > 0
    seems = not is_enough and min(len(own), len(theirs)) > 1 and ratio.times >= WORTH_A_WORD
    if not (is_slow or is_wrong or seems or passed_at is not None):
        return None
    return Practice(
        person=person,
        stage=stage,
        n=len(own),
        group_n=len(theirs),
        each_s=round(median(own), 1) if own else 0.0,
        group_s=round(median(theirs), 1) if theirs else 0.0,
        ratio=ratio,
        errors=errors,
        group_errors=rest,
        is_named=is_slow or is_wrong,
        passed_at=passed_at,
        after_n=len(_times(since)),
        after=ratio_of(_times(since), own) if since and own else None,
    )


def ratio_of(some: Sequence[float], others: Sequence[float]) -> Ratio:
    """Return how many times as long the one take as the others; of too few everything is possible.

    Logarithms of times spread evenly, so the interval is that of Welch on them.
    """
    if min(len(some), len(others)) < 2:
        return Ratio(times=1.0, low=0.0, high=1_000.0)
    a, b = [log(one) for one in some], [log(one) for one in others]
    apart = fmean(a) - fmean(b)
    half = Z_95 * sqrt(variance(a) / len(a) + variance(b) / len(b))
    return Ratio(
        times=round(exp(apart), 2), low=round(exp(apart - half), 2), high=round(exp(apart + half), 2)
    )


def _times(ended: Iterable[Visit]) -> list[float]:
    return [seconds for one in ended if (seconds := one.each_s())]


def _ended(one: Visit) -> datetime:
    return one.until or one.since


def _stage(one: Visit) -> str:
    return one.stage


def _grouped(visits: Iterable[Visit], key: Callable[[Visit], K]) -> Iterable[tuple[K, Iterable[Visit]]]:
    return groupby(sorted(visits, key=key), key=key)
