"""The steps of a guide at its left edge: what is done, what was chosen, what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import theme
from widgets.life_line import Place
from widgets.marked import spoken
from widgets.painted import Painted
from widgets.prose import META, SECTION, Prose, Rich, Style, block_height_px, paint_block, paint_line

__all__ = ["Place", "RailStep", "StepRail"]

_SPOKEN: Final[dict[Place, str]] = {"done": "met", "now": "now", "ahead": "not_yet"}
_NAMES: Final[dict[Place, Style]] = {
    "done": Style(role="text2", bold=True),
    "now": Style(bold=True),
    "ahead": Style(role="text2"),
}


@dataclass(frozen=True, slots=True)
class RailStep:
    """One step: its name and, where it is done, the value chosen in it."""

    code: str
    name: str
    chosen: str = ""
    place: Place = "ahead"


class _Step(Painted):
    pressed = Signal(str)

    def __init__(self, step: RailStep, number: int, is_last: bool, parent: QWidget) -> None:
        words = (f"{number}", step.name, step.chosen, spoken(_SPOKEN[step.place]))
        super().__init__(parent, name=", ".join(word for word in words if word))
        self._step, self._number, self._is_last = step, number, is_last
        self.setObjectName(f"step/{step.code}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if step.place == "done":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _words_x(self) -> int:
        px = theme.current().px
        return px("space.4") + px("disc") + px("field.pad")

    def _room(self, wide: int) -> int:
        return wide - self._words_x() - theme.current().px("space.3")

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px, room = theme.current().px, self._room(wide)
        high = block_height_px(self._step.name, room, _NAMES[self._step.place])
        if self._step.chosen:
            high += block_height_px(self._step.chosen, room, META)
        return max(px("step.h"), high + px("space.3"))

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px("steps.w"), self.heightForWidth(theme.current().px("steps.w")))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, step = theme.current(), QPainter(self), self._step
        disc, left = look.px("disc"), look.px("space.4")
        if not self._is_last:
            middle = left + disc // 2
            painter.fillRect(QRect(middle, disc, look.px("line"), self.height() - disc), look.color("border"))
        self._paint_disc(painter, QRect(left, 0, disc, disc))
        x, room = self._words_x(), self._room(self.width())
        used = paint_block(painter, QRect(x, 0, room, self.height()), step.name, _NAMES[step.place])
        note = Style("meta", "text2") if step.place == "now" else META
        paint_block(painter, QRect(x, used, room, self.height()), step.chosen, note)
        painter.end()

    def _paint_disc(self, painter: QPainter, rect: QRect) -> None:
        look, place = theme.current(), self._step.place
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = {"done": "ok", "now": "accent", "ahead": "border"}[place]
        painter.setPen(QPen(look.color(edge), look.px("line") * 1.5))
        painter.setBrush(look.color("accent" if place == "now" else "base"))
        painter.drawEllipse(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75))
        if place == "done":
            painter.setPen(QPen(look.color("ok"), look.px("line") * 1.5))
            x, y = rect.center().x() + 0.5, rect.center().y() + 0.5
            painter.drawPolyline([QPointF(x - 4.5, y), QPointF(x - 1.5, y + 4), QPointF(x + 4, y - 4.5)])
        painter.restore()
        if place != "done":
            style = Style("meta", "onaccent" if place == "now" else "text2", bold=True)
            paint_line(painter, rect, str(self._number), style, Qt.AlignmentFlag.AlignHCenter)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._step.place == "done" and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._step.code)


class StepRail(QWidget):
    """Title, numbered steps, and a note below; a click on a done step asks to go back to it."""

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        px = theme.current().px
        self._title, self._note = Prose(style=SECTION), Prose(style=META)
        self._foot = _Foot()
        self._steps: list[_Step] = []
        self._shown: tuple[RailStep, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, px("space.4"), 0, px("space.4"))
        self._box.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(px("space.4"), 0, px("space.4"), px("mark"))
        head.setSpacing(0)
        head.addWidget(self._title)
        head.addWidget(self._note)
        self._box.addLayout(head)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._box.addLayout(self._body)
        self._box.addWidget(self._foot)
        self._box.addStretch(1)
        theme.on_change(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take the width of the theme again."""
        self.setFixedWidth(theme.current().px("steps.w"))
        self.update()

    def show_steps(self, title: str, note: str, steps: Sequence[RailStep], foot: Rich = "") -> None:
        """Show these steps under a title, and a note about the draft below."""
        self._title.show_words(title)
        self._note.show_words(note)
        self._foot.show_words(foot)
        self._foot.setVisible(bool(foot))
        if tuple(steps) == self._shown:
            return
        self._shown = tuple(steps)
        for old in self._steps:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._steps = []
        for number, step in enumerate(steps, 1):
            row = _Step(step, number, number == len(steps), self)
            row.pressed.connect(self.picked)
            self._steps.append(row)
            self._body.addWidget(row)

    def steps(self) -> tuple[RailStep, ...]:
        """What is shown."""
        return self._shown

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("alt"))
        line = look.px("line")
        painter.fillRect(QRect(self.width() - line, 0, line, self.height()), look.color("line"))
        painter.end()


class _Foot(Prose):
    """Small words under a hairline."""

    def __init__(self) -> None:
        super().__init__(style=META)

    def _pads(self) -> tuple[int, int]:
        px = theme.current().px
        return px("space.4"), px("page.edge") + px("space.3")

    @override
    def heightForWidth(self, wide: int) -> int:
        across, down = self._pads()
        return super().heightForWidth(wide - 2 * across) + down

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        across, down = self._pads()
        painter.fillRect(
            QRect(across, look.px("page.edge"), self.width() - 2 * across, look.px("line")),
            look.color("line"),
        )
        paint_block(painter, self.rect().adjusted(across, down, -across, 0), self.words(), self.style_)
        painter.end()
