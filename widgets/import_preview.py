"""Fourth step of the import wizard: the first rows as understood, and why one should look at some of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.imports import PreviewCell, PreviewRow, Sample
from app.presenters.import_file import State
from widgets import theme
from widgets.cells import Kind
from widgets.controls import MarkLabel, Pane
from widgets.import_words import column_px
from widgets.prose import STRONG, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import tr, trn

DOUBTS_MAX = 3
_KINDS: dict[str, Kind] = {"money": "money", "number": "number"}


class PreviewBody(QWidget):
    """Twenty rows; a mark in each cell to look at, the sentences of the row under the keys below."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        self._sample = Sample()
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.2")
        self.table.setObjectName("import_file/preview")
        self.table.picked.connect(self._tell)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.row = Prose(style=STRONG)
        self.doubts = [MarkLabel("", "", size="body", role="text") for _ in range(DOUBTS_MAX)]
        foot = Pane("alt", "top")
        below = QVBoxLayout(foot)
        below.setContentsMargins(px("space.5"), px("space.2"), px("space.5"), px("space.2"))
        below.setSpacing(0)
        below.addWidget(self.row)
        for line in self.doubts:
            line.setMinimumHeight(px("line.body"))
            below.addWidget(line)
        rows = QVBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.2"))
        column.addLayout(rows, 1)
        column.addWidget(foot)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.table.setAccessibleName(tr("First rows as understood"))

    def draw(self, state: State) -> None:
        """Show the rows."""
        px, sample = theme.current().px, state.sample
        self._sample = sample
        row_px = px("space.6") + px("space.4")
        widths = [_width_px(sample, at) for at in range(len(sample.titles))]
        fits = row_px + sum(widths) <= self.table.viewport().width()
        columns = (
            Column("row", tr("Row"), row_px, kind="number"),
            *(
                Column(str(at), tr(title), 0 if fits else widths[at], kind=_KINDS.get(kind, "text"))
                for at, (title, kind) in enumerate(zip(sample.titles, sample.kinds, strict=True))
            ),
        )
        if columns != self.model.columns:
            self.model = ListModel(columns)
            self.table.show_model(self.model)
        self.model.show_rows([_row(row) for row in sample.rows])
        if sample.rows and not self.table.current_key():
            self.table.pick_first()
        self._tell(self.table.current_key())

    def sentences(self) -> list[str]:
        """What is said of the row under the keys."""
        return [line.accessibleName() for line in self.doubts if line.accessibleName()]

    def _tell(self, key: str) -> None:
        row = next((each for each in self._sample.rows if str(each.row_no) == key), None)
        self.row.show_words(tr("Row {row}", row=row.row_no) if row is not None else "")
        said = _said(row, self._sample) if row is not None else []
        if row is not None and not said:
            said = [("met", tr("Understood; nothing to look at."))]
        for at, line in enumerate(self.doubts):
            mark, words = said[at] if at < len(said) else ("", "")
            line.show_mark(mark, words)


def _width_px(sample: Sample, at: int) -> int:
    px, cells = theme.current().px, [row.cells[at] for row in sample.rows if at < len(row.cells)]
    mark = px("mark") + px("space.1") if any(cell.doubt for cell in cells) else 0
    return column_px(tr(sample.titles[at]), (cell.text for cell in cells), mark)


def doubtful(sample: Sample) -> int:
    """How many of the rows one should look at."""
    return sum(1 for row in sample.rows if row.problem is not None or any(cell.doubt for cell in row.cells))


def _said(row: PreviewRow, sample: Sample) -> list[tuple[str, str]]:
    said = [("stops", trn(row.problem))] if row.problem is not None else []
    for title, cell in zip(sample.titles, row.cells, strict=False):
        if cell.doubt is not None:
            said.append(("waits", tr("{field}: {why}", field=tr(title), why=trn(cell.doubt))))
    return said


def _row(row: PreviewRow) -> TableRow:
    number: str | Cell = str(row.row_no)
    if row.problem is not None:
        number = Cell(str(row.row_no), "stops", role="bad")
    return TableRow(str(row.row_no), (number, *(_cell(cell) for cell in row.cells)))


def _cell(cell: PreviewCell) -> str | Cell:
    return Cell(cell.text or "–", "waits", role="warn") if cell.doubt is not None else cell.text
