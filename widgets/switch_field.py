"""A box to tick as the control of a field: it answers with a word, as every control does."""

from __future__ import annotations

from PySide6.QtCore import Signal

from widgets.choices import Check

ON, OFF = "on", "off"


class SwitchField(Check):
    """On or off; the words beside the box say which."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__("")
        self._words = ("", "")
        self.toggled.connect(lambda _on: self._say())
        self.clicked.connect(lambda: self.answered.emit(self.answer()))

    def set_words(self, on: str, off: str) -> None:
        """Say beside the box what either means."""
        self._words = (on, off)
        self._say()

    def answer(self) -> str:
        """`on` or `off`."""
        return ON if self.isChecked() else OFF

    def set_answer(self, value: str) -> None:
        """Tick it without telling anyone."""
        self.setChecked(value == ON)

    def _say(self) -> None:
        self.setText(self._words[0 if self.isChecked() else 1])
        self.restyle()
