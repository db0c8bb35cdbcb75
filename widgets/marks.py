"""Marks: filled shapes that say met, waits or stops without their colour.

Units: drawn on a grid of 14; `pie:82` is a time limit of which 82 % is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPainter, QPainterPath, QPen, QPixmap

from widgets import theme

LATE_PERCENT: Final = 75  # from here on a time limit is amber
_GRID: Final = 14
_TICK: Final = ((4.2, 7.2), (6.2, 9.2), (9.9, 5.2))
_THIN, _STROKE, _KNOT = 1.2, 1.5, 1.6

_cache: dict[tuple[str, str, str, int, float, str], QPixmap] = {}


def pixmap(mark: str, px: int = 14, role: str | None = None) -> QPixmap:
    """A mark for a label, sharp on the main screen."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(mark, role, "base", px, ratio)


def paint(painter: QPainter, rect: QRect, mark: str, role: str | None = None, ground: str = "base") -> None:
    """Draw a mark in the middle of a place, as large as fits; `role` replaces its own colour.

    The sign inside the shape has the colour of the `ground` behind it.
    """
    px = min(rect.width(), rect.height())
    image = _pixmap(mark, role, ground, px, painter.device().devicePixelRatio())
    painter.drawPixmap(rect.x() + (rect.width() - px) // 2, rect.y() + (rect.height() - px) // 2, image)


def ink(mark: str) -> str:
    """The colour role of the words beside a mark."""
    if mark.startswith("pie:"):
        used = int(mark.removeprefix("pie:"))
        return "bad" if used >= 100 else "warn" if used >= LATE_PERCENT else "text3"
    return _MARKS[mark][1]


def for_limit(used_percent: int) -> str:
    """The mark of a time limit; past its end it is the mark that stops."""
    return "stops" if used_percent >= 100 else f"pie:{max(used_percent, 0)}"


def _pixmap(mark: str, role: str | None, ground: str, px: int, ratio: float) -> QPixmap:
    key = (mark, role or "", ground, px, ratio, theme.current().name)
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _drawn(mark, role, ground, px, ratio)
    return found


def _drawn(mark: str, role: str | None, ground: str, px: int, ratio: float) -> QPixmap:
    image = QPixmap(round(px * ratio), round(px * ratio))
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(px / _GRID, px / _GRID)
    look = theme.current()
    color, knot = look.color(role or ink(mark)), look.color(ground)
    if mark.startswith("pie:") and ink(mark) != "bad":
        _pie(painter, int(mark.removeprefix("pie:")), color, look.color("border"))
    else:
        _MARKS["stops" if mark.startswith("pie:") else mark][0](painter, color, knot)
    painter.end()
    return image


def _line(painter: QPainter, color: QColor, width: float, *points: tuple[float, float]) -> None:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.drawPolyline([QPointF(x, y) for x, y in points])


def _filled(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)


def _ring(painter: QPainter, color: QColor, width: float) -> None:
    painter.setPen(QPen(color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(7, 7), 5.5, 5.5)


def _tick(painter: QPainter, color: QColor, knot: QColor) -> None:
    _filled(painter, color)
    painter.drawEllipse(QPointF(7, 7), 6, 6)
    _line(painter, knot, _KNOT, *_TICK)


def _triangle(painter: QPainter, color: QColor, knot: QColor) -> None:
    _filled(painter, color)
    painter.drawPolygon([QPointF(7, 0.8), QPointF(13.6, 12.8), QPointF(0.4, 12.8)])
    _line(painter, knot, _KNOT, (7, 5), (7, 8.6))
    _line(painter, knot, _KNOT, (7, 10.3), (7, 11.4))


def _cross(painter: QPainter, color: QColor, knot: QColor) -> None:
    _filled(painter, color)
    painter.drawRoundedRect(QRectF(1, 1, 12, 12), 1.5, 1.5)
    _line(painter, knot, _KNOT, (4.5, 4.5), (9.5, 9.5))
    _line(painter, knot, _KNOT, (9.5, 4.5), (4.5, 9.5))


def _dashed(painter: QPainter, color: QColor, _knot: QColor) -> None:
    pen = QPen(color, _STROKE)
    pen.setDashPattern([2.4 / _STROKE, 2 / _STROKE])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawEllipse(QPointF(7, 7), 5.5, 5.5)


def _disc(painter: QPainter, color: QColor, _knot: QColor) -> None:
    _filled(painter, color)
    painter.drawEllipse(QPointF(7, 7), 5, 5)


def _half(painter: QPainter, color: QColor, _knot: QColor) -> None:
    _ring(painter, color, _STROKE)
    _filled(painter, color)
    painter.drawPie(QRectF(1.5, 1.5, 11, 11), 90 * 16, -180 * 16)


def _shield(painter: QPainter, color: QColor, knot: QColor) -> None:
    path = QPainterPath(QPointF(7, 0.8))
    path.lineTo(12.8, 3)
    path.lineTo(12.8, 7)
    path.cubicTo(12.8, 10.5, 10.2, 12.3, 7, 13.3)
    path.cubicTo(3.8, 12.3, 1.2, 10.5, 1.2, 7)
    path.lineTo(1.2, 3)
    path.closeSubpath()
    painter.fillPath(path, QBrush(color))
    _line(painter, knot, _KNOT, (4.3, 6.9), (6.3, 8.9), (9.8, 5.1))


def _pie(painter: QPainter, used_percent: int, color: QColor, rim: QColor) -> None:
    _ring(painter, rim, _THIN)
    _filled(painter, color)
    painter.drawPie(QRectF(1.5, 1.5, 11, 11), 90 * 16, -round(3.6 * used_percent * 16))


_Draw = Callable[[QPainter, QColor, QColor], None]
_MARKS: Final[dict[str, tuple[_Draw, str]]] = {
    "met": (_tick, "ok"),
    "waits": (_triangle, "warn"),
    "stops": (_cross, "bad"),
    "not_yet": (_dashed, "text3"),
    "now": (_disc, "accent"),
    "saved": (_half, "text2"),
    "accepted": (_tick, "text2"),
    "protected": (_shield, "text2"),
    "online": (_tick, "ok"),
    "weak": (_triangle, "warn"),
    "offline": (_triangle, "warn"),
}
MARKS: Final = tuple(_MARKS)
