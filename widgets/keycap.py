"""Keycaps: which key does this, drawn where the action stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class KeyLook:
    """The colour roles of a keycap on its ground; without a fill the ground shows."""

    ink: str = "text2"
    edge: str = "border"
    fill: str = "base"


PLAIN = KeyLook()
ON_ACCENT = KeyLook("onaccent", "onaccent", "")
ON_INVERSE = KeyLook("oninv", "oninv", "")


def in_field(key: str) -> str:
    """The same key while a text field takes single keys: 1 becomes Alt+1."""
    return f"Alt+{key}" if len(key) == 1 and key.isalnum() else key


def caps(keys: str) -> tuple[str, ...]:
    """`J K` is two caps beside each other, `Ctrl+K` is one; an arrow is written as on the key."""
    return tuple(keys.replace("Left", "←").split())


def size(keys: str, *, floor: bool = False) -> QSize:
    """How large the caps are together."""
    px = theme.current().px
    between = px("space.1")
    wide = sum(_cap_width_px(cap, floor) + between for cap in caps(keys)) - between
    return QSize(max(wide, 0), px("key.floor.h" if floor else "key.h"))


def paint(painter: QPainter, rect: QRect, keys: str, look: KeyLook = PLAIN, *, floor: bool = False) -> None:
    """Draw caps from the left, centred in the height of a place."""
    px = theme.current().px
    high = px("key.floor.h" if floor else "key.h")
    x, y = rect.x(), rect.y() + (rect.height() - high) // 2
    for cap in caps(keys):
        drawn = _cap(cap, look, floor, theme.current(), painter.device().devicePixelRatio())
        painter.drawPixmap(x, y, drawn)
        x += _cap_width_px(cap, floor) + px("space.1")


def _cap_width_px(cap: str, floor: bool) -> int:
    return _cap_px(theme.current(), cap, floor)


@lru_cache(maxsize=512)
def _cap_px(look: theme.Theme, cap: str, floor: bool) -> int:
    font = look.font("font.read" if floor else "font.meta", bold=True)
    least = look.px("key.floor.min.w" if floor else "key.min.w")
    return max(QFontMetrics(font).horizontalAdvance(cap) + 2 * (look.px("key.pad") + look.px("line")), least)


@lru_cache(maxsize=256)
def _cap(cap: str, look: KeyLook, floor: bool, now: theme.Theme, ratio: float) -> QPixmap:
    """Draw a cap once: the same few stand on every page."""
    box = QRect(0, 0, _cap_px(now, cap, floor), now.px("key.floor.h" if floor else "key.h"))
    drawn = QPixmap(box.size() * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _paint_cap(painter, box, cap, look, floor=floor)
    painter.end()
    return drawn


def _paint_cap(painter: QPainter, rect: QRect, cap: str, look: KeyLook, *, floor: bool) -> None:
    now = theme.current()
    line, foot, corner = now.px("line"), now.px("key.foot"), now.px("radius.control")
    edge = QPainterPath()
    edge.addRoundedRect(QRectF(rect), corner, corner)
    face = QPainterPath()
    inside = QRectF(rect).adjusted(line, line, -line, -foot)
    face.addRoundedRect(inside, corner - line, corner - line)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(edge.subtracted(face), now.color(look.edge))
    if look.fill:
        painter.fillPath(face, now.color(look.fill))
    painter.setFont(now.font("font.read" if floor else "font.meta", bold=True))
    painter.setPen(QPen(now.color(look.ink)))
    painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, cap)
    painter.restore()


class KeyCap(Painted):
    """One or more keycaps, with the words of what they do when there are any."""

    def __init__(self, keys: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, name=f"{keys} {words}".strip())
        self._keys, self._words = keys, words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        look = theme.current()
        cap = size(self._keys)
        words = QFontMetrics(look.font("font.meta")).horizontalAdvance(self._words)
        beside = look.px("button.quiet.gap") + words if self._words else 0
        return QSize(cap.width() + beside, max(cap.height(), look.px("line.body")))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint(painter, self.rect(), self._keys)
        if self._words:
            painter.setFont(look.font("font.meta"))
            painter.setPen(look.color("text2"))
            left = size(self._keys).width() + look.px("button.quiet.gap")
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.end()
