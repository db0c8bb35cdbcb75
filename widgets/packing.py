"""The packing side of the floor: steps, scale, label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import icons, marks, theme
from widgets.marked import paint_marked, spoken
from widgets.painted import Painted
from widgets.prose import (
    HEADING,
    SECTION,
    Rich,
    Style,
    block_height_px,
    paint_block,
    paint_line,
    plain,
    sheet,
    width_px,
)

_READ: Final = Style("read", "text2")
_RIGHT: Final = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of packing."""

    mark: str
    name: str
    note: str = ""


class CheckSteps(Painted):
    """Steps with large marks, one under the other."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._steps: tuple[CheckStep, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_steps(self, steps: Sequence[CheckStep]) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self._name_steps()
        self.restyle()

    def _lead(self) -> int:
        px = theme.current().px
        return px("mark.floor") + px("space.5")

    def _heights(self, wide: int) -> list[int]:
        px = theme.current().px
        room = max(wide - self._lead(), 1)
        return [
            px("page.edge")
            + block_height_px(step.name, room, SECTION)
            + (block_height_px(step.note, room, _READ) if step.note else 0)
            for step in self._steps
        ]

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return sum(self._heights(wide))

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_steps()

    def _name_steps(self) -> None:
        y, parts = 0, []
        for step, high in zip(self._steps, self._heights(self.width()), strict=True):
            words = ", ".join(part for part in (spoken(step.mark), step.name, step.note) if part)
            parts.append((words, QRect(0, y, self.width(), high)))
            y += high
        self.name_parts(parts)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter, y = theme.current().px, QPainter(self), 0
        size, lead = px("mark.floor"), self._lead()
        for step, high in zip(self._steps, self._heights(self.width()), strict=True):
            top = y + px("field.pad")
            marks.paint(painter, QRect(0, top + 1, size, size), step.mark)
            inside = QRect(lead, top, self.width() - lead, high)
            used = paint_block(painter, inside, step.name, SECTION)
            paint_block(painter, inside.adjusted(0, used, 0, 0), step.note, _READ)
            y += high
        painter.end()


@dataclass(frozen=True, slots=True)
class Weight:
    """What the scale says and what was expected; `low`, `high` and `at` are shares of the gauge, 0 to 1."""

    heading: str
    value: str
    unit: str
    expected: str
    low: float
    high: float
    at: float
    mark: str = ""
    word: str = ""


class WeightCard(Painted):
    """The weight in figures of 40 over a gauge with the expected span."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._weight: Weight | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_weight(self, weight: Weight) -> None:
        """Show what the scale says."""
        self._weight = weight
        self.setAccessibleDescription(f"{weight.value} {weight.unit}, {weight.expected}, {weight.word}")
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        inner = px("line.body") + px("line.weight") + px("tag.pad") + px("gauge.h")
        return QSize(px("evidence.w"), inner + 2 * px("mark"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if (weight := self._weight) is None:
            return
        look, painter = theme.current(), QPainter(self)
        px = look.px
        sheet(painter, self.rect())
        inside = self.rect().adjusted(px("space.4"), px("mark"), -px("space.4"), -px("mark"))
        head = QRect(inside.x(), inside.y(), inside.width(), px("line.body"))
        paint_line(painter, head, weight.heading, HEADING)
        note = Style("meta", "text2")
        lead = px("mark") + px("tag.pad") if weight.mark else 0
        word = width_px(weight.word, note) + lead
        at = QRect(inside.right() + 1 - word, head.y(), word + 1, head.height())
        paint_marked(painter, at, weight.mark, weight.word, note)
        line = QRect(inside.x(), head.bottom() + 1, inside.width(), px("line.weight"))
        used = paint_line(painter, line, weight.value, Style("weight", bold=True)) + px("field.pad")
        foot = line.adjusted(used, px("space.2"), 0, 0)
        paint_line(painter, foot, weight.unit, Style("title"))
        paint_line(painter, foot, weight.expected, _READ, _RIGHT)
        gauge = QRect(inside.x(), line.bottom() + 1 + px("tag.pad"), inside.width(), px("gauge.h"))
        painter.fillRect(gauge, look.color("line"))
        start, end = (round(gauge.width() * part) for part in (weight.low, weight.high))
        painter.fillRect(
            QRect(gauge.x() + start, gauge.y(), end - start, gauge.height()), look.color("text3")
        )
        where = gauge.x() + round((gauge.width() - px("bar")) * min(max(weight.at, 0.0), 1.0))
        over = px("space.1")
        needle = QRect(where, gauge.y() - over, px("bar"), gauge.height() + 2 * over)
        painter.fillRect(needle, look.color("text"))
        painter.end()


class NoteCard(Painted):
    """A thing, its state, and one sentence about it."""

    def __init__(self, icon: str, title: str, mark: str, word: str, sentence: Rich) -> None:
        super().__init__()
        self._icon, self._title, self._mark, self._word, self._sentence = icon, title, mark, word, sentence
        self.setAccessibleName(", ".join(part for part in (title, word, plain(sentence)) if part))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        words = block_height_px(self._sentence, wide - 2 * px("space.4"), Style(role="text2"))
        return px("line.section") + px("space.1") + words + 2 * px("mark")

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        sheet(painter, self.rect())
        inside = self.rect().adjusted(px("space.4"), px("mark"), -px("space.4"), -px("mark"))
        head = QRect(inside.x(), inside.y(), inside.width(), px("line.section"))
        size = px("icon")
        icons.paint(
            painter, QRect(head.x(), head.y() + (head.height() - size) // 2, size, size), self._icon, "text"
        )
        paint_line(painter, head.adjusted(size + px("space.2"), 0, 0, 0), self._title, SECTION)
        body = Style()
        lead = px("mark") + px("tag.pad") if self._mark else 0
        word = width_px(self._word, body) + lead
        at = QRect(head.right() + 1 - word, head.y() + px("space.half"), word + 1, head.height())
        paint_marked(painter, at, self._mark, self._word, body)
        below = inside.adjusted(0, px("line.section") + px("space.1"), 0, 0)
        paint_block(painter, below, self._sentence, Style(role="text2"))
        painter.end()
