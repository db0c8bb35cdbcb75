"""Notices as lines of a table, and the panel beside them."""

from __future__ import annotations

from app.domain.bell import Notice, Told
from app.presenters.notices import State
from app.text import Text
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import day_there, moment, tr, trn


def columns_of_notices() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    return (
        Column("order", tr("Order"), wide + wide // 2),
        Column("gate", tr("Gate"), wide + wide // 2),
        Column("said", tr("What keeps it")),
        Column("state", tr("State"), wide * 2),
        Column("at", tr("Since"), wide + wide // 2),
    )


def rows_of_notices(state: State) -> list[TableRow]:
    """The newest first; what was read is no longer bold."""
    today = day_there(state.now, state.zone) if state.now is not None else None
    return [
        TableRow(
            one.key,
            (
                Cell(one.number, bold=one.read_at is None),
                tr(state.gates.get(one.gate, one.gate)),
                trn(one.said),
                _state(one),
                moment(one.since, state.zone, today) if today is not None else "",
            ),
            faded=one.read_at is not None,
        )
        for one in state.notices
    ]


def _state(one: Notice) -> Cell:
    if one.over_at is not None:
        return Cell(tr("Not held any more"), "met")
    if one.read_at is None:
        return Cell(tr("Unread"), "waits", role="warn")
    return Cell(tr("Held"), "waits")


def columns_of_log() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    return (
        Column("order", tr("Order"), wide + wide // 2),
        Column("gate", tr("Gate"), wide + wide // 2),
        Column("person", tr("Told")),
        Column("where", tr("Where"), wide * 2),
        Column("state", tr("What became of it"), wide * 2),
        Column("at", tr("At"), wide + wide // 2),
    )


def rows_of_log(state: State) -> list[TableRow]:
    """The newest first."""
    today = day_there(state.now, state.zone) if state.now is not None else None
    return [
        TableRow(
            one.key,
            (
                one.number,
                tr(state.gates.get(one.gate, one.gate)),
                state.names.get(one.person, one.person),
                tr("Desk and outside") if one.is_outside else tr("Desk"),
                _delivered(one),
                moment(one.told_at, state.zone, today) if today is not None else "",
            ),
        )
        for one in state.log or ()
    ]


def _delivered(one: Told) -> Cell:
    if one.read_at is not None:
        return Cell(tr("Read"), "met")
    if one.state == "failed":
        return Cell(tr("Failed outside"), "stops", role="bad")
    if one.state == "todo":
        return Cell(tr("On its way"), "waits")
    return Cell(tr("Sent"), "not_yet")


def about_notice(state: State) -> tuple[EvidenceSection, ...]:
    """Say of the notice under the keys what keeps the order, what to do, and why one was told."""
    one = state.current
    if one is None:
        return ()
    sections = [
        EvidenceSection(
            f"{one.number} · {tr(state.gates.get(one.gate, one.gate))}",
            (MarkedLine("met" if one.over_at is not None else "waits", trn(one.said)),),
        )
    ]
    if one.over_at is not None:
        sections.append(EvidenceSection(tr("Now"), (Paragraph(tr("It is not held by this gate any more.")),)))
    elif one.hint:
        sections.append(EvidenceSection(tr("What to do"), (Paragraph(trn(Text(one.hint))),)))
    if one.instead_of:
        who = state.names.get(one.instead_of, one.instead_of)
        told = tr("{who} was told before and has not looked. You are the deputy.", who=who)
        sections.append(EvidenceSection(tr("Why you"), (Paragraph(told, NOTE),)))
    return tuple(sections)
