"""Files of this PC that are dragged onto the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class FileDrops(QObject):
    """Takes them while `takes` says so, and tells their paths."""

    def __init__(
        self, window: QWidget, takes: Callable[[], bool], tell: Callable[[Sequence[str]], object]
    ) -> None:
        super().__init__(window)
        self._takes, self._tell = takes, tell
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if self._takes() and _paths(event):
                event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            if paths := _paths(event):
                event.acceptProposedAction()
                self._tell(paths)
            return True
        return False


def _paths(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
