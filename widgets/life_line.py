"""Where an order is in its life: steps in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import marks, theme
from widgets.marked import spoken
from widgets.painted import Painted
from widgets.prose import Style, paint_line, width_px

Place = Literal["done", "now", "ahead"]

_STYLES: Final[dict[Place, Style]] = {
    "done": Style(role="text3"),
    "now": Style(bold=True),
    "ahead": Style(role="text3"),
}
_MARKS: Final[dict[Place, str]] = {"done": "accepted", "now": "now", "ahead": ""}
_SPOKEN: Final[dict[Place, str]] = {"done": "met", "now": "now", "ahead": "not_yet"}


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of a life, passed, present or to come."""

    code: str
    name: str
    place: Place = "ahead"


class LifeLine(Painted):
    """Passed steps have a tick, the present one a disc and bold words; lines join them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._phases: tuple[Phase, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_phases(self, phases: Sequence[Phase]) -> None:
        """Show these steps."""
        self._phases = tuple(phases)
        self._name_steps()
        self.restyle()

    def _widths(self) -> list[int]:
        px = theme.current().px
        lead = px("mark") + px("tag.pad")
        return [
            (lead if _MARKS[phase.place] else 0) + width_px(phase.name, _STYLES[phase.place])
            for phase in self._phases
        ]

    def _steps(self) -> list[QRect]:
        widths = self._widths()
        gaps = max(len(widths) - 1, 1)
        free = max((self.width() - sum(widths)) / gaps, theme.current().px("space.1"))
        x, steps = 0.0, []
        for wide in widths:
            steps.append(QRect(round(x), 0, wide, self.height()))
            x += wide + free
        return steps

    def _name_steps(self) -> None:
        pairs = zip(self._phases, self._steps(), strict=True)
        self.name_parts([(f"{phase.name}, {spoken(_SPOKEN[phase.place])}", rect) for phase, rect in pairs])

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        gap = px("space.4") * max(len(self._phases) - 1, 0)
        return QSize(sum(self._widths()) + gap, px("line.body"))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_steps()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        gap, size = look.px("space.2"), look.px("mark")
        end = -1
        for phase, rect in zip(self._phases, self._steps(), strict=True):
            if end >= 0 and rect.x() - end > 2 * gap:
                line = QRect(end + gap, rect.center().y(), rect.x() - end - 2 * gap, look.px("line"))
                painter.fillRect(line, look.color("border"))
            x = rect.x()
            if mark := _MARKS[phase.place]:
                marks.paint(painter, QRect(x, (rect.height() - size) // 2, size, size), mark)
                x += size + look.px("tag.pad")
            inside = QRect(x, 0, rect.right() + 2 - x, rect.height())
            paint_line(painter, inside, phase.name, _STYLES[phase.place])
            end = rect.right() + 1
        painter.end()
