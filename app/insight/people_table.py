"""Where people's time went as a table for a spreadsheet, and what stages are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from app.domain.order import TITLES, Status
from app.insight.handling_table import Cell
from app.kinds import KINDS
from app.people_figures import FEW, GroupFigures, PeopleReport, StageFigures
from app.text import N_, Text

STAGE, POST, SHIFT, PERSON = N_("By stage"), N_("By post"), N_("By shift"), N_("By person")
COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("By"), N_("Name"), N_("Stage"), N_("Finished"),
    N_("Touched, min"), N_("Waited, min"), N_("Rework, min"), N_("Done again"), N_("Done again, %"),
    N_("from, %"), N_("to, %"), N_("Timed"), N_("Each, s"),
)  # fmt: skip
Name = Callable[[str, str], Text]
"""What a line is called: by which of the four, and its code."""


def stage_name(stage: str) -> Text:
    """Name a stage: a work state or a type of exceptions; a type of the company's own by its code."""
    if stage in list(Status):
        return Text(TITLES[Status(stage)])
    kind = KINDS.get(stage)
    return Text(kind.title if kind is not None else stage)


def groups_of(report: PeopleReport) -> tuple[tuple[str, tuple[GroupFigures, ...]], ...]:
    """Return posts, shifts and people under what they are by."""
    return ((POST, report.posts), (SHIFT, report.shifts), (PERSON, report.persons))


def group_name(by: str, of: str) -> Text:
    """Name a group that has no name of its own."""
    if of == FEW:
        return Text(N_("fewer than five people each"))
    if of:
        return Text(of)
    return Text(N_("outside of shifts") if by == SHIFT else N_("no warehouse yet"))


def table(report: PeopleReport, name: Name, stage: Callable[[str], Text]) -> list[list[Cell]]:
    """Return every line with the period and whose days on it."""
    return list(_rows(report, name, stage))


def _rows(report: PeopleReport, name: Name, stage: Callable[[str], Text]) -> Iterator[list[Cell]]:
    days = [f"{day:%Y-%m-%d}" for day in (report.since, report.until - timedelta(days=1))]
    for one in report.stages:
        yield [*days, report.zone, Text(STAGE), stage(one.stage), stage(one.stage), *_spent(one), "", ""]
    for by, lines in groups_of(report):
        for each in lines:
            times = (each.timed, each.each_s if each.timed else "")
            yield [
                *days, report.zone, Text(by), name(by, each.of), stage(each.stage), *_spent(each), *times,
            ]  # fmt: skip


def _spent(one: StageFigures | GroupFigures) -> tuple[Cell, ...]:
    minutes = (round(seconds / 60, 1) for seconds in (one.touch_s, one.wait_s, one.rework_s))
    back = one.errors
    return (one.n, *minutes, back.count, round(back.pct, 2), back.low_pct, back.high_pct)
