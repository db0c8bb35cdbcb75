"""What stands beside the question of a guide: the order now, the buyer's words, what would change."""

from __future__ import annotations

from typing import Final

from app.domain.stock import Stock
from app.form import Shelf
from app.guide_state import State
from app.preview import DiffRow as PreviewRow
from widgets.diff import DiffRow, DiffTitles
from widgets.evidence import EvidenceSection, Figure, Figures, Item, MarkedLine, Paragraph, Quote
from widgets.phrases import flagged, pieces_words, sides
from widgets.prose import Rich, Span
from widgets.words import count, money, tr, trn

_MARKS: Final = {"met": "met", "waits": "waits", "stops": "stops"}


def titles() -> DiffTitles:
    return DiffTitles(tr("Field"), tr("Before"), tr("After"), tr("Why"))


def diff(row: PreviewRow) -> DiffRow:
    verdict = trn(row.verdict) if row.verdict and row.verdict.message else ""
    before, after = sides(row)
    return DiffRow(tr(row.label), before, after, verdict, is_changed=row.is_changed)


def sections(state: State) -> tuple[EvidenceSection, ...]:
    order = state.order
    known = _known(state)
    if order is None:
        return (*known, *_changes(state))
    pieces = sum(line.qty for line in order.lines)
    number = len(order.lines)
    lines = tr("1 line") if number == 1 else tr("{count} lines", count=count(number))
    worth = Figure(money(order.payable_minor, order.currency), f"{lines} · {pieces_words(pieces)}")
    found = [
        EvidenceSection(tr("This order now"), (worth,)),
        *known,
    ]
    said: list[Item] = []
    if order.receiver.raw:
        said.append(Quote(flagged(order.receiver.raw, state.offending), tr("As the buyer wrote the address")))
    if order.receiver.note:
        said.append(Quote(order.receiver.note, tr("Note of the buyer")))
    if order.receiver.memo:
        said.append(Quote(order.receiver.memo, tr("Memo")))
    if said:
        found.append(EvidenceSection(tr("In the buyer's words"), tuple(said)))
    found += _changes(state)
    return tuple(found)


def _known(state: State) -> list[EvidenceSection]:
    """What lies on the shelf, and what else the guide knows."""
    found = []
    shelf = state.subject
    if isinstance(shelf, Shelf):
        stock = shelf.stock or Stock(warehouse=shelf.warehouse, sku=shelf.sku)
        figures = (
            (count(stock.on_hand), tr("On hand")),
            (count(stock.reserved), tr("Promised")),
            (count(stock.available), tr("Free")),
        )
        found.append(EvidenceSection(tr("On the shelf now"), (Figures(figures),)))
    if state.notes:
        items = tuple(
            MarkedLine(_MARKS[note.mark], trn(note.text), name=tr(note.title))
            if note.mark in _MARKS
            else Paragraph((Span(tr(note.title), bold=True), "  ", trn(note.text)))
            for note in state.notes
        )
        found.append(EvidenceSection(tr("Good to know"), items))
    return found


def _changes(state: State) -> list[EvidenceSection]:
    """The gates, as they are or would be, and what would change."""
    found = []
    if state.gates:
        heading = tr("Gates after this") if state.is_after else tr("Gates now")
        gates = tuple(
            MarkedLine(_MARKS.get(mark, "not_yet"), trn(text), name=tr(title))
            for mark, title, text in state.gates
        )
        found.append(EvidenceSection(heading, gates))
    changes = [row for row in state.preview.rows if row.is_changed] if state.preview else []
    if changes and not state.is_last:
        found.append(
            EvidenceSection(tr("What would change"), tuple(Paragraph(_change(row)) for row in changes))
        )
    return found


def _change(row: PreviewRow) -> Rich:
    shown = diff(row)
    before: tuple[str | Span, ...] = (Span(f"− {shown.before}", role="bad"), "  ") if shown.before else ()
    return (Span(f"{shown.field}  ", role="text3"), *before, Span(f"+ {shown.after}", bold=True, role="ok"))
