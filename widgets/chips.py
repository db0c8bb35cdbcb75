"""A choice of few: one outlined chip is on; arrows move, the choice holds at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.prose import Style, paint_line, sheet, width_px
from widgets.top_bar import paint_focus

_ON, _REST = Style(bold=True), Style()


class _Chip(QRadioButton):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.on_change(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(width_px(self.text(), _ON) + 2 * px("space.3"), px("target.min.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, pos: object) -> bool:
        return True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, is_on = QPainter(self), self.isChecked()
        fill, edge = ("sel", "accent") if is_on else ("base", "border")
        sheet(painter, self.rect(), fill=fill, edge=edge, radius="radius.control")
        paint_line(painter, self.rect(), self.text(), _ON if is_on else _REST, Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class Chips(QWidget):
    """Radio buttons in a row; keys and screen readers meet them as such."""

    chosen = Signal(str)

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        self._shown: tuple[tuple[str, str], ...] = ()
        self._chips: dict[str, _Chip] = {}
        self._group = QButtonGroup(self)
        self.setObjectName(code)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.current().px("space.2"))
        self._row.addStretch(1)

    def show_options(self, options: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer these, code and words, one of them on."""
        if [code for code, _ in options] != [code for code, _ in self._shown]:
            self._build(options)
        self._shown = tuple(options)
        for code, words in options:
            chip = self._chips[code]
            chip.setText(words)
            chip.setAccessibleName(words)
            chip.updateGeometry()
            chip.setChecked(code == chosen)

    def focus_chosen(self) -> None:
        """Put the keys on the one that is on."""
        chip = next((chip for chip in self._chips.values() if chip.isChecked()), None)
        if chip is not None:
            chip.setFocus()

    def chip(self, code: str) -> QRadioButton:
        """One of them, for a coach mark or a test."""
        return self._chips[code]

    def _build(self, options: Sequence[tuple[str, str]]) -> None:
        for chip in self._chips.values():
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = {}
        for at, (code, words) in enumerate(options):
            chip = _Chip(words)
            chip.setObjectName(f"{self._code}/{code}")
            chip.clicked.connect(lambda _=False, code=code: self.chosen.emit(code))
            self._group.addButton(chip)
            self._row.insertWidget(at, chip)
            self._chips[code] = chip
