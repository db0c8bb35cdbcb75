"""Several answers at once: boxes to tick, in as many columns as have room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.choices import Check


class ManyField(QWidget):
    """Answers with the codes that are ticked, in the order of the boxes, spaces between."""

    answered = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._boxes: dict[str, Check] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.current().px("space.half"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for code, words in options:
            box = Check(words)
            box.setAccessibleName(words)
            box.clicked.connect(self._tell)
            self._boxes[code] = box
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first)
        self._place()

    def name_boxes(self, code: str) -> None:
        """Give the group and every box its object name."""
        self.setObjectName(code)
        for option, box in self._boxes.items():
            box.setObjectName(f"{code}/{option}")

    def box(self, code: str) -> Check:
        """One of the boxes."""
        return self._boxes[code]

    def answer(self) -> str:
        """The codes that are ticked."""
        return " ".join(code for code, box in self._boxes.items() if box.isChecked())

    def set_answer(self, value: str) -> None:
        """Tick without telling anyone."""
        codes = value.split()
        for code, box in self._boxes.items():
            box.setChecked(code in codes)

    def _tell(self) -> None:
        self.answered.emit(self.answer())

    def _place(self) -> None:
        wide = max((box.sizeHint().width() for box in self._boxes.values()), default=1)
        gap = theme.current().px("space.half")
        columns = max(1, min(len(self._boxes), (self.width() + gap) // (wide + gap)))
        if columns == self._columns:
            return
        self._grid.setColumnStretch(self._columns, 0)
        self._grid.setColumnStretch(columns, 1)
        self._columns = columns
        for at, box in enumerate(self._boxes.values()):
            self._grid.addWidget(box, at // columns, at % columns)
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        rows = -(-len(self._boxes) // max(self._columns, 1))
        high = theme.current().px("target.min.h") + theme.current().px("space.half")
        return QSize(theme.current().px("detail.min.w"), rows * high)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
