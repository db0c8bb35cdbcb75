"""A form drawn from its entries: one control for each thing that can be said, tables for lists and maps.

What is typed is told after a short rest, what is chosen at once; nothing that is being typed is written over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.schema_form import Entry
from widgets import theme
from widgets.controls import Hairline, section
from widgets.drag_table import key_at
from widgets.duration_field import DurationField
from widgets.fields import Field
from widgets.inputs import ComboField, LinesField, NumberField, TextField
from widgets.prose import NOTE, Prose
from widgets.rows_field import RowsField
from widgets.switch_field import SwitchField
from widgets.words import named, tr, trn

REST_MS: Final = 350
MOST: Final = 2_000_000
TYPED: Final = ("text", "lines", "values", "any", "number", "duration")
Control = TextField | LinesField | ComboField | NumberField | DurationField | SwitchField


class SchemaForm(QWidget):
    """The entries of one place, from top to bottom."""

    said = Signal(str, str)
    """A field, and what it says now."""
    chosen = Signal(str)
    """A field or a row has the keys."""
    entered = Signal(str)
    added = Signal(str, str)
    removed = Signal(str)
    moved = Signal(str, int)

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page
        self._shape: tuple[object, ...] = ()
        self._shown: tuple[Sequence[Entry], bool] = ((), False)
        self._waiting: dict[str, str] = {}
        self._typing = ""
        self._is_showing = False
        self.fields: dict[str, Field] = {}
        self.tables: dict[str, RowsField] = {}
        self._keys: dict[QObject, str] = {}
        self._column = QVBoxLayout(self)
        px = theme.current().px
        self._column.setContentsMargins(0, px("space.2"), px("space.2"), px("space.4"))
        self._column.setSpacing(px("space.3"))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.flush)

    def show_entries(self, place: str, entries: Sequence[Entry], *, is_fixed: bool) -> None:
        """Show a place; where it is the same, only what its fields say changes."""
        if entries is self._shown[0] and is_fixed == self._shown[1] and self._shape:
            return
        self._shown = (entries, is_fixed)
        shape = (place, is_fixed, *((one.key, one.kind, one.options, one.depth) for one in entries))
        self._is_showing = True
        if shape != self._shape:
            self._shape = shape
            held = next((key for part, key in self._keys.items() if part is QApplication.focusWidget()), "")
            self._build(entries, is_fixed=is_fixed)
            if held in self.fields:
                self.fields[held].control.setFocus()
        for one in entries:
            self._show(one, is_fixed=is_fixed)
        self._is_showing = False

    def follow(self, key: str) -> None:
        """Have the row under the keys that is there now: one that was moved is still the same."""
        for at, table in self.tables.items():
            if key.startswith(f"{at}/") and table.table.current_key() != key:
                self._is_showing = True
                table.table.pick(key)
                self._is_showing = False

    def say_anew(self) -> None:
        """Build it again, in another language."""
        self._shape = ()

    def flush(self) -> None:
        """Tell what was typed and waits."""
        self._rest.stop()
        waiting, self._waiting = self._waiting, {}
        for key, value in waiting.items():
            self.said.emit(key, value)

    def settle(self) -> None:
        """What was typed is over: fields show what there is, whoever has the keys."""
        self.flush()
        self._typing = ""

    def target_at(self, place: QPoint) -> str:
        """Return the field, or row, at a place of the screen; empty where there is none."""
        for at, table in self.tables.items():
            if table.rect().contains(table.mapFromGlobal(place)):
                return key_at(table.table, place) or at
        over = [
            key for key, field in self.fields.items() if field.rect().contains(field.mapFromGlobal(place))
        ]
        return over[0] if over else ""

    def light(self, key: str) -> None:
        """Show that a field or row would take what is carried."""
        if key in self.fields:
            self.fields[key].control.setFocus()
        for table in self.tables.values():
            table.table.pick(key)

    def focus_first(self) -> None:
        """Give the keys to the first thing that takes them."""
        first = next(iter(self._keys), None)
        if isinstance(first, QWidget):
            first.setFocus()

    def focus(self, key: str) -> None:
        """Give the keys to a field, or to the table with a row."""
        for at, table in self.tables.items():
            if key.startswith(f"{at}/") and table.table.pick(key):
                table.table.setFocus()
        if key in self.fields:
            self.fields[key].control.setFocus()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_showing or watched not in self._keys:
            return False
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit(self._keys[watched])
        elif event.type() == QEvent.Type.FocusOut and self._waiting:
            self.flush()
        return super().eventFilter(watched, event)

    def _build(self, entries: Sequence[Entry], *, is_fixed: bool) -> None:
        self.fields, self.tables, self._keys = {}, {}, {}
        self._waiting, self._typing = {}, ""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for one in entries:
            made = self._made(one, is_fixed=is_fixed)
            made.setContentsMargins(one.depth * theme.current().px("space.4"), 0, 0, 0)
            self._column.addWidget(made)
        self._column.addStretch(1)

    def _made(self, one: Entry, *, is_fixed: bool) -> QWidget:
        if one.kind == "group":
            return _heading(one)
        if one.kind == "table":
            table = RowsField(f"{self._page}/{one.key}", is_fixed=is_fixed)
            table.picked.connect(self._pick)
            table.entered.connect(self.entered)
            table.added.connect(lambda name, key=one.key: self.added.emit(key, name))
            table.removed.connect(self.removed)
            table.moved.connect(self.moved)
            self.tables[one.key] = table
            self._watch(table.table, one.key)
            return table
        control = _control(one)
        label = named(one.label)
        shown = tr("{field} (required)", field=label) if one.is_required and one.kind != "switch" else label
        field = Field(f"{self._page}/{one.key}", shown, named(one.hint), control)
        control.answered.connect(lambda value, key=one.key, kind=one.kind: self._tell(key, kind, value))
        if isinstance(control, TextField):
            control.returnPressed.connect(self.flush)
        control.setEnabled(not is_fixed)
        self.fields[one.key] = field
        self._watch(control.count if isinstance(control, DurationField) else control, one.key)
        return field

    def _watch(self, control: QWidget, key: str) -> None:
        self._keys[control] = key
        control.installEventFilter(self)

    def _show(self, one: Entry, *, is_fixed: bool) -> None:
        if one.kind == "table":
            self.tables[one.key].show_entry(one)
        field = self.fields.get(one.key)
        if field is None:
            return
        control = field.control
        is_typed = one.key in self._waiting or (one.key == self._typing and _has_keys(control))
        if isinstance(control, Control) and not is_typed and control.answer() != one.value:
            control.set_answer(one.value)
        if one.error is not None:
            field.set_state("error", trn(one.error))
        else:
            field.set_state("", tr("Yours") if one.is_changed and not is_fixed else "")

    def _tell(self, key: str, kind: str, value: str) -> None:
        if self._is_showing:
            return
        if kind in TYPED:
            self._typing = key
            self._waiting[key] = value
            self._rest.start()
        else:
            self.flush()
            self.said.emit(key, value)

    def _pick(self, key: str) -> None:
        if not self._is_showing:
            self.chosen.emit(key)


def _has_keys(control: QWidget) -> bool:
    return control.hasFocus() or any(part.hasFocus() for part in control.findChildren(QWidget))


def _heading(one: Entry) -> QWidget:
    px = theme.current().px
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px("space.1"))
    column.addWidget(Hairline())
    column.addWidget(section(named(one.label)))
    if one.hint:
        column.addWidget(Prose(named(one.hint), NOTE))
    return made


def _control(one: Entry) -> Control:
    match one.kind:
        case "choice":
            return ComboField([(value, named(words)) for value, words in one.options])
        case "switch" | "part":
            switch = SwitchField()
            switch.set_words(tr("On"), tr("Off"))
            return switch
        case "number":
            return NumberField(0, MOST)
        case "duration":
            return DurationField()
        case "lines" | "values":
            return LinesField()
    return LinesField(lines=5) if "\n" in one.value else TextField()
