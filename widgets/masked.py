"""A field for what is personal: masked until asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from typing_extensions import override

from widgets import keycap, theme, words
from widgets.inputs import TextField


class MaskedField(TextField):
    """Somebody's number or name: masked until asked for, and typed anew rather than edited blind."""

    reveal_asked = Signal()
    """The page writes down who looked, then calls `reveal`."""

    REVEAL_KEY = "F2"

    def __init__(self, mask: Callable[[str], str] = words.mask_phone, placeholder: str = "") -> None:
        self._mask, self._full, self._masked = mask, "", False
        super().__init__(placeholder)
        self.textEdited.connect(self._typed)

    @override
    def answer(self) -> str:
        """The full value, also while it is masked."""
        return self._full

    @override
    def set_answer(self, value: str) -> None:
        """Show a value masked."""
        self._full = value
        self._show(masked=bool(value))

    def is_masked(self) -> bool:
        """Whether the value is hidden now."""
        return self._masked

    def reveal(self) -> None:
        """Show the value in full."""
        self._show(masked=False)

    def _show(self, *, masked: bool) -> None:
        self._masked = masked
        self.setReadOnly(masked)
        self.setText(self._mask(self._full) if masked else self._full)
        self.restyle()

    def _typed(self, text: str) -> None:
        self._full = text

    def _begin_anew(self) -> None:
        self._full = ""
        self._show(masked=False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._masked:
            if event.key() == Qt.Key.Key_F2:
                self.reveal_asked.emit()
                return
            if self._changes(event):
                self._begin_anew()
                if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
                    self.answered.emit("")
        super().keyPressEvent(event)

    @staticmethod
    def _changes(event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            return True
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            return True
        commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        return event.text().isprintable() and bool(event.text()) and not event.modifiers() & commands

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self._masked and event.commitString():
            self._begin_anew()
        super().inputMethodEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._masked and event.position().toPoint().x() >= self._cap_place().left():
            self.reveal_asked.emit()
            return
        super().mousePressEvent(event)

    @override
    def aside_width_px(self) -> int:
        return keycap.size(self.REVEAL_KEY).width() + theme.current().px("space.2") if self._masked else 0

    def _cap_place(self) -> QRect:
        wide = keycap.size(self.REVEAL_KEY).width()
        return QRect(self.width() - wide - theme.current().px("tag.pad"), 0, wide, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._masked:
            painter = QPainter(self)
            keycap.paint(painter, self._cap_place(), self.REVEAL_KEY)
            painter.end()
