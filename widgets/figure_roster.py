"""Half hours of a week as lines of a table: what comes, who is needed; the roster proposed beside them."""

from __future__ import annotations

from itertools import groupby

from app.insight.queueing import IN_TIME
from app.insight.roster import DAY_MOST_H, DAYS_IN_A_ROW, REST_H, WEEK_MOST_H
from app.insight.roster_table import WEEK, busy, clock_of
from app.people_figures import Demand, Duty, RosterReport
from app.presenters.figures import State
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Item, Lines, MarkedLine, Paragraph
from widgets.evidence import Figures as Pairs
from widgets.prose import NOTE
from widgets.words import clock, count, day_there, short_day, span, tr


def columns_of_roster() -> tuple[Column, ...]:
    """Name the columns."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    return (
        Column("at", tr("Half hour")),
        Column("orders", tr("Orders"), wide, kind="number"),
        Column("exceptions", tr("Exceptions"), wide, kind="number"),
        Column("load", tr("Load, people"), wide, kind="number"),
        Column("needed", tr("Needed"), small, kind="number"),
        Column("had", tr("Were there"), wide, kind="number"),
        Column("proposed", tr("Proposed"), wide, kind="number"),
    )


def rows_of_roster(report: RosterReport) -> list[TableRow]:
    """Day by day the half hours in which something comes or somebody is there."""
    rows: list[TableRow] = []
    for weekday, some in groupby(busy(report), key=lambda one: one.weekday):
        rows.append(TableRow(f"day/{weekday}", (Cell(tr(WEEK[weekday]), bold=True),), total=True))
        rows += [TableRow(f"{one.weekday}/{one.minute}", _cells(one)) for one in some]
    return rows


def _cells(one: Demand) -> tuple[str | Cell, ...]:
    is_short = one.proposed < one.load
    proposed = Cell(
        f"{one.proposed:.1f}", "waits" if is_short else "", bold=True, role="warn" if is_short else ""
    )
    figures = (f"{one.orders:.1f}", f"{one.exceptions:.1f}", f"{one.load:.2f}", count(one.needed))
    return (clock_of(one.minute), *figures, f"{one.had:.1f}", proposed)


def about_roster(report: RosterReport, state: State) -> tuple[EvidenceSection, ...]:
    """Say what the two weeks come to with it, who works when, within which rules, from which figures."""
    return (
        EvidenceSection(tr("The two weeks played again"), _result(report)),
        EvidenceSection(tr("Roster for two weeks like these"), _duties(report, state)),
        EvidenceSection(tr("Rules it keeps"), _rules()),
        EvidenceSection(tr("What it is made of"), _input(report)),
    )


def _result(report: RosterReport) -> tuple[Item, ...]:
    if not report.n:
        return (Paragraph(tr("No exception came in these two weeks."), NOTE),)
    pairs = (
        (count(report.late_old), tr("late as it was")),
        (count(report.late_new), tr("late with this one")),
        (count(report.n), tr("Exceptions")),
    )
    is_better = report.late_new <= report.late_old
    hours = tr("{new} h instead of {old} h", new=f"{report.hours_new:,.1f}", old=f"{report.hours_old:,.1f}")
    said = tr("None within the rules has fewer late: the roster stays.") if report.is_old else hours
    if is_better:
        return (Pairs(pairs), MarkedLine("met", said))
    breaks = tr("The roster there was breaks the rules below; within them more are late.")
    return (Pairs(pairs), MarkedLine("stops", said), Paragraph(breaks, NOTE))


def _duties(report: RosterReport, state: State) -> tuple[Item, ...]:
    if not report.duties:
        none = tr("Nobody closed exceptions in a shift. Set the shifts in Settings, Shifts.")
        return (Paragraph(none, NOTE),)
    lines = list[Item]()
    for person, some in groupby(report.duties, key=lambda one: one.person):
        mine = list(some)
        times = sorted({_times(one, report.zone) for one in mine})
        days = "  ".join(short_day(day_there(one.since, report.zone)) for one in mine)
        said = tr("{times}, {count} days", times=" / ".join(times), count=len(mine))
        lines += (MarkedLine("", said, name=state.names.get(person, person)), Paragraph(days, NOTE))
    return tuple(lines)


def _times(one: Duty, zone: str) -> str:
    return f"{clock(one.since, zone)}–{clock(one.until, zone)}"


def _rules() -> tuple[Item, ...]:
    return (
        _lines(
            (tr("A day at most"), tr("{h} h", h=DAY_MOST_H)),
            (tr("A week at most"), tr("{h} h", h=WEEK_MOST_H)),
            (tr("Rest between two days"), tr("{h} h", h=REST_H)),
            (tr("Days in seven at most"), count(DAYS_IN_A_ROW)),
        ),
        Paragraph(tr("Nobody works more hours than in these two weeks; starts move by 3 h at most."), NOTE),
    )


def _input(report: RosterReport) -> tuple[Item, ...]:
    return (
        _lines(
            (tr("Exceptions with each order"), f"{report.rate:.2f}"),
            (tr("Work on each, on average"), span(round(report.work_s))),
            (tr("Shall be closed within"), span(report.goal_s)),
            (tr("Late in truth"), count(report.late_was)),
            (tr("Late by theory"), count(round(report.late_theory))),
            (tr("Late as it was, played again"), count(report.late_old)),
        ),
        Paragraph(tr("Needed: with so many, {share} % are in time.", share=round(100 * IN_TIME)), NOTE),
    )


def _lines(*rows: tuple[str, str]) -> Lines:
    figure = theme.current().px("line.number.w")
    columns = (Column("what", ""), Column("figure", "", figure, kind="number"))
    return Lines(columns, rows)
