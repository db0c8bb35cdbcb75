"""Figures as lines of a table, and the panel beside it: what exceptions took, what became of suggestions."""

from __future__ import annotations

from typing import Final

from app.domain.clock import WAIT_TITLES
from app.figures import Age, Figures, Report
from app.insight.handling import GOAL_HAND_S, NAMED_LEAST
from app.insight.handling_table import KIND, OWNER, parts
from app.presenters.figures import State, StepRow
from app.text import Text
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Item, Lines, MarkedLine, Paragraph
from widgets.evidence import Figures as Pairs
from widgets.prose import NOTE, Span
from widgets.words import count, language, span, tr, trn

ALL: Final = "all"
"""The line of all exceptions together."""
_NONE: Final = "–"


def columns_of_exceptions() -> tuple[Column, ...]:
    """Name the columns: no two units in one."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    return (
        Column("name", tr("Exceptions")),
        Column("n", tr("Ended"), small, kind="number"),
        Column("median", tr("Median, min"), wide, kind="number"),
        Column("p90", tr("P90, min"), wide, kind="number"),
        Column("hand", tr("In hand, s"), wide, kind="number"),
        Column("late", tr("Late"), small, kind="number"),
        Column("first", tr("At first try"), wide, kind="number"),
        Column("back", tr("Came back"), wide, kind="number"),
        Column("waited", tr("Waited, min"), wide, kind="number"),
    )


def columns_of_guides() -> tuple[Column, ...]:
    """Name the columns."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    return (
        Column("step", tr("Step")),
        Column("n", tr("Guides ended"), wide, kind="number"),
        Column("advised", tr("Suggested"), wide, kind="number"),
        Column("used", tr("Used"), small, kind="number"),
        Column("overridden", tr("Overridden"), wide, kind="number"),
        Column("rate", tr("Used, %"), small, kind="number"),
        Column("shown", tr("Hint shown"), wide, kind="number"),
        Column("faded", tr("Hint rested"), wide, kind="number"),
        Column("unfolded", tr("Hint opened"), wide, kind="number"),
    )


def key_of(by: str, of: str) -> str:
    """Name a line of the report."""
    return f"{by}/{of}"


def rows_of_exceptions(report: Report, state: State) -> list[TableRow]:
    """All together, then by type, by owner and by shift; few people are not named."""
    rows = [TableRow(ALL, _cells(Cell(tr("All"), bold=True), report.closed, state))]
    for by, lines in parts(report):
        if by == OWNER and report.is_own:
            continue
        rows.append(TableRow(by, (Cell(tr(by), bold=True),), total=True))
        rows += [
            TableRow(key_of(by, one.of), _cells(trn(state.name(by, one.of)), one, state)) for one in lines
        ]
        if by == OWNER and report.people < NAMED_LEAST:
            words = tr(
                "People: {count}. Fewer than {least} are shown in sum only.",
                count=report.people,
                least=NAMED_LEAST,
            )
            rows.append(TableRow("few", (words,), faded=True, total=True))
    return rows


def rows_of_guides(state: State) -> list[TableRow]:
    """Guide by guide, step by step."""
    rows: list[TableRow] = []
    before = ""
    for row in state.steps:
        one = row.figures
        if one.form != before:
            before = one.form
            rows.append(TableRow(one.form, (Cell(tr(row.guide), bold=True),), total=True))
        rate = f"{100 * one.used / one.advised:.0f}" if one.advised else _NONE
        figures = (one.n, one.advised, one.used, one.overridden)
        hints = (one.shown, one.faded, one.unfolded)
        rows.append(TableRow(row.key, (tr(row.title), *map(count, figures), rate, *map(count, hints))))
    return rows


def _cells(name: str | Cell, one: Figures, state: State) -> tuple[str | Cell, ...]:
    is_slow = one.median_s > state.goal_s(one.of)
    median = Cell(
        _minutes(one.median_s), "waits" if is_slow else "", bold=True, role="warn" if is_slow else ""
    )
    return (
        name,
        count(one.n),
        median if one.n else _NONE,
        _minutes(one.p90_s) if one.n else _NONE,
        _in_hand(one),
        count(one.late),
        f"{100 * one.at_once / one.n:.0f}%" if one.n else _NONE,
        count(one.reopened),
        _minutes(sum(one.waited_s.values())),
    )


def _in_hand(one: Figures) -> str:
    """From the claim on; where nobody claimed, from one to the next."""
    if not (one.claimed or one.paced):
        return _NONE
    return count(round(one.hand_s if one.claimed else one.pace_s))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:,.1f}"


def _rounded(seconds: float) -> str:
    """To the nearest minute, so that it agrees with the column beside it."""
    return span(round(seconds / 60) * 60) if seconds >= 60 else span(seconds)


# --- the panel ----------------------------------------------------------------------------------------


def line_of(report: Report, key: str) -> tuple[str, Figures] | None:
    """Return what a line is by and its figures; a heading stands for all together."""
    for by, lines in parts(report):
        found = next((one for one in lines if key_of(by, one.of) == key), None)
        if found is not None:
            return by, found
    return None


