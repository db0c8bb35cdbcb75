"""A list or a map as a table with keys below it: add a row, open it, move it, take it away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.schema_form import Entry, Row
from widgets import theme
from widgets.controls import Button, body
from widgets.flow import Flow
from widgets.inputs import ComboField, TextField
from widgets.prose import NOTE, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import named, tr


class RowsTable(Table):
    """Rows that keys move and take away."""

    moved = Signal(int)
    removed = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class RowsField(QWidget):
    """Heading, sentence, table, and what can be done with its rows."""

    picked = Signal(str)
    entered = Signal(str)
    added = Signal(str)
    removed = Signal(str)
    moved = Signal(str, int)

    def __init__(self, code: str, *, is_fixed: bool) -> None:
        super().__init__()
        px = theme.current().px
        self._entry: Entry | None = None
        self._is_fixed = is_fixed
        self.model = ListModel(())
        self.heading, self.hint = body("", bold=True), Prose(style=NOTE)
        self.table = RowsTable("", self.model, whole=True)
        self.table.setObjectName(f"{code}/rows")
        self.table.picked.connect(self._picked)
        self.table.opened.connect(self.entered)
        self.table.moved.connect(self._move)
        self.table.removed.connect(self._remove)
        self.known, self.name = ComboField(), TextField()
        self.buttons = {name: Button("") for name in ("add", "open", "up", "down", "remove")}
        acts = {
            "add": self._add, "open": self.table.open_current, "up": lambda: self._move(-1),
            "down": lambda: self._move(1), "remove": self._remove,
        }  # fmt: skip
        self.keys = QWidget()
        row = Flow(px("space.2"))
        self.keys.setLayout(row)
        for name, control in (("known", self.known), ("name", self.name)):
            control.setObjectName(f"{code}/{name}")
            control.setFixedWidth(px("quantity.w"))
            row.addWidget(control)
        self.name.returnPressed.connect(self._add)
        for name, button in self.buttons.items():
            button.setObjectName(f"{code}/{name}")
            button.clicked.connect(acts[name])
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px("space.1"))
        for part in (self.heading, self.hint, self.table, self.keys):
            column.addWidget(part)

    def show_entry(self, one: Entry) -> None:
        """Show the rows there are."""
        label = named(one.label)
        if self._entry is None or self._entry.heads != one.heads:
            self._columns(one)
        self._entry = one
        self.heading.setText(tr("{field} (required)", field=label) if one.is_required else label)
        self.hint.show_words(named(one.hint))
        self.hint.setVisible(bool(one.hint))
        self.table.setAccessibleName(label)
        self.table.setAccessibleDescription(named(one.hint))
        self.model.show_rows([self._row(each, one) for each in one.rows])
        self.table.setVisible(bool(one.rows))
        self.known.setAccessibleName(tr("New row of {field}", field=label))
        self.name.setAccessibleName(tr("Name of the new row of {field}", field=label))
        self.name.setPlaceholderText(tr("Name of the new row"))
        self.known.set_options([(name, named(words)) for name, words in one.names])
        if self.known.currentIndex() < 0:
            self.known.setCurrentIndex(0)
        words = {
            "add": tr("Add"), "open": tr("Open"), "up": tr("Up"), "down": tr("Down"), "remove": tr("Remove"),
        }  # fmt: skip
        for name, said in words.items():
            self.buttons[name].setText(said)
            self.buttons[name].setAccessibleName(f"{label}: {said}")
        self._offer()

    def _columns(self, one: Entry) -> None:
        px = theme.current().px
        first, second = map(named, one.heads)
        columns = [Column("name", first, kind="strong")] if second else [Column("name", first)]
        if second:
            columns.append(Column("value", second))
        self.model = ListModel((*columns, Column("state", tr("State"), px("line.number.w"), kind="mark")))
        self.table.show_model(self.model)

    def _row(self, each: Row, one: Entry) -> TableRow:
        if each.is_wrong:
            state = Cell(tr("Look here"), "stops")
        elif self._is_fixed:
            state = Cell(tr("Fixed"), "not_yet")
        else:
            state = Cell(tr("Yours"), "now") if each.is_changed else Cell(tr("As shipped"), "met")
        cells = (named(each.name), named(each.value)) if one.heads[1] else (named(each.name or each.value),)
        return TableRow(each.key, (*cells, state))

    def _offer(self) -> None:
        one = self._entry
        if one is None:
            return
        has_row = bool(self.table.current_key())
        self.known.setVisible(not self._is_fixed and bool(one.names))
        self.name.setVisible(not self._is_fixed and not one.is_list and not one.names)
        for name, button in self.buttons.items():
            is_of_lists = name in ("up", "down")
            is_free = not self._is_fixed and (not is_of_lists or one.is_list)
            has_use = name == "add" or bool(one.rows)
            button.setVisible(has_use and (is_free or name == "open"))
            button.setEnabled(name == "add" or has_row)

    def _picked(self, key: str) -> None:
        self._offer()
        if key:
            self.picked.emit(key)

    def _add(self) -> None:
        one = self._entry
        if one is None or self._is_fixed:
            return
        name = "" if one.is_list else self.known.answer() if one.names else self.name.answer().strip()
        self.name.set_answer("")
        self.added.emit(name)

    def _move(self, by: int) -> None:
        if (
            self._entry is not None
            and self._entry.is_list
            and not self._is_fixed
            and self.table.current_key()
        ):
            self.moved.emit(self.table.current_key(), by)

    def _remove(self) -> None:
        if not self._is_fixed and self.table.current_key():
            self.removed.emit(self.table.current_key())
