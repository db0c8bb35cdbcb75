"""How the trainer's desk says who practises, who is late, how lessons went and who works alone."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.figures import Cohort, Learner, LessonFigures
from app.insight.handling import NAMED_LEAST
from app.insight.independence import FIRST, IS_DAYS, IS_PCT, STREAK, WAS_PCT
from app.insight.training_table import share_pct
from app.presenters.training import COHORTS, LESSONS, PEOPLE, WALL, PersonRow, State, mode_of
from app.text import N_
from app.training.proofs import goal_of, title_of
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Item, MarkedLine, Paragraph
from widgets.finder import ELSEWHERE
from widgets.prose import NOTE
from widgets.rail import PLACES
from widgets.words import count, day_there, moment, short_day, span, tr, trn

ALONE: Final = "reference"
TRIES_SHOWN: Final = 8
ON_THE_WAY: Final = {"guide": N_("Guide"), "order": N_("Order"), "paper": N_("Print")}


def columns_of(split: str) -> tuple[Column, ...]:
    """Name the columns of a view."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    if split == WALL:
        return (
            Column("who", tr("Person"), wide, kind="strong"),
            Column("lesson", tr("Lesson")),
            Column("mode", tr("Mode"), small),
            Column("page", tr("Page"), small),
            Column("time", tr("Practised"), small),
            Column("goals", tr("Goals met"), small),
            Column("errors", tr("Turned down"), wide, kind="number"),
            Column("helps", tr("Hints"), small, kind="number"),
            Column("asks", tr("Asks"), wide * 2, kind="mark"),
        )
    if split == PEOPLE:
        return (
            Column("who", tr("Person"), kind="strong"),
            Column("asked", tr("Asked for"), wide, kind="number"),
            Column("due", tr("Due on"), wide * 2, kind="mark"),
            Column("passed", tr("Passed"), wide, kind="number"),
            Column("soon", tr("Over soon"), wide, kind="number"),
            Column("time", tr("Practised"), wide * 2),
        )
    if split == LESSONS:
        return (
            Column("lesson", tr("Lesson")),
            Column("n", tr("Tried"), small, kind="number"),
            Column("first", tr("Passed at the first exam"), wide * 2),
            Column("median", tr("Median, min"), wide, kind="number"),
            Column("helps", tr("Hints"), small, kind="number"),
            Column("missed", tr("Missed most"), wide * 2),
        )
    return (
        Column("month", tr("Began")),
        Column("people", tr("People"), small, kind="number"),
        Column("n", tr("First orders"), wide, kind="number"),
        Column("alone", tr("Done alone"), wide, kind="number"),
        Column("between", tr("95 % between"), wide * 2),
        Column("ready", tr("Independent"), wide),
        Column("days", tr("Median, days"), wide, kind="number"),
        Column("days_between", tr("95 % between"), wide * 2),
    )


def rows_of(state: State) -> list[TableRow]:
    """Return the lines of the view in front."""
    report = state.report
    if state.split == PEOPLE:
        return [TableRow(one.code, _person(one, state)) for one in state.people]
    if report is None:
        return []
    if state.split == WALL:
        return [TableRow(one.user, _learner(one, state)) for one in report.learners]
    if state.split == LESSONS:
        return [TableRow(one.lesson, _lesson(one)) for one in report.lessons]
    return [TableRow(one.month, _cohort(one)) for one in report.cohorts]


def _learner(one: Learner, state: State) -> tuple[Cell | str, ...]:
    beat = one.beat
    asks = Cell(tr("Wants somebody to come"), "stops", role="bad") if beat.asks else ""
    met = tr("{met} of {all}", met=beat.met, all=beat.goals) if beat.goals else ""
    return (
        state.name(one.user), trn(title_of(beat.lesson)), trn(mode_of(beat.mode)), _page(beat.page),
        span(beat.seconds), met, count(beat.errors), count(beat.helps), asks,
    )  # fmt: skip


def _page(code: str) -> str:
    """Say where somebody is, also on a page that has no place of its own."""
    named = ON_THE_WAY | {place.code: place.label for place in (*PLACES, *ELSEWHERE)}
    return tr(named[code]) if code in named else code


def _person(one: PersonRow, state: State) -> tuple[Cell | str, ...]:
    due: Cell | str = ""
    if one.late and one.due_on is not None:
        due = Cell(tr("Late since {day}", day=short_day(one.due_on)), "stops", role="bad")
    elif one.due_on is not None:
        due = Cell(short_day(one.due_on), "waits")
    practised = span(one.seconds) if one.seconds else ""
    if one.seconds is None and state.report is not None:
        practised = tr("in sum only")
    return (one.name, count(len(one.tasks)), due, count(len(one.passed)), count(one.soon), practised)


