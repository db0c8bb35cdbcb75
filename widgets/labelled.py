"""A control with its name above it, for narrow places."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets import theme
from widgets.controls import caption


class Labelled(QWidget):
    """Name and control, as wide as the place."""

    def __init__(self, code: str, control: QWidget) -> None:
        super().__init__()
        self.control = control
        control.setObjectName(code)
        self._name = caption("")
        self._name.setBuddy(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().px("space.1"))
        column.addWidget(self._name)
        column.addWidget(control)

    def say(self, name: str) -> None:
        """Take the name in the language on screen."""
        self._name.setText(name)
        self.control.setAccessibleName(name)
