"""One line of words that a key asks for before it goes on: what for, the field, send and back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy
from typing_extensions import override

from widgets import theme
from widgets.controls import Button, Pane
from widgets.inputs import TextField


class _Line(TextField):
    done = Signal()
    left = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class ReasonBar(Pane):
    """Stands where the action bar stands; `said` comes with the words, `left` when the hand goes back."""

    said = Signal(str)
    left = Signal()

    def __init__(self, code: str, most: int) -> None:
        super().__init__("alt")
        px = theme.current().px
        self.field = _Line()
        self.field.setObjectName(f"{code}/reason")
        self.field.setMaxLength(most)
        self.field.done.connect(self._send)
        self.field.left.connect(self.left)
        self.send = Button("", "Enter", "primary")
        self.send.setObjectName(f"{code}/send")
        self.send.clicked.connect(self._send)
        self.back = Button("", "Esc", "quiet")
        self.back.setObjectName(f"{code}/back")
        self.back.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4"), 0, px("space.3"), 0)
        row.setSpacing(px("space.2"))
        row.addWidget(self.field, 1)
        row.addWidget(self.send)
        row.addWidget(self.back)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def say(self, placeholder: str, send: str, back: str) -> None:
        """Take the words in the language on screen."""
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(placeholder)
        for button, label in ((self.send, send), (self.back, back)):
            button.setText(label)
            button.setAccessibleName(label)

    def ask(self) -> None:
        """Show an empty line under the cursor."""
        if self.isHidden():
            self.field.clear()
            self.show()
            self.field.setFocus()

    def _send(self) -> None:
        if self.field.text().strip():
            self.said.emit(self.field.text())

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, theme.current().px("action.h"))