def _lesson(one: LessonFigures) -> tuple[Cell | str, ...]:
    first = tr("{met} of {all}", met=one.first_passed, all=one.people) if one.people else ""
    missed = max(one.missed.items(), key=lambda each: each[1], default=("", 0))
    most = f"{trn(goal_of(one.lesson, missed[0]))} ({missed[1]})" if missed[0] else ""
    median = f"{one.median_s / 60:.1f}" if one.passed else ""
    return (trn(title_of(one.lesson)), count(one.n), first, median, count(one.helps), most)


def _cohort(one: Cohort) -> tuple[Cell | str, ...]:
    share = f"{share_pct(one):.0f}%" if one.n else ""
    between = tr("{low} to {high} %", low=f"{one.low_pct:g}", high=f"{one.high_pct:g}") if one.n else ""
    ready = tr("{met} of {all}", met=one.ready, all=one.people)
    days = f"{one.days:g}" if one.ready else ""
    days_between = f"{one.days_low:g}–{one.days_high:g}" if one.ready else ""
    return (one.month, count(one.people), count(one.n), share, between, ready, days, days_between)


def about(state: State) -> tuple[EvidenceSection, ...]:
    """Say more of the line under the keys, and how it is counted."""
    if not state.is_loaded:
        return ()
    if state.split == PEOPLE:
        return _about_person(state)
    if state.split == LESSONS:
        return _about_lesson(state)
    if state.split == COHORTS:
        return _about_cohort(state)
    return _about_wall(state)


def _about_wall(state: State) -> tuple[EvidenceSection, ...]:
    report = state.report
    if report is None:
        return ()
    said: list[Item] = [Paragraph(tr("Practised in these days: {time}.", time=span(report.seconds_all)))]
    said.append(Paragraph(tr("People: {count}.", count=report.people), NOTE))
    if report.is_summed:
        few = tr("Fewer than {least} people: trainers see names, everybody else sums.", least=NAMED_LEAST)
        said.append(MarkedLine("waits", few))
    return (EvidenceSection(tr("All together"), tuple(said)),)


def _about_person(state: State) -> tuple[EvidenceSection, ...]:
    one = state.person
    if one is None:
        return ()
    today = day_there(state.now, state.zone) if state.now is not None else date.max
    asked: list[Item] = [
        MarkedLine(
            "stops" if task.due_on < today else "waits",
            short_day(task.due_on),
            name=trn(title_of(task.lesson)),
        )
        for task in one.tasks
    ]
    passed: list[Item] = [
        MarkedLine("met", moment(at, state.zone, today), name=trn(title_of(lesson)))
        for lesson, at in one.passed
    ]
    tried: list[Item] = [
        MarkedLine(
            "met" if each.passed else "stops",
            f"{trn(mode_of(each.mode))}, {span(each.seconds)}, {moment(each.at, state.zone, today)}",
            name=trn(title_of(each.lesson)),
        )
        for each in one.tried[:TRIES_SHOWN]
    ]
    none: tuple[Item, ...] = (Paragraph(tr("Nothing so far."), NOTE),)
    return (
        EvidenceSection(tr("Asked for"), tuple(asked) or none),
        EvidenceSection(tr("Lessons passed"), tuple(passed) or none),
        EvidenceSection(tr("Tried last"), tuple(tried) or none),
    )


def _about_lesson(state: State) -> tuple[EvidenceSection, ...]:
    one = state.lesson
    if one is None:
        return ()
    ordered = sorted(one.missed.items(), key=lambda each: (-each[1], each[0]))
    missed: list[Item] = [
        MarkedLine("stops", count(n), name=trn(goal_of(one.lesson, goal))) for goal, n in ordered
    ]
    none: tuple[Item, ...] = (Paragraph(tr("No goal was missed."), NOTE),)
    return (EvidenceSection(tr("Goals missed"), tuple(missed) or none),)


def _about_cohort(state: State) -> tuple[EvidenceSection, ...]:
    mark = tr("Published case: {was} % to {goal} %, {days} days.", was=WAS_PCT, goal=IS_PCT, days=IS_DAYS)
    how = tr(
        "The first {first} orders of a type, done without help, lead or later correction within seven days."
        " Independent: {streak} in a row.",
        first=FIRST,
        streak=STREAK,
    )
    reference = EvidenceSection(tr("Reference"), (Paragraph(mark), Paragraph(how, NOTE)))
    one = state.cohort
    if one is None:
        return (reference,)
    why: tuple[Item, ...] = (
        MarkedLine("stops" if one.helped else "met", count(one.helped), name=tr("With help")),
        MarkedLine("stops" if one.led else "met", count(one.led), name=tr("Lead stepped in")),
        MarkedLine("stops" if one.corrected else "met", count(one.corrected), name=tr("Corrected")),
        MarkedLine("not_yet", count(one.waiting), name=tr("Younger than seven days")),
    )
    return (EvidenceSection(one.month, why), reference)
