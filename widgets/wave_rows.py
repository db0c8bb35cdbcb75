"""A wave planned together as lines of a table, and the panel beside them."""

from __future__ import annotations

from typing import Final

from app.presenters.wave import ASKED, BACK, LEFT, MOVED, PLANNED, Row, State
from app.text import N_
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import clock, count, money, tr, trn

_STATES: Final = {
    PLANNED: (N_("Planned"), "not_yet", ""),
    ASKED: (N_("Asked the hub"), "waits", "warn"),
    MOVED: (N_("Moved"), "met", ""),
    LEFT: (N_("Left out"), "stops", "bad"),
    BACK: (N_("Taken back"), "not_yet", ""),
}
"""Words, mark and colour of what became of a move."""


def columns_of_wave() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    name = wide + wide // 5
    return (
        Column("order", tr("Order"), name),
        Column("before", tr("Now from"), name),
        Column("after", tr("Then from"), name),
        Column("difference", tr("Difference"), wide * 2 - wide // 5),
        Column("why", tr("Reason")),
        Column("state", tr("State"), name),
    )


def rows_of_wave(state: State) -> list[TableRow]:
    """Those that move, in the order in which they are moved; then those that were left out, and why."""
    moves = [
        TableRow(row.move.order, _cells(row, state), faded=row.state in {LEFT, BACK}) for row in state.rows
    ]
    stays = [
        TableRow(
            one.order,
            (one.number, state.titles.get(one.warehouse, one.warehouse), "", "", trn(one.why), tr("Stays")),
            faded=True,
        )
        for one in state.stays
    ]
    return moves + stays


def _cells(row: Row, state: State) -> tuple[str | Cell, ...]:
    words, mark, role = _STATES[row.state]
    move = row.move
    return (
        Cell(move.number, bold=True),
        state.titles.get(move.before, move.before),
        state.titles.get(move.after, move.after),
        trn(move.difference),
        trn(row.said) if row.said is not None else trn(move.why),
        Cell(tr(words), mark, role=role),
    )


def summary(state: State) -> str:
    """Say what planning together brings, on one line."""
    if state.is_planning or state.planned_at is None:
        return ""
    at = clock(state.planned_at, state.zone)
    parts = [tr("{count} orders at {time}", count=count(state.count), time=at)]
    if not state.is_all:
        parts.append(tr("only those that leave first"))
    if state.rows:
        parts.append(tr("{count} to move", count=count(len(state.rows))))
    for currency, minor in state.saved:
        amount = money(abs(minor), currency)
        if minor:
            parts.append(tr("{money} saved", money=amount) if minor > 0 else tr("{money} more", money=amount))
    if earlier := sum(row.move.extra_h < 0 for row in state.rows):
        parts.append(tr("{count} arrive earlier", count=count(earlier)))
    return " · ".join(parts)


def about_line(state: State) -> tuple[EvidenceSection, ...]:
    """Say of the line under the keys what changes, why, and what became of it."""
    row, stay = state.current, state.staying
    if stay is not None:
        said = (
            MarkedLine("waits", trn(stay.why)),
            Paragraph(tr("It keeps its pieces where they lie."), NOTE),
        )
        return (EvidenceSection(tr("{number} stays", number=stay.number), said),)
    if row is None:
        return ()
    move = row.move
    before, after = (state.titles.get(code, code) for code in (move.before, move.after))
    sections = [
        EvidenceSection(
            move.number,
            (
                Paragraph(tr("{before} → {after}", before=before, after=after)),
                Paragraph(trn(move.difference)),
            ),
        ),
        EvidenceSection(tr("Reason"), (Paragraph(trn(move.why)),)),
    ]
    if row.said is not None:
        sections.append(EvidenceSection(tr("Left out"), (MarkedLine("stops", trn(row.said)),)))
    else:
        safe = tr(
            "The hub decides each move anew: its pieces are promised there before they are given back here."
        )
        sections.append(EvidenceSection(tr("Why it is safe"), (Paragraph(safe, NOTE),)))
    return tuple(sections)
