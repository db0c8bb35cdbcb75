"""Labels and values side by side: who, where, when, on what terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.marked import paint_marked
from widgets.painted import Painted
from widgets.prose import (
    BODY,
    HEADING,
    NOTE,
    Rich,
    Style,
    block_height_px,
    hairline,
    paint_block,
    paint_line,
    plain,
    width_px,
)

_LABEL: Final = Style(role="text3")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, its value, and a mark with a word at the right; a `hidden` value shows why instead."""

    label: str
    value: Rich
    mark: str = ""
    verdict: str = ""
    is_hidden: bool = False

    def spoken(self) -> str:
        """The fact as a screen reader says it."""
        return f"{self.label}: {plain(self.value)}" + (f", {self.verdict}" if self.verdict else "")


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading."""

    heading: str
    facts: tuple[Fact, ...]


class Facts(Painted):
    """Groups of facts in columns of equal width; `ruled` puts a hairline under each fact."""

    def __init__(self, name: str, *, ruled: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._ruled = ruled
        self._groups: tuple[FactGroup, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_groups(self, groups: Sequence[FactGroup]) -> None:
        """Show these groups, one column each."""
        self._groups = tuple(groups)
        self._name_facts()
        self.restyle()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show one column without a heading."""
        self.show_groups((FactGroup("", tuple(facts)),))

    def _column_px(self, wide: int) -> int:
        gap, count = theme.current().px("space.5"), max(len(self._groups), 1)
        return max((wide - gap * (count - 1)) // count, 1)

    def _label_px(self) -> int:
        px = theme.current().px
        least = px("facts.label.w") + (px("space.4") if self._ruled else 0)
        widest = [width_px(fact.label, _LABEL) for group in self._groups for fact in group.facts]
        return max([least, *(wide + px("space.2") for wide in widest)])

    def _verdict_px(self, fact: Fact) -> int:
        px = theme.current().px
        if not fact.verdict:
            return 0
        return width_px(fact.verdict, Style("meta")) + px("mark") + px("tag.pad") + px("space.2")

    def _fact_px(self, fact: Fact, wide: int) -> int:
        px = theme.current().px
        high = block_height_px(fact.value, max(wide - self._label_px() - self._verdict_px(fact), 1))
        if self._ruled:
            return high + px("row.table") - px("line.body") + px("line")
        return high + px("space.half")

    def _head_px(self, group: FactGroup) -> int:
        px = theme.current().px
        return px("line.meta") + px("space.1") if group.heading else 0

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        column = self._column_px(wide)
        heights = (
            self._head_px(group) + sum(self._fact_px(fact, column) for fact in group.facts)
            for group in self._groups
        )
        return max(heights, default=0)

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("list.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w") // 2, theme.current().px("line.body"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_facts()
        self.updateGeometry()

    def _places(self) -> list[tuple[Fact, QRect]]:
        wide, gap = self._column_px(self.width()), theme.current().px("space.5")
        places = []
        for number, group in enumerate(self._groups):
            x, y = number * (wide + gap), self._head_px(group)
            for fact in group.facts:
                high = self._fact_px(fact, wide)
                places.append((fact, QRect(x, y, wide, high)))
                y += high
        return places

    def _name_facts(self) -> None:
        self.name_parts([(fact.spoken(), rect) for fact, rect in self._places()])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        wide, gap = self._column_px(self.width()), px("space.5")
        for number, group in enumerate(self._groups):
            paint_line(
                painter, QRect(number * (wide + gap), 0, wide, px("line.meta")), group.heading, HEADING
            )
        top = (px("row.table") - px("line.body")) // 2 if self._ruled else 0
        for fact, rect in self._places():
            y, line, label = rect.y() + top, px("line.body"), self._label_px()
            paint_line(painter, QRect(rect.x(), y, label, line), fact.label, _LABEL)
            verdict = self._verdict_px(fact)
            inside = QRect(rect.x() + label, y, max(rect.width() - label - verdict, 1), rect.height())
            if fact.is_hidden:
                _paint_hidden(painter, inside, fact.value)
            else:
                paint_block(painter, inside, fact.value, BODY)
            if verdict:
                at = QRect(rect.right() + 1 - verdict + px("space.2"), y, verdict, line)
                paint_marked(painter, at, fact.mark, fact.verdict)
            if self._ruled:
                hairline(painter, rect)
        painter.end()


def _paint_hidden(painter: QPainter, rect: QRect, why: Rich) -> None:
    """A value one may not see yet: a dashed outline that says when."""
    look = theme.current()
    box = QRect(
        rect.x(), rect.y(), min(width_px(why, NOTE) + 2 * look.px("space.2"), rect.width()), look.px("tag.h")
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("border"), look.px("line"), Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    corner = look.px("radius.control")
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    painter.restore()
    paint_line(painter, box, why, NOTE, Qt.AlignmentFlag.AlignHCenter)
