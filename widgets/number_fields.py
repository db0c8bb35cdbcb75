"""Fields for what is counted and what is paid; both answer in whole numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from app.domain.money import SIGNS, read_money, written_money
from widgets.inputs import TextField


class DigitsField(TextField):
    """Whole pieces, typed; empty while nobody answered. The arrows step it."""

    def __init__(self, placeholder: str = "", *, least: int = 0, most: int = 999_999) -> None:
        super().__init__(placeholder)
        self._least, self._most = least, most

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        text = self.text().strip()
        now = int(text) if text.isdecimal() else self._least - by
        self.setText(str(min(self._most, max(self._least, now + by))))
        self.answered.emit(self.answer())


class MoneyField(TextField):
    """An amount as people write it; answers in minor units, or with the text it could not read."""

    told = Signal(str)
    """The answer after every change; `answered` carries the text as typed."""

    def __init__(self, currency: str = "CNY") -> None:
        super().__init__()
        self._currency = currency
        self.set_currency(currency)
        self.editingFinished.connect(self._settle)
        self.textEdited.connect(lambda _text: self.told.emit(self.answer()))

    def set_currency(self, currency: str) -> None:
        """Say in which money the amount is; the sign stands at the end of the field."""
        self._currency = currency
        self.set_aside(SIGNS.get(currency, currency))

    @override
    def answer(self) -> str:
        text = self.text().strip()
        minor = read_money(text, self._currency)
        return text if minor is None else str(minor)

    @override
    def set_answer(self, value: str) -> None:
        text = value.strip()
        if text.isdecimal():
            text = written_money(int(text), self._currency)
        self.setText(text)

    def _settle(self) -> None:
        """Write what was understood: 12 becomes 12.00."""
        minor = read_money(self.text().strip(), self._currency)
        if minor is not None:
            self.setText(written_money(minor, self._currency))
