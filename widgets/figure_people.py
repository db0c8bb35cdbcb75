"""Where people's time went as lines of a table, and what follows from it in the panel beside it."""

from __future__ import annotations

from typing import Final

from app.domain.share import ENOUGH, Share, needed_to_tell
from app.insight.handling import NAMED_LEAST
from app.insight.people import TIMED_LEAST
from app.insight.people_table import PERSON, STAGE, groups_of
from app.people_figures import Contrast, GroupFigures, PeopleReport, Practice, Ratio, StageFigures
from app.presenters.figures import State
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Item, Lines, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import count, span, tr, trn

_NONE: Final = "–"
_SENSIBLE: Final = 100_000
"""Nobody waits for more cases than that to compare two groups."""
_USUAL: Final = (0.9, 1.8)
"""Shares of errors by which it is said how many it takes. Source: capabilities 10."""


def columns_of_people() -> tuple[Column, ...]:
    """Name the columns."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    return (
        Column("name", tr("Stage")),
        Column("n", tr("Finished"), small, kind="number"),
        Column("touch", tr("Touched, min"), wide, kind="number"),
        Column("wait", tr("Waited, min"), wide, kind="number"),
        Column("rework", tr("Rework, min"), wide, kind="number"),
        Column("back", tr("Done again"), wide, kind="number"),
        Column("share", tr("of all, 95 %"), wide * 2, kind="number"),
        Column("each", tr("Each, s"), wide, kind="number"),
    )


def rows_of_people(report: PeopleReport, state: State) -> list[TableRow]:
    """Stages first, the one that holds most up above all; then posts, shifts and people."""
    rows = [TableRow(STAGE, (Cell(tr(STAGE), bold=True),), total=True)]
    rows += [
        TableRow(_key(STAGE, "", one.stage), (trn(state.stage(one.stage)), *_cells(one), _NONE))
        for one in report.stages
    ]
    for by, lines in groups_of(report):
        if not lines and by != PERSON:
            continue
        rows.append(TableRow(by, (Cell(tr(by), bold=True),), total=True))
        rows += [
            TableRow(
                _key(by, one.of, one.stage),
                (f"{trn(state.group(by, one.of))} · {trn(state.stage(one.stage))}", *_cells(one), _each(one)),
            )
            for one in lines
        ]
    if not report.is_own and report.people < NAMED_LEAST:
        words = tr(
            "People: {count}. Fewer than {least} are shown in sum only.",
            count=report.people,
            least=NAMED_LEAST,
        )
        rows.append(TableRow("few", (words,), faded=True, total=True))
    return rows


def _key(by: str, of: str, stage: str) -> str:
    return f"{by}/{of}/{stage}"


def _cells(one: StageFigures | GroupFigures) -> tuple[str | Cell, ...]:
    is_grown = isinstance(one, StageFigures) and one.has_grown
    wait = Cell(_minutes(one.wait_s), "waits" if is_grown else "", role="warn" if is_grown else "")
    share = _share(one.errors) if one.errors.of else _NONE
    return (
        count(one.n),
        _minutes(one.touch_s),
        wait,
        _minutes(one.rework_s),
        count(one.errors.count),
        share,
    )


def _each(one: GroupFigures) -> str:
    return count(round(one.each_s)) if one.timed else _NONE


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:,.1f}"


def _share(one: Share) -> str:
    return f"{one.pct:.1f} % ({one.low_pct:.1f}–{one.high_pct:.1f})"


# --- the panel ----------------------------------------------------------------------------------------


def about_people(report: PeopleReport, state: State) -> tuple[EvidenceSection, ...]:
    """Say what holds most up, how nights are beside days, whom which lesson would help; that it adds up."""
    stage = next((one for one in report.stages if _key(STAGE, "", one.stage) == state.here), None)
    first = next(iter(report.stages), None)
    sections = []
    if stage is not None:
        sections.append(EvidenceSection(trn(state.stage(stage.stage)), _stage(stage)))
    if first is not None and first is not stage:
        name = tr("Holds most up: {stage}", stage=trn(state.stage(first.stage)))
        sections.append(EvidenceSection(name, _stage(first)))
    return (
        *sections,
        EvidenceSection(tr("Errors by night and by day"), _contrast(report.contrast)),
        EvidenceSection(tr("Who needs which lesson"), _lessons(report, state)),
        EvidenceSection(tr("It adds up"), _sums(report)),
    )


def _stage(one: StageFigures) -> tuple[Item, ...]:
    lines = _lines(
        (tr("Stand there on average"), f"{one.queue:.1f}"),
        (tr("Part of all waiting"), f"{one.wait_share_pct:.1f} %"),
        (tr("Came, an hour"), f"{one.arrivals_h:.1f}"),
        (tr("Can leave, an hour"), f"{one.capacity_h:.1f}"),
        (tr("Waiting of each, on average"), span(round(one.wait_each_s))),
    )
    if not one.before_n:
        return (lines, Paragraph(tr("As many days before, none went through here."), NOTE))
    said = tr(
        "{times} times the waiting of as many days before ({before}, n = {n})",
        times=f"{one.growth:.1f}",
        before=span(round(one.before_s)),
        n=count(one.before_n),
    )
    return (lines, MarkedLine("waits" if one.has_grown else "met", said))


def _contrast(one: Contrast) -> tuple[Item, ...]:
    needed = tr(
        "To tell {low} % from {high} % takes about {n} a group.",
        low=f"{_USUAL[0]:.1f}",
        high=f"{_USUAL[1]:.1f}",
        n=count(round(needed_to_tell(*_USUAL), -2)),
    )
    wide = theme.current().px("line.number.w") * 2
    both = ((tr("By night"), _of(one.night)), (tr("By day"), _of(one.day)))
    lines = Lines((Column("what", ""), Column("figure", "", wide, kind="number")), both)
    if not (one.night.of and one.day.of):
        none = tr("Nothing to compare: one of both has none.")
        return (lines, Paragraph(none, NOTE), Paragraph(needed, NOTE))
    apart = tr(
        "Apart by {low} to {high} points",
        low=f"{one.low_pct:+.1f}",
        high=f"{one.high_pct:+.1f}",
    )
    said = tr("more than chance") if one.is_beyond_chance else tr("may be chance")
    more = tr("Shares like these are told apart by about {n} a group.", n=count(one.needed))
    return (
        lines,
        MarkedLine("waits" if one.is_beyond_chance else "", f"{apart}: {said}"),
        *((Paragraph(more, NOTE),) if 0 < one.needed < _SENSIBLE and not one.is_beyond_chance else ()),
        Paragraph(needed, NOTE),
    )


def _of(one: Share) -> str:
    return tr("{share}, {count} of {n}", share=_share(one), count=count(one.count), n=count(one.of))


def _lessons(report: PeopleReport, state: State) -> tuple[Item, ...]:
    if not report.practice:
        none = tr("Nobody stands out. Less than {n} times of somebody are no ground.", n=TIMED_LEAST)
        return (Paragraph(none, NOTE),)
    return tuple(item for one in report.practice for item in _practice(one, state))


def _practice(one: Practice, state: State) -> tuple[Item, ...]:
    who = trn(state.group(PERSON, one.person))
    name = f"{who} · {trn(state.stage(one.stage))}"
    said = tr(
        "{times} times as long as the others ({interval}), n = {n} and {group}",
        times=f"{one.ratio.times:.1f}",
        interval=_ratio(one.ratio),
        n=count(one.n),
        group=count(one.group_n),
    )
    items: list[Item] = [MarkedLine("waits" if one.is_named else "", said, name=name)]
    if not one.is_named and one.passed_at is None:
        small = tr("Sample too small: {n} times or {cases} cases are needed", n=TIMED_LEAST, cases=ENOUGH)
        return (*items, Paragraph(small, NOTE))
    if not one.errors.is_small:
        own, group = _share(one.errors), _share(one.group_errors)
        items.append(Paragraph(tr("Done again: {own}, of the others {group}", own=own, group=group), NOTE))
    deck = " · ".join(tr(title) for title in state.lessons.get(one.stage, ()))
    if one.passed_at is None:
        lesson = tr("Lesson: {lesson}", lesson=deck) if deck else tr("No lesson teaches this yet.")
        items.append(Paragraph(lesson))
    elif one.after is None:
        items.append(Paragraph(tr("The lesson is passed; nothing of this came since."), NOTE))
    else:
        after = tr(
            "Since the lesson {times} times as long as before it ({interval}), n = {n}",
            times=f"{one.after.times:.1f}",
            interval=_ratio(one.after),
            n=count(one.after_n),
        )
        items.append(MarkedLine("met" if one.after.high < 1 else "", after))
    return tuple(items)


def _ratio(one: Ratio) -> str:
    return f"{one.low:.1f}–{one.high:.1f}"


def _sums(report: PeopleReport) -> tuple[Item, ...]:
    apart = abs(report.logged_s - report.split_s)
    agrees = apart <= report.logged_s / 100
    rows = _lines(
        (tr("In the house, by the journal"), tr("{h} h", h=f"{report.logged_s / 3600:,.1f}")),
        (tr("In the work states above"), tr("{h} h", h=f"{report.split_s / 3600:,.1f}")),
        (tr("At orders, noted by desks"), tr("{h} h", h=f"{report.focus_s / 3600:,.1f}")),
        (tr("of these within a work state"), tr("{h} h", h=f"{report.placed_s / 3600:,.1f}")),
    )
    said = tr("Less than 1 % apart") if agrees else tr("More than 1 % apart")
    note = tr("Desks note at which order somebody is, pauses above a minute taken out; never what is typed.")
    return (rows, MarkedLine("met" if agrees else "stops", said), Paragraph(note, NOTE))


def _lines(*rows: tuple[str, str]) -> Lines:
    figure = theme.current().px("line.number.w")
    columns = (Column("what", ""), Column("figure", "", figure, kind="number"))
    return Lines(columns, rows)
