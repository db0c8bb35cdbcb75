"""The filter over a list: its key on it while nobody types, Enter and Down lead into the list."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from typing_extensions import override

from widgets import keycap, theme
from widgets.inputs import TextField

KEY = "/"


class FilterField(TextField):
    """A text field with a magnifier; `done` is said when the hand wants to go on in the list."""

    done = Signal()

    def __init__(self, code: str) -> None:
        super().__init__(icon="search")
        self.setObjectName(code)

    def say(self, placeholder: str, name: str) -> None:
        """Take the words in the language on screen."""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)

    def take_focus(self) -> None:
        """`/` was pressed: what stands there is typed over."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.done.emit()
            return
        super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def aside_width_px(self) -> int:
        return keycap.size(KEY).width() + theme.current().px("space.2")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text() or self.hasFocus():
            return
        painter = QPainter(self)
        wide = keycap.size(KEY).width()
        place = QRect(self.width() - wide - theme.current().px("tag.pad"), 0, wide, self.height())
        keycap.paint(painter, place, KEY)
        painter.end()