def about_exceptions(report: Report, state: State) -> tuple[EvidenceSection, ...]:
    """Say of the line under the keys where its time went."""
    found = line_of(report, state.here)
    by, one = found if found is not None else (KIND, report.closed)
    name = trn(state.name(by, one.of)) if found is not None else tr("All exceptions of these days")
    still = EvidenceSection(tr("Open now, waiting ones too"), (_open(report),))
    return (
        EvidenceSection(name, _times(one, state.goal_s(one.of))),
        EvidenceSection(tr("In hand"), _hand(one)),
        EvidenceSection(tr("Waited for others"), _waits(one)),
        EvidenceSection(tr("How they ended"), _ends(one)),
        *(() if found is not None else (still,)),
    )


def _times(one: Figures, goal_s: int) -> tuple[Item, ...]:
    if not one.n:
        return (Paragraph(tr("None ended in these days."), NOTE),)
    is_met = one.median_s <= goal_s
    goal = tr("Goal: median below {time}", time=span(goal_s))
    pairs = (
        (_rounded(one.median_s), tr("Median")),
        (_rounded(one.p90_s), tr("P90")),
        (count(one.n), tr("Ended")),
    )
    return (Pairs(pairs), MarkedLine("met" if is_met else "waits", goal))


def _hand(one: Figures) -> tuple[Item, ...]:
    lines, goal = list[Item](), span(GOAL_HAND_S)
    if one.claimed:
        told = tr("{n} of {count} were claimed; goal {time}", n=one.claimed, count=one.n, time=goal)
        lines.append(_hand_line(one.hand_s, tr("from the claim to the end, median"), told))
    if one.paced:
        told = tr("{n} of {count} one after another; goal {time}", n=one.paced, count=one.n, time=goal)
        lines.append(_hand_line(one.pace_s, tr("from one to the next, median"), told))
    none = tr("Nobody claimed one or did several in a row, so nobody knows. C in the inbox claims.")
    return tuple(lines) or (Paragraph(none, NOTE),)


def _hand_line(seconds: float, said: str, told: str) -> Item:
    mark = "met" if seconds <= GOAL_HAND_S else "waits"
    return MarkedLine(mark, (Span(span(round(seconds)), bold=True), " ", said), told)


def _waits(one: Figures) -> tuple[Item, ...]:
    if not one.waited_s:
        return (Paragraph(tr("For nobody."), NOTE),)
    waited = sorted(one.waited_s.items(), key=lambda each: -each[1])
    lines = _lines(*((trn(Text(WAIT_TITLES.get(wait, wait))), span(seconds)) for wait, seconds in waited))
    return (lines, Paragraph(tr("The clock stood still; it is not in the times above."), NOTE))


def _ends(one: Figures) -> tuple[Item, ...]:
    return (
        _lines(
            (tr("Cured by the first repair"), count(one.at_once)),
            (tr("Came back"), count(one.reopened)),
            (tr("Ended after their time"), count(one.late)),
        ),
    )


def _open(report: Report) -> Item:
    least_min = 0
    rows = []
    for age in report.open_ages:
        rows.append((_age(age, least_min), tr("{count}, late {late}", count=age.n, late=age.late)))
        least_min = age.below_min or least_min
    return _lines(*rows)


def _age(age: Age, least_min: int) -> str:
    if age.below_min is None:
        return tr("{time} and more", time=span(least_min * 60))
    return tr("Under {time}", time=span(age.below_min * 60))


def about_step(row: StepRow | None) -> tuple[EvidenceSection, ...]:
    """Say of the step under the keys what is asked there and which hints stand beside its fields."""
    if row is None:
        words = tr("Each guide that came to its end says step by step whether its suggestion was taken.")
        return (EvidenceSection(tr("What is counted"), (Paragraph(words), Paragraph(_counted(), NOTE))),)
    one = row.figures
    said = tr("None was made.")
    if one.advised:
        said = tr(
            "{used} of {advised} used, {overridden} overridden",
            used=one.used,
            advised=one.advised,
            overridden=one.overridden,
        )
    title = f"{tr(row.guide)} · {tr(row.title)}"
    hints = tuple(
        MarkedLine("", words.get(language()) or tr(hint), name=tr(label)) for label, hint, words in row.hints
    )
    return (
        EvidenceSection(title, (Paragraph(tr(row.question)),)),
        EvidenceSection(tr("Suggestions"), (Paragraph(said),)),
        EvidenceSection(
            tr("Hints beside its fields"), (*hints, Paragraph(tr("Alt+E in the guide changes them."), NOTE))
        ),
    )


def _counted() -> str:
    return tr("Neither answers nor names are kept, and a guide that was left says nothing.")


def _lines(*rows: tuple[str, str]) -> Lines:
    columns = (Column("what", ""), Column("figure", "", theme.current().px("line.number.w"), kind="number"))
    return Lines(columns, rows)
