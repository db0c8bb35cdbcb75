"""Second step of the import wizard: how a file is written, each guess changeable, its first lines."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.imports import FileLook
from app.presenters.import_file import State
from widgets import theme
from widgets.fields import ComboField, Field, NumberField
from widgets.import_words import column_px, delimiter_words, delimiters, encoding_words, encodings
from widgets.prose import NOTE, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import tr, trn

HEADER_ROW_MAX = 100
CELLS_MAX = 12
"""So many columns of the first lines are shown; the next step shows them all."""


class ReadingBody(QWidget):
    """Encoding and delimiter, or sheet; the row of the headings; the lines as they stand."""

    file_chosen = Signal(str)
    read_as = Signal(str, str)
    """What, and how."""

    def __init__(self, wanted: Container[str]) -> None:
        """`wanted`: what a hand chose a moment ago; it stays as chosen until the hub has answered."""
        super().__init__()
        self._wanted = wanted
        px = theme.current().px
        self.file, self.encoding, self.delimiter, self.sheet = (ComboField() for _ in range(4))
        self.header = NumberField(1, HEADER_ROW_MAX)
        self.header.setKeyboardTracking(False)
        self.header.lineEdit().setObjectName("import_file/header_row/number")
        self.fields = {
            "file": Field("import_file/file", "", "", self.file, width="quantity.w"),
            "encoding": Field("import_file/encoding", "", "", self.encoding, width="quantity.w"),
            "delimiter": Field("import_file/delimiter", "", "", self.delimiter, width="quantity.w"),
            "sheet": Field("import_file/sheet", "", "", self.sheet, width="quantity.w"),
            "header_row": Field("import_file/header_row", "", "", self.header, width="line.number.w"),
        }
        self.file.answered.connect(self.file_chosen)
        for name, control in (
            ("encoding", self.encoding),
            ("delimiter", self.delimiter),
            ("sheet", self.sheet),
            ("header_row", self.header),
        ):
            control.answered.connect(lambda value, name=name: self.read_as.emit(name, value))
        self.note = Prose(style=NOTE)
        self.lines = ListModel(())
        self.table = Table("", self.lines, edge="space.2")
        self.table.setObjectName("import_file/lines")
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        row = QHBoxLayout()
        row.setSpacing(px("space.4"))
        for field in self.fields.values():
            row.addWidget(field)
        row.addStretch(1)
        edge = px("space.5")
        head = QVBoxLayout()
        head.setContentsMargins(edge, 0, edge, 0)
        head.setSpacing(px("space.1"))
        head.addLayout(row)
        head.addWidget(self.note)
        rows = QHBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.2"))
        column.addLayout(head)
        column.addLayout(rows, 1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        for name, label in (
            ("file", tr("File")),
            ("encoding", tr("Encoding")),
            ("delimiter", tr("Between columns")),
            ("sheet", tr("Sheet")),
            ("header_row", tr("Row of headings")),
        ):
            self.fields[name].name_anew(label)
        self.header.lineEdit().setAccessibleName(tr("Row of headings"))
        self.table.setAccessibleName(tr("First lines of the file"))

    def draw(self, state: State) -> None:
        """Show how the file in front is read."""
        look = state.look
        if look is None:
            return
        is_text = look.kind == "csv"
        self.fields["file"].setVisible(len(state.files) > 1)
        self.fields["encoding"].setVisible(is_text)
        self.fields["delimiter"].setVisible(is_text)
        self.fields["sheet"].setVisible(not is_text)
        reading, found = look.reading, look.found
        self._offer("file", [(each.id, each.name) for each in state.files], look.id)
        self._offer("encoding", encodings(found.encoding), reading.encoding)
        self._offer("delimiter", delimiters(found.delimiter), reading.delimiter)
        self._offer("sheet", [(name, name) for name in look.sheets], reading.sheet)
        if "header_row" not in self._wanted and self.header.answer() != str(reading.header_row):
            self.header.set_answer(str(reading.header_row))
        for name, is_own, words in (
            ("encoding", reading.encoding != found.encoding, encoding_words(found.encoding)),
            ("delimiter", reading.delimiter != found.delimiter, delimiter_words(found.delimiter)),
            ("sheet", reading.sheet != found.sheet, found.sheet),
            ("header_row", reading.header_row != found.header_row, str(found.header_row)),
        ):
            told = tr("Yours; found: {value}", value=words) if is_own else tr("As found")
            self.fields[name].set_state("" if is_own else "ok", told)
        self.note.show_words(trn(look.note) if look.note is not None else "")
        self._draw_lines(look)

    def _offer(self, name: str, options: list[tuple[str, str]], value: str) -> None:
        """Offer answers; a list somebody holds open, and what a hand chose just now, stay as they are."""
        combo = self.fields[name].control
        if isinstance(combo, ComboField) and name not in self._wanted and not combo.view().isVisible():
            combo.set_options(options)
            combo.set_answer(value)

    def _draw_lines(self, look: FileLook) -> None:
        px = theme.current().px
        wide = min(max((len(line) for line in look.lines), default=1), CELLS_MAX)
        row_px = px("disc") + px("space.4")
        widths = [
            column_px(str(at + 1), (line[at] for line in look.lines if at < len(line))) for at in range(wide)
        ]
        fits = row_px + sum(widths) <= self.table.viewport().width()
        columns = (
            Column("row", tr("Row"), row_px, kind="number"),
            *(Column(str(at), str(at + 1), 0 if fits else widths[at]) for at in range(wide)),
        )
        if columns != self.lines.columns:
            self.lines = ListModel(columns)
            self.table.show_model(self.lines)
        head = look.reading.header_row
        self.lines.show_rows([_line(at, cells, wide, head) for at, cells in enumerate(look.lines, 1)])


def _line(at: int, cells: tuple[str, ...], wide: int, head: int) -> TableRow:
    shown = tuple(cells[n] if n < len(cells) else "" for n in range(wide))
    if at != head:
        return TableRow(str(at), (str(at), *shown), faded=at < head)
    return TableRow(str(at), (str(at), *(Cell(cell, bold=True) for cell in shown)), chosen=True)
