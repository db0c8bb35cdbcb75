"""Which columns the orders have: ticked, moved and sized from the keyboard; the mouse does it in the head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.order_view import COLUMNS, SORTS, USUAL, Shown
from app.text import N_
from widgets import theme
from widgets.controls import Button
from widgets.fields import Check
from widgets.prose import META, Prose
from widgets.words import tr

_HOW: Final = N_(
    "Space shows or hides. Alt with up and down moves. + and − make wider and narrower. S sorts where it can."
)


class _Line(Check):
    """One column: ticked while it is shown."""

    moved = Signal(int)
    sized = Signal(int)
    sort_wanted = Signal()
    stepped = Signal(int)

    @override
    def keyPressEvent(self, e: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        way = ways.get(Qt.Key(e.key()), 0)
        if way and e.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(way)
        elif way:
            self.stepped.emit(way)
        elif e.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.sized.emit(1)
        elif e.key() == Qt.Key.Key_Minus:
            self.sized.emit(-1)
        elif e.key() == Qt.Key.Key_S:
            self.sort_wanted.emit()
        else:
            super().keyPressEvent(e)


class ColumnsPanel(QWidget):
    """Every column there is, the shown ones first and in their order."""

    arranged = Signal(object)
    sort_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[Shown, ...] = ()
        self._widths: dict[str, int] = {}
        self.lines: dict[str, _Line] = {}
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(px("space.4"), 0, px("space.4"), px("space.4"))
        column.setSpacing(px("space.1"))
        self._hint = Prose("", META)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.usual = Button("", "", "plain")
        self.usual.setObjectName("orders/columns/usual")
        self.usual.clicked.connect(lambda: self.arranged.emit(tuple(Shown(code) for code in USUAL)))
        column.addWidget(self._hint)
        column.addSpacing(px("space.2"))
        column.addLayout(self._list)
        column.addSpacing(px("space.3"))
        column.addWidget(self.usual)
        column.addStretch(1)

    def say(self) -> None:
        """Take the words in the language on screen."""
        self._hint.show_words(tr(_HOW))
        self.usual.say(tr("Usual columns"))
        for code, line in self.lines.items():
            line.setText(tr(COLUMNS[code]))
            line.setAccessibleName(tr(COLUMNS[code]))
            line.restyle()

    def show_columns(self, columns: Sequence[Shown], widths: dict[str, int]) -> None:
        """Show what is shown; `widths` are the pixels they take now."""
        self._columns, self._widths = tuple(columns), widths
        known = [each.code for each in columns]
        order = [*known, *(code for code in COLUMNS if code not in known)]
        if order != list(self.lines):
            self._build(order)
        for code, line in self.lines.items():
            line.setChecked(code in known)

    def focus_first(self) -> None:
        """Put the keys on the first column."""
        next(iter(self.lines.values())).setFocus()

    def _build(self, order: Sequence[str]) -> None:
        while self._list.count():
            self._list.takeAt(0)
        lines: dict[str, _Line] = {}
        before: QWidget | None = None
        for code in order:
            line = self.lines.get(code) or self._line(code)
            self._list.addWidget(line)
            if before is not None:
                QWidget.setTabOrder(before, line)
            lines[code] = before = line
        self.lines = lines

    def _line(self, code: str) -> _Line:
        line = _Line(tr(COLUMNS[code]))
        line.setAccessibleName(tr(COLUMNS[code]))
        line.setObjectName(f"orders/column/{code}")
        line.clicked.connect(partial(self._toggle, code))
        line.moved.connect(partial(self._move, code))
        line.sized.connect(partial(self._size, code))
        line.stepped.connect(partial(self._step, code))
        if code in SORTS:
            line.sort_wanted.connect(partial(self.sort_wanted.emit, code))
        return line

    def _toggle(self, code: str, _on: bool = False) -> None:
        known = [each.code for each in self._columns]
        if code not in known:
            self.arranged.emit((*self._columns, Shown(code)))
        elif len(known) > 1:
            self.arranged.emit(tuple(each for each in self._columns if each.code != code))
        else:
            self.lines[code].setChecked(True)  # a list shows something

    def _move(self, code: str, by: int) -> None:
        known = [each.code for each in self._columns]
        if code in known and 0 <= (to := known.index(code) + by) < len(known):
            columns = list(self._columns)
            columns.insert(to, columns.pop(to - by))
            self.arranged.emit(tuple(columns))
            self.lines[code].setFocus()

    def _size(self, code: str, by: int) -> None:
        px = theme.current().px
        least = px("badge.w") + px("space.4")
        self.arranged.emit(
            tuple(
                Shown(code, max(least, self._widths.get(code, least) + by * px("space.4")))
                if each.code == code
                else each
                for each in self._columns
            )
        )

    def _step(self, code: str, by: int) -> None:
        codes = list(self.lines)
        self.lines[codes[(codes.index(code) + by) % len(codes)]].setFocus(Qt.FocusReason.TabFocusReason)
