"""Figures on training as the lines of a file: one kind of figure a column, its n beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.figures import Cohort, Learner, LessonFigures, TrainingReport
from app.insight.independence import IS_DAYS, IS_PCT, WAS_PCT
from app.text import N_, Text

Cell = str | int | float | Text
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "wall": (
        N_("Person"), N_("Lesson"), N_("Mode"), N_("Page"), N_("Minutes"), N_("Goals met"), N_("Goals"),
        N_("Turned down"), N_("Hints asked for"), N_("Asks for somebody"),
    ),
    "people": (
        N_("Person"), N_("Lessons asked for"), N_("Late"), N_("Next day"), N_("Lessons passed"),
        N_("Over soon"), N_("Minutes practised"),
    ),
    "lessons": (
        N_("Lesson"), N_("Tried"), N_("Passed"), N_("People examined"), N_("Passed at the first exam"),
        N_("Median, min"), N_("Hints asked for"), N_("Goals missed"),
    ),
    "cohorts": (
        N_("Began"), N_("People"), N_("First orders"), N_("Done alone"), N_("Done alone, %"),
        N_("From, % (95 %)"), N_("To, % (95 %)"), N_("Too young"), N_("With help"), N_("Lead stepped in"),
        N_("Corrected"), N_("Independent"), N_("Median, days"), N_("From, days (95 %)"),
        N_("To, days (95 %)"), N_("Reference before, %"), N_("Reference after, %"), N_("Reference, days"),
    ),
}  # fmt: skip


class Named(NamedTuple):
    """What people, lessons and modes are called."""

    name: Callable[[str], str]
    lesson: Callable[[str], Text]
    mode: Callable[[str], Text]


def table(split: str, report: TrainingReport, named: Named) -> list[list[Cell]]:
    """Return the lines of one view."""
    if split == "wall":
        return [_learner(one, named) for one in report.learners]
    if split == "lessons":
        return [_lesson(one, named) for one in report.lessons]
    return [_cohort(one) for one in report.cohorts]


def share_pct(one: Cohort) -> float:
    """Return how many of the first orders were done alone. Units: percent."""
    return round(100 * one.alone / one.n, 1) if one.n else 0.0


def _learner(one: Learner, named: Named) -> list[Cell]:
    beat = one.beat
    return [
        named.name(one.user), named.lesson(beat.lesson), named.mode(beat.mode), beat.page,
        round(beat.seconds / 60, 1), beat.met, beat.goals, beat.errors, beat.helps,
        Text(N_("yes") if beat.asks else N_("no")),
    ]  # fmt: skip


def _lesson(one: LessonFigures, named: Named) -> list[Cell]:
    missed = ", ".join(f"{goal} {n}" for goal, n in one.missed.items())
    median = round(one.median_s / 60, 1)
    figures = (one.n, one.passed, one.people, one.first_passed, median, one.helps)
    return [named.lesson(one.lesson), *figures, missed]


def _cohort(one: Cohort) -> list[Cell]:
    return [
        one.month, one.people, one.n, one.alone, share_pct(one) if one.n else "", one.low_pct, one.high_pct,
        one.waiting, one.helped, one.led, one.corrected, one.ready, one.days if one.ready else "",
        one.days_low if one.ready else "", one.days_high if one.ready else "", WAS_PCT, IS_PCT, IS_DAYS,
    ]  # fmt: skip
