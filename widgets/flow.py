"""A row of things that goes on in the next line where they do not fit side by side."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem
from typing_extensions import override


class Flow(QLayout):
    """Lays out like words: from the leading side, `gap` dots apart, as many lines as it takes.

    What is hidden takes no room.
    """

    def __init__(self, gap: int) -> None:
        super().__init__()
        self._gap, self._items = gap, list[QLayoutItem]()
        self.setContentsMargins(0, 0, 0, 0)

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._laid(QRect(0, 0, width, 0), moves=False)

    def _sizes(self) -> list[QSize]:
        """How large each is that is not hidden."""
        return [item.sizeHint() for item in self._items if not item.isEmpty()]

    @override
    def sizeHint(self) -> QSize:
        wide = sum(size.width() + self._gap for size in self._sizes()) - self._gap
        return QSize(max(0, wide), self._tallest())

    @override
    def minimumSize(self) -> QSize:
        return QSize(max((size.width() for size in self._sizes()), default=0), self._tallest())

    @override
    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        spare = max(0, rect.height() - self.heightForWidth(rect.width()))
        self._laid(rect.adjusted(0, spare // 2, 0, 0), moves=True)

    def _tallest(self) -> int:
        return max((size.height() for size in self._sizes()), default=0)

    def _laid(self, rect: QRect, *, moves: bool) -> int:
        """Go through all items line by line; return how high that is."""
        x, y, tall = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, tall = rect.x(), y + tall + self._gap, 0
            if moves:
                item.setGeometry(QRect(x, y, min(size.width(), rect.width()), size.height()))
            x, tall = x + size.width() + self._gap, max(tall, size.height())
        return y + tall - rect.y()
