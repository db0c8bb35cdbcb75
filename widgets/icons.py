"""Icons: one line drawing per file, in one colour of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from widgets import theme

_cache: dict[tuple[str, str, int, float, str], QPixmap] = {}


def names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(sorted(file.stem for file in resources.path("icons").glob("*.svg")))


def icon(name: str, role: str = "text2", px: int = 20) -> QPixmap:
    """An icon for a label, sharp on the main screen."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(name, role, px, ratio)


def paint(painter: QPainter, rect: QRect, name: str, role: str = "text2") -> None:
    """Draw an icon in the middle of a place, as large as fits."""
    px = min(rect.width(), rect.height())
    pixmap = _pixmap(name, role, px, painter.device().devicePixelRatio())
    painter.drawPixmap(rect.x() + (rect.width() - px) // 2, rect.y() + (rect.height() - px) // 2, pixmap)


def _pixmap(name: str, role: str, px: int, ratio: float) -> QPixmap:
    key = (name, role, px, ratio, theme.current().name)
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _drawn(name, role, px, ratio)
    return found


def _drawn(name: str, role: str, px: int, ratio: float) -> QPixmap:
    ink = theme.current().color(role).name()
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", ink).encode()))
    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, px, px))
    painter.end()
    return pixmap


@cache
def _source(name: str) -> str:
    return resources.read("icons", f"{name}.svg").decode()
