"""How lessons went: passed at the first exam, how long, which goals were missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from app.domain.attempt import EXAM, Attempt
from app.domain.values import Role
from app.figures import LessonFigures, TrainingReport
from app.insight.handling import NAMED_LEAST


def by_lesson(attempts: Iterable[Attempt]) -> tuple[LessonFigures, ...]:
    """Return the figures of each lesson, the one tried most often first."""
    ordered = sorted(attempts, key=lambda one: (one.lesson, one.at, one.id))
    found = [_of(lesson, list(some)) for lesson, some in groupby(ordered, key=lambda one: one.lesson)]
    return tuple(sorted(found, key=lambda one: (-one.n, one.lesson)))


def _of(lesson: str, tried: Sequence[Attempt]) -> LessonFigures:
    exams: dict[str, Attempt] = {}
    for one in tried:
        if one.mode == EXAM:
            exams.setdefault(one.user, one)
    times = sorted(one.seconds for one in tried if one.passed)
    n = len(times)
    return LessonFigures(
        lesson=lesson,
        n=len(tried),
        passed=sum(one.passed for one in tried),
        people=len(exams),
        first_passed=sum(one.passed for one in exams.values()),
        median_s=(times[(n - 1) // 2] + times[n // 2]) / 2 if n else 0.0,
        helps=sum(one.helps for one in tried),
        missed=dict(sorted(Counter(fault for one in tried for fault in one.faults).items())),
    )


def spent(attempts: Iterable[Attempt]) -> dict[str, int]:
    """Return how long each person practised. Units: seconds."""
    found: Counter[str] = Counter()
    for one in attempts:
        found[one.user] += one.seconds
    return dict(sorted(found.items()))


def as_seen_by(report: TrainingReport, role: Role) -> TrainingReport:
    """Return what somebody may read: a trainer everything, others no names where they are few."""
    if role is Role.TRAINER or report.people >= NAMED_LEAST:
        return report
    return msgspec.structs.replace(report, learners=(), attempts=(), seconds={}, is_summed=True)
