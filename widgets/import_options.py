"""What is said of whole files, not of a column: small fields, one below or beside the other."""

from __future__ import annotations

from collections.abc import Container, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.imports import Option
from widgets import theme, words
from widgets.fields import ComboField, Field, TextField
from widgets.words import tr

BESIDE = 3
"""So many stand beside each other where the strip is low and wide."""


class Options(QWidget):
    """One small field for each; an answer is told with the code of what was asked."""

    answered = Signal(str, str)

    def __init__(self, wanted: Container[str]) -> None:
        super().__init__()
        self._wanted = wanted
        px = theme.current().px
        self._built: tuple[object, ...] = ()
        self._fields: dict[str, Field] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px("space.4"))
        self._grid.setVerticalSpacing(0)
        self._in_a_row = 1

    def field(self, code: str) -> Field:
        """The field of one option."""
        return self._fields[code]

    def show_options(self, options: Sequence[Option]) -> None:
        """Ask these; fields stay while the questions are the same."""
        asked = (words.language(), *((each.code, each.title, each.choices) for each in options))
        if asked != self._built:
            self._built = asked
            self._build(options)
        for each in options:
            if each.code not in self._wanted:
                self._show(self._fields[each.code].control, each.value)
        self.setVisible(bool(options))

    @staticmethod
    def _show(control: QWidget, value: str) -> None:
        """Show an answer, unless a hand is at it."""
        is_busy = control.view().isVisible() if isinstance(control, ComboField) else control.hasFocus()
        if isinstance(control, ComboField | TextField) and not is_busy:
            control.set_answer(value)

    def _build(self, options: Sequence[Option]) -> None:
        for old in self._fields.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._fields = {each.code: self._field(each) for each in options}
        self._place()

    def lie(self, *, is_wide: bool) -> None:
        """Stand below each other at the right of a wide window, else beside each other below the columns."""
        self._in_a_row = 1 if is_wide else BESIDE
        self._place()

    def _place(self) -> None:
        for at, field in enumerate(self._fields.values()):
            self._grid.addWidget(field, at // self._in_a_row, at % self._in_a_row)

    def _field(self, option: Option) -> Field:
        code = option.code
        if option.choices:
            combo = ComboField([(value, tr(title)) for value, title in option.choices])
            combo.answered.connect(lambda value: self.answered.emit(code, value))
            return Field(f"import_file/{code}", tr(option.title), "", combo, width="quantity.w")
        text = TextField()
        text.editingFinished.connect(lambda: self._typed(code, text))
        return Field(f"import_file/{code}", tr(option.title), "", text, width="quantity.w")

    def _typed(self, code: str, text: TextField) -> None:
        if text.isModified():
            text.setModified(False)
            self.answered.emit(code, text.answer())
