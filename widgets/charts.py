"""Charts of the desk: one accent, the rest grey, figures written on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.painted import Painted
from widgets.prose import META, Style, paint_line, width_px

_COUNT: Final = Style("meta")
_MIDDLE: Final = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, how much, and the words of the amount."""

    label: str
    value: float
    text: str = ""
    is_now: bool = False

    def shown(self) -> str:
        """The amount as it is written."""
        return self.text or f"{self.value:g}"


class BarChart(Painted):
    """Bars over a base line, the amount above each, the present one in the accent."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars."""
        self._bars = tuple(bars)
        self._name_bars()
        self.restyle()

    def _slots(self) -> list[QRect]:
        count = max(len(self._bars), 1)
        wide = self.width() / count
        return [QRect(round(at * wide), 0, round(wide), self.height()) for at in range(len(self._bars))]

    def _every(self) -> int:
        """Every so many bars have room for their label, counted from the last: a cut hour says nothing."""
        slots = self._slots()
        if not slots:
            return 1
        widest = max(width_px(bar.label, META) for bar in self._bars) + theme.current().px("space.1")
        return max(1, -(-widest // max(slots[0].width(), 1)))

    def _name_bars(self) -> None:
        pairs = zip(self._bars, self._slots(), strict=True)
        self.name_parts([(f"{bar.label}: {bar.shown()}", rect) for bar, rect in pairs])

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(len(self._bars) * (px("chart.bar.w") + px("space.3")), px("chart.bars.h"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_bars()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        line = look.px("line.meta")
        base = self.height() - line - look.px("tag.pad")
        top = line + look.px("space.half")
        most = max([bar.value for bar in self._bars if bar.value > 0], default=1.0)
        every = self._every()
        for at, (bar, slot) in enumerate(zip(self._bars, self._slots(), strict=True)):
            wide = min(look.px("chart.bar.w"), max(slot.width() - look.px("space.1"), 1))
            high = round((base - top) * max(bar.value, 0) / most)
            body = QRect(slot.x() + (slot.width() - wide) // 2, base - high, wide, high)
            painter.fillRect(body, look.color("accent" if bar.is_now else "text3"))
            above = QRect(slot.x(), body.y() - line - look.px("space.half") + 1, slot.width(), line)
            paint_line(painter, above, bar.shown(), _COUNT, _MIDDLE)
            if (len(self._bars) - 1 - at) % every == 0:
                spare = (every - 1) * slot.width() // 2
                below = QRect(slot.x() - spare, self.height() - line, slot.width() + 2 * spare, line)
                paint_line(painter, below, bar.label, META, _MIDDLE)
        painter.fillRect(QRect(0, base, self.width(), look.px("line")), look.color("border"))
        painter.end()


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; `role` is its colour, and the words below say what it is."""

    label: str
    value: float
    role: str = "text3"
    is_strong: bool = False


class ShareBar(Painted):
    """One bar cut into shares, the name and amount of each below it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._shares: tuple[Share, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show these parts, left to right."""
        self._shares = tuple(shares)
        names = ", ".join(share.label for share in shares)
        self.setAccessibleDescription(names)
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        words = sum(width_px(share.label, META) + px("space.4") for share in self._shares)
        return QSize(max(words, px("list.min.w") // 2), px("chart.share.h") + px("tag.pad") + px("line.meta"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 0, self.width(), look.px("chart.share.h"))
        corner = look.px("radius.control")
        clip = QPainterPath()
        clip.addRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        painter.setClipPath(clip)
        whole, x = sum(max(share.value, 0) for share in self._shares) or 1.0, 0.0
        for share in self._shares:
            wide = bar.width() * max(share.value, 0) / whole
            painter.fillRect(QRectF(x, 0, wide, bar.height()), look.color(share.role))
            x += wide
        painter.setClipping(False)
        painter.setPen(QPen(look.color("border"), look.px("line")))
        painter.drawPath(clip)
        self._paint_names(painter, round(bar.height()) + look.px("tag.pad"))
        painter.end()

    @property
    def between(self) -> float:
        """Pixels between one name and the next; below nought they lie on each other."""
        names = sum(width_px(share.label, _name_style(share)) for share in self._shares)
        return (self.width() - names) / max(len(self._shares) - 1, 1)

    def _paint_names(self, painter: QPainter, y: int) -> None:
        x, between = 0.0, max(self.between, 0.0)
        for share in self._shares:
            style = _name_style(share)
            wide = width_px(share.label, style)
            paint_line(
                painter, QRect(round(x), y, wide + 1, theme.current().px("line.meta")), share.label, style
            )
            x += wide + between


def _name_style(share: Share) -> Style:
    return Style("meta", "link" if share.is_strong else "text2", share.is_strong)


class Progress(Painted):
    """How much of a night's or a wave's work is done: a thin bar."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._done, self._all = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, done: int, whole: int) -> None:
        """Show so many done of so many."""
        self._done, self._all = done, whole
        self.setAccessibleDescription(f"{done}/{whole}")
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px("badge.w") * 4, theme.current().px("chart.progress.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.color("line"))
        part = min(max(self._done / self._all, 0.0), 1.0) if self._all else 0.0
        painter.fillRect(QRect(0, 0, round(self.width() * part), self.height()), look.color("accent"))
        painter.end()


class Sparkline(Painted):
    """A series as one line, its last value written at the end."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._values: tuple[float, ...] = ()
        self._last = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[float], last: str = "") -> None:
        """Show this series; `last` is the words of its last value."""
        self._values, self._last = tuple(values), last
        self.setAccessibleDescription(last)
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("badge.w") * 4, px("row.table"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        words = width_px(self._last, _COUNT) + look.px("space.2") if self._last else 0
        dot = look.px("space.half")
        room = QRectF(self.rect()).adjusted(dot, 2 * dot, -words - 2 * dot, -2 * dot)
        if len(self._values) > 1:
            points = _points(self._values, room)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("text3"), look.px("chart.stroke") * 0.75))
            painter.drawPolyline(points)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent"))
            painter.drawEllipse(points[-1], dot * 1.5, dot * 1.5)
        paint_line(painter, self.rect(), self._last, _COUNT, Qt.AlignmentFlag.AlignRight)
        painter.end()


def _points(values: Sequence[float], room: QRectF) -> list[QPointF]:
    """The series inside a place; more values than pixels keep the least and the most of each column."""
    columns = max(int(room.width()), 2)
    if len(values) > 2 * columns:
        size = -(-len(values) // columns)
        chunks = [values[at : at + size] for at in range(0, len(values), size)]
        values = [each for chunk in chunks for each in (min(chunk), max(chunk))]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = room.width() / (len(values) - 1)
    return [
        QPointF(room.x() + at * step, room.bottom() - (value - low) / span * room.height())
        for at, value in enumerate(values)
    ]
