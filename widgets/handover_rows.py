"""How the screen says what one shift leaves to the next: lines, earlier pages, names and what came since."""

from __future__ import annotations

from datetime import datetime

from app.domain.handover import LINES_MOST, Handover, Open, What
from app.handing import Since
from app.presenters.handover import PAGE, State
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Figures, Item, MarkedLine, Paragraph, Quote
from widgets.prose import NOTE
from widgets.words import count, day_there, moment, tr, trn

_MARKS = {What.SNAG: "waits", What.HOLD: "stops", What.PARCEL: "not_yet", What.REVIEW: "now"}
_SINCE = {
    Since.SAME: "not_yet",
    Since.DONE: "met",
    Since.OWNER: "now",
    Since.MOVED: "waits",
    Since.NEW: "stops",
}


def columns_of_lines(state: State) -> tuple[Column, ...]:
    """Name the columns; of a signed page, what became of each line stands last."""
    wide = theme.current().px("history.delivery.w")
    some = wide + wide // 4
    is_signed = state.split == PAGE
    last = (Column("since", tr("Since then"), some),) if is_signed else ()
    return (
        Column("what", tr("What is open"), wide * 2, kind="mark"),
        Column("order", tr("Order"), some, kind="strong"),
        Column("why", tr("Why it is open")),
        Column("whose", tr("Whose"), wide),
        Column("until", tr("Until"), some, kind="mark"),
        Column("note", tr("Sentence"), some if is_signed else wide * 2),
        *last,
    )


def rows_of_lines(state: State) -> list[TableRow]:
    """What is promised first stands on top; what is new since stands last, what is done is faded."""
    return [
        TableRow(
            one.key,
            (
                Cell(tr(state.title(one)), _MARKS[one.what]),
                one.number,
                trn(one.why),
                state.names.get(one.owner, one.owner),
                _until(one, state),
                one.remark,
                *((_since(one, state),) if state.split == PAGE else ()),
            ),
            faded=state.split == PAGE and state.became.get(one.key) is Since.DONE,
        )
        for one in state.shown
    ]


def _until(line: Open, state: State) -> Cell | str:
    if line.until is None:
        return ""
    is_over = state.now is not None and line.until < state.now
    return Cell(_at(line.until, state), "stops", bold=True, role="bad") if is_over else _at(line.until, state)


def _since(line: Open, state: State) -> Cell:
    return Cell(trn(state.since(line)), _SINCE[state.became.get(line.key, Since.SAME)])


def columns_of_pages() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    return (
        Column("at", tr("Left at"), wide + wide // 2),
        Column("left", tr("Left by"), wide * 2),
        Column("taken", tr("Taken over by"), wide * 2),
        Column("open", tr("Left open"), wide, align="right"),
        Column("note", tr("About the whole")),
    )


def rows_of_pages(state: State) -> list[TableRow]:
    """The newest first."""
    return [
        TableRow(
            page.id,
            (
                _at(page.left_at, state),
                state.names.get(page.left_by, page.left_by),
                _taken(page, state),
                count(len(page.lines) + page.more),
                page.remark,
            ),
        )
        for page in state.pages
    ]


def _taken(page: Handover, state: State) -> Cell:
    if not page.taken_by:
        return Cell(tr("Nobody so far"), "waits", role="warn")
    return Cell(state.names.get(page.taken_by, page.taken_by), "met")


def about(state: State) -> tuple[EvidenceSection, ...]:
    """Say whose names stand under the page, what its author says, what came since; then the line."""
    if state.split == PAGE and state.page is not None:
        return (*_about_page(state.page, state), *_about_line(state))
    if not state.is_loaded or state.split != "now":
        return ()
    words: tuple[Item, ...] = (Quote(state.remark),) if state.remark else ()
    hint = tr("A says what whoever comes must know. It is signed with the lines.")
    whole = EvidenceSection(tr("About the whole"), words or (Paragraph(hint, NOTE),))
    passing = tr("What you have claimed goes to whoever takes over.")
    keeping = tr("What you have claimed stays yours.")
    claims = EvidenceSection(tr("Claims"), (Paragraph(passing if state.passes else keeping, NOTE),))
    room = (
        ()
        if not state.more
        else (
            EvidenceSection(
                tr("Not on this page"),
                (
                    MarkedLine("waits", tr("{count} more are open.", count=count(state.more))),
                    Paragraph(
                        tr("A page has room for {most}. Hand over one warehouse at a time.", most=LINES_MOST),
                        NOTE,
                    ),
                ),
            ),
        )
    )
    rule = tr("Whoever leaves and whoever comes are two people. Both sign exactly these lines.")
    two = EvidenceSection(tr("Two names"), (Paragraph(rule, NOTE),))
    return (*room, whole, claims, two, *_about_line(state))


def _about_page(page: Handover, state: State) -> tuple[EvidenceSection, ...]:
    left = f"{state.names.get(page.left_by, page.left_by)}, {_at(page.left_at, state)}"
    taken = MarkedLine("waits", tr("Nobody so far"), name=tr("Takes over"))
    if page.taken_at is not None:
        who = f"{state.names.get(page.taken_by, page.taken_by)}, {_at(page.taken_at, state)}"
        taken = MarkedLine("met", who, name=tr("Takes over"))
    seal = page.seal.upper()
    stands = tr("Both stand under {seal}.", seal=f"{seal[:4]} {seal[4:8]}")
    names = (MarkedLine("met", left, name=tr("Leaves")), taken, Paragraph(stands, NOTE))
    sections = [EvidenceSection(tr("Names"), names)]
    if page.remark:
        sections.append(EvidenceSection(tr("About the whole"), (Quote(page.remark),)))
    if page.claims:
        passed = tr("{count} claims go to whoever takes over.", count=count(len(page.claims)))
        sections.append(EvidenceSection(tr("Claims"), (Paragraph(passed, NOTE),)))
    if page.more:
        unnamed = tr("{count} more were open, this page does not name them.", count=count(page.more))
        sections.append(EvidenceSection(tr("Not on this page"), (MarkedLine("waits", unnamed),)))
    became = list(state.became.values())
    done, new = became.count(Since.DONE), became.count(Since.NEW)
    other = became.count(Since.OWNER) + became.count(Since.MOVED)
    figures = (
        (count(done), tr("done")),
        (count(other), tr("moved or passed on")),
        (count(new), tr("new since")),
    )
    sections.append(EvidenceSection(tr("Since then"), (Figures(figures),)))
    return tuple(sections)


def _about_line(state: State) -> tuple[EvidenceSection, ...]:
    line = state.current
    if line is None:
        return ()
    said: list[Item] = [MarkedLine(_MARKS[line.what], trn(line.why))]
    if line.remark:
        said.append(Quote(line.remark))
    heading = f"{line.number} · {tr(state.title(line))}" if line.number else tr(state.title(line))
    return (EvidenceSection(heading, tuple(said)),)


def _at(at: datetime, state: State) -> str:
    return moment(at, state.zone, day_there(state.now or at, state.zone))
