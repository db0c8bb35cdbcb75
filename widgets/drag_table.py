"""A table whose rows are dragged onto those of another; by keys the same is one key.

The pointer stays with the table it was pressed in: no loop runs inside the loop, as with Qt's own drags.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from widgets.table import Table
from widgets.table_model import TableModel


class DragTable(Table):
    """Rows that can be taken and let go elsewhere."""

    moved = Signal(QPoint)
    """A row is carried over this place of the screen."""
    let_go = Signal(str, QPoint)
    """Which row, and where on the screen."""

    def __init__(self, name: str, model: TableModel) -> None:
        super().__init__(name, model)
        self._pressed_at = QPoint()
        self._carried = ""

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at, self._carried = event.position().toPoint(), ""
        super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if not self._carried and far >= QApplication.startDragDistance():
            self._carried = key_at(self, self.viewport().mapToGlobal(self._pressed_at))
            self.viewport().setCursor(Qt.CursorShape.DragCopyCursor)
        if self._carried:
            self.moved.emit(event.globalPosition().toPoint())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        carried, self._carried = self._carried, ""
        super().mouseReleaseEvent(event)
        if carried:
            self.viewport().unsetCursor()
            self.let_go.emit(carried, event.globalPosition().toPoint())


def key_at(table: Table, place: QPoint) -> str:
    """Return the row at a place of the screen; empty where there is none."""
    at = table.viewport().mapFromGlobal(place)
    index = table.indexAt(at) if table.viewport().rect().contains(at) else None
    row = table.model_in_use().row(index.row()) if index is not None and index.isValid() else None
    return row.key if row is not None else ""
