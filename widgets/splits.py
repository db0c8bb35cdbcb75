"""Splits: the same list cut by whose turn it is; one is on, each says how many it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.prose import META, Style, paint_line, width_px
from widgets.top_bar import paint_focus

_ON = Style(bold=True)
_REST = Style(role="text2")


@dataclass(frozen=True, slots=True)
class Split:
    """One split: its code, its translated name, and what stands small beside it."""

    code: str
    label: str
    count: str = ""


class _Cell(QAbstractButton):
    def __init__(self, split: Split, parent: QWidget, page: str) -> None:
        super().__init__(parent)
        self.split = split
        self.setObjectName(f"{page}/split/{split.code}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme.on_change(self.updateGeometry)
        self.show_split(split)

    def show_split(self, split: Split) -> None:
        if split == self.split and self.accessibleName():
            return
        self.split = split
        self.setAccessibleName(f"{split.label} {split.count}".strip())
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        # As wide as when it is on, so that nothing moves when it is.
        words = width_px(self.split.label, _ON)
        count = px("tag.pad") + width_px(self.split.count, META) if self.split.count else 0
        return QSize(words + count + 2 * px("field.pad"), px("tabs.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px, x = look.px, look.px("field.pad")
        is_on = self.isChecked()
        place = QRect(x, 0, self.width() - x, self.height())
        x += paint_line(painter, place, self.split.label, _ON if is_on else _REST) + px("tag.pad")
        paint_line(painter, QRect(x, 0, self.width() - x, self.height()), self.split.count, META)
        if is_on:
            inset, bar = px("space.2"), px("bar")
            foot = QRect(inset, self.height() - bar, self.width() - 2 * inset, bar)
            painter.fillRect(foot, look.color("accent"))
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class Splits(QWidget):
    """Tabs over a list, or in the top bar; `step` is what Tab in the list and Ctrl+Tab call."""

    chosen = Signal(str)

    def __init__(self, page: str, *, in_top_bar: bool = False) -> None:
        super().__init__()
        px = theme.current().px
        self._page = page
        self._has_line = not in_top_bar
        self._here = ""
        self._cells: dict[str, _Cell] = {}
        self.setObjectName(f"{page}/splits")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.setContentsMargins(px("space.2"), 0, px("space.2"), 0)
        if not in_top_bar:
            self.setFixedHeight(px("tabs.h"))
            self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        theme.on_change(self.update)

    @property
    def here(self) -> str:
        """The split that is on."""
        return self._here

    def show_splits(self, splits: Sequence[Split], here: str) -> None:
        """Show these, one of them on."""
        self._here = here
        if [split.code for split in splits] != list(self._cells):
            self._build(splits)
        for split in splits:
            cell = self._cells[split.code]
            cell.show_split(split)
            cell.setChecked(split.code == here)

    def step(self, by: int = 1) -> None:
        """Choose the next split, round and round."""
        codes = list(self._cells)
        if codes:
            at = codes.index(self._here) if self._here in codes else -by
            self.chosen.emit(codes[(at + by) % len(codes)])

    def _build(self, splits: Sequence[Split]) -> None:
        for cell in self._cells.values():
            cell.hide()
            cell.deleteLater()
        self._cells = {split.code: _Cell(split, self, self._page) for split in splits}
        for n, (code, cell) in enumerate(self._cells.items()):
            cell.clicked.connect(lambda _=False, code=code: self._choose(code))
            self._row.insertWidget(n, cell)

    def _choose(self, code: str) -> None:
        self._cells[code].setChecked(code == self._here)  # the page says which is on
        self.chosen.emit(code)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._has_line:
            return
        look, painter, thick = theme.current(), QPainter(self), theme.current().px("line")
        painter.fillRect(QRect(0, self.height() - thick, self.width(), thick), look.color("line"))
        painter.end()
