"""The newest receipts, counts and transfers of one article in one warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.goods import AHEAD, DOC_STATES, DOC_TITLES, DocKind, DocState, StockDoc
from app.domain.goods_events import signed
from widgets import theme
from widgets.evidence import ItemView, MarkedLine
from widgets.prose import HEADING, Prose
from widgets.words import count, day_there, moment, tr

_MARKS: Final = {
    DocState.ASKS: "waits",
    DocState.TRANSIT: "waits",
    DocState.EXPECTED: "waits",
    DocState.DONE: "met",
    DocState.WITHDRAWN: "not_yet",
}


class ShelfPapers(QWidget):
    """A heading and one line for each paper; nothing at all where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Prose(style=HEADING)
        self._lines: list[ItemView] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.current().px("space.1"))
        self._box.addWidget(self._heading)

    def show_docs(self, docs: Sequence[StockDoc], now: datetime | None, zone: str) -> None:
        """Show these papers, the newest first."""
        self.setVisible(bool(docs))
        for line in self._lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        if not docs or now is None:
            return
        self._heading.show_words(tr("Receipts, counts, transfers"))
        today_on = day_there(now, zone)
        self._lines = [ItemView(_line(doc, zone, today_on)) for doc in docs]
        for line in self._lines:
            self._box.addWidget(line)

    def words(self) -> list[str]:
        """What is said of each paper."""
        return [line.accessibleName() for line in self._lines]


def _line(doc: StockDoc, zone: str, today_on: date) -> MarkedLine:
    said = f"{_what(doc)} · {_pieces(doc)}"
    due = tr("expected on {on}", on=doc.due_on.isoformat()) if doc.due_on and doc.coming else ""
    note = " · ".join(part for part in (moment(doc.at, zone, today_on), due, doc.reference) if part)
    return MarkedLine(_MARKS[doc.state], said, note)


def _what(doc: StockDoc) -> str:
    """What it is about and, unless it is simply booked, where it stands."""
    if doc.is_held and doc.state is not DocState.WITHDRAWN:
        return tr("Held back") if doc.state is DocState.TRANSIT else tr("Looked at")
    if doc.state is DocState.WITHDRAWN:
        return f"{tr(DOC_TITLES[doc.kind])} {tr(DOC_STATES[doc.state])}"
    if doc.kind is DocKind.TRANSFER:
        return f"{doc.warehouse} → {doc.target}"
    return tr(DOC_STATES[doc.state] if doc.state is DocState.ASKS else DOC_TITLES[doc.kind])


def _pieces(doc: StockDoc) -> str:
    if doc.kind is DocKind.COUNT:
        return tr("{counted} ({difference})", counted=count(doc.qty), difference=signed(doc.difference))
    if doc.kind is DocKind.TRANSFER and doc.difference:
        return tr("{counted} ({difference})", counted=count(doc.arrived), difference=signed(doc.difference))
    if doc.kind in AHEAD and doc.arrived:
        return tr("{came} of {qty} came", came=count(doc.arrived), qty=count(doc.qty))
    return count(doc.qty)
