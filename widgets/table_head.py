"""The head of a table: quiet titles over a hairline; where allowed, a hand arranges and sorts there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from widgets import icons, theme
from widgets.cells import Column
from widgets.prose import META, NOTE, hairline, paint_line, width_px


class Headed(Protocol):
    """What the head asks of its table."""

    ground: str
    sorted_by: tuple[str, bool]

    def columns(self) -> Sequence[Column]: ...
    def inside(self, rect: QRect, column: int) -> QRect: ...


class TableHead(QHeaderView):
    """Column titles in small grey words over one hairline.

    It paints itself because Qt's head asks row by row whether a whole column is selected, to paint it bold:
    5 s for Ctrl+A over a million rows.
    """

    clicked = Signal(int)
    arranged = Signal()

    def __init__(self, table: Headed, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = table
        self._pressed = -1
        self._before: tuple[int, ...] = ()
        self.is_free = False
        """Whether a hand may move, size and sort by columns."""
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(theme.current().px("target.min.w"))

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, theme.current().px("row.head"))

    def arrangement(self) -> tuple[int, ...]:
        """The columns as they stand from left to right, and their widths."""
        order = [self.logicalIndex(at) for at in range(self.count())]
        return (*order, *(self.sectionSize(at) for at in order))

    @override
    def mousePressEvent(self, e: QMouseEvent) -> None:
        super().mousePressEvent(e)
        self._before = self.arrangement()
        self._pressed = self.logicalIndexAt(e.position().toPoint())

    @override
    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        super().mouseReleaseEvent(e)
        if not self.is_free:
            return
        if self.arrangement() != self._before:
            self.arranged.emit()
        elif self._pressed == self.logicalIndexAt(e.position().toPoint()) >= 0:
            self.clicked.emit(self._pressed)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        column = self._table.columns()[logicalIndex]
        inside = self._table.inside(rect, logicalIndex)
        code, is_rising = self._table.sorted_by
        if code == column.code:
            self._paint_arrow(painter, inside, column, is_rising=is_rising)
        style = NOTE if code == column.code else META
        paint_line(painter, inside, column.title, style, column.alignment())
        hairline(painter, rect)

    def _paint_arrow(self, painter: QPainter, inside: QRect, column: Column, *, is_rising: bool) -> None:
        """Beside the title, on the side where the column has room."""
        size, gap = theme.current().px("icon.small"), theme.current().px("space.1")
        words = width_px(column.title, NOTE) + gap
        is_right = column.alignment() == Qt.AlignmentFlag.AlignRight
        x = inside.right() + 1 - words - size if is_right else inside.x() + words
        place = QRect(x, inside.y() + (inside.height() - size) // 2, size, size)
        icons.paint(painter, place, "up" if is_rising else "down", "text2")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_ground(self.viewport().rect())
        super().paintEvent(event)
        free = QRect(self.viewport().rect())
        free.setLeft(max(0, self.length() - self.offset()))
        self._paint_ground(free)  # Qt paints what no column covers in its own grey

    def _paint_ground(self, rect: QRect) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(rect, theme.current().color(self._table.ground))
        hairline(painter, rect)
        painter.end()
