"""How long something takes, as people say it: a number and its unit; it answers PT30M."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.text import N_
from widgets import theme
from widgets.inputs import ComboField, NumberField
from widgets.words import tr

UNITS: Final = (("S", N_("seconds")), ("M", N_("minutes")), ("H", N_("hours")), ("D", N_("days")))
MOST: Final = 9999


class DurationField(QWidget):
    """Number and unit side by side."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.count, self.unit = NumberField(0, MOST), ComboField()
        self.unit.set_options([(code, tr(words)) for code, words in UNITS])
        self.setFocusProxy(self.count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().px("space.2"))
        row.addWidget(self.count, 1)
        row.addWidget(self.unit, 1)
        self.count.answered.connect(lambda _number: self.answered.emit(self.answer()))
        self.unit.answered.connect(lambda _unit: self.answered.emit(self.answer()))

    @override
    def setObjectName(self, name: str) -> None:
        """Name the parts too."""
        super().setObjectName(name)
        self.count.setObjectName(f"{name}/count")
        self.unit.setObjectName(f"{name}/unit")

    @override
    def setAccessibleName(self, name: str) -> None:
        """Say the parts too."""
        super().setAccessibleName(name)
        self.count.setAccessibleName(name)
        self.unit.setAccessibleName(tr("{field}: unit", field=name))

    def answer(self) -> str:
        """The duration."""
        unit = self.unit.answer() or "M"
        return f"P{self.count.answer()}D" if unit == "D" else f"PT{self.count.answer()}{unit}"

    def set_answer(self, value: str) -> None:
        """Show a duration that nobody typed."""
        self.unit.set_answer(value[-1:] or "M")
        self.count.set_answer(value.removeprefix("P").removeprefix("T")[:-1])
