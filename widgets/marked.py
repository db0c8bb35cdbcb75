"""Marks beside words: badges, a mark with its sentence, and how a mark is said aloud."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from app.text import N_
from widgets import marks, theme
from widgets.prose import Rich, Style, block_height_px, paint_block, paint_line
from widgets.words import tr

VERDICT: Final = Style("meta")
_BADGE: Final = Style("meta", "text2", bold=True)
_SPOKEN: Final = {
    "met": N_("met"),
    "waits": N_("waits"),
    "stops": N_("stops"),
    "not_yet": N_("not yet"),
    "now": N_("now"),
    "saved": N_("Saved here"),
    "accepted": N_("Accepted"),
    "protected": N_("Protected"),
}


def spoken(mark: str) -> str:
    """A mark in words; a pie says nothing, as the time stands beside it."""
    return tr(_SPOKEN.get(mark, ""))


def tint(mark: str) -> str:
    """The ground behind what a mark says, or the neutral one."""
    ground = {"ok": "okbg", "warn": "warnbg", "bad": "badbg"}
    return ground.get(marks.ink(mark), "alt") if mark else "alt"


def paint_badge(painter: QPainter, rect: QRect, text: str) -> None:
    """The two letters of a channel in an outline, in the middle of the height of a place."""
    drawn = _badge(text, theme.current(), painter.device().devicePixelRatio())
    high = theme.current().px("badge.h")
    painter.drawPixmap(rect.x(), rect.y() + (rect.height() - high) // 2, drawn)


@lru_cache(maxsize=64)
def _badge(text: str, look: theme.Theme, ratio: float) -> QPixmap:
    """Draw a badge once: a page of orders shows dozens of a handful."""
    box = QRect(0, 0, look.px("badge.w"), look.px("badge.h"))
    drawn = QPixmap(box.size() * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("border"), look.px("line")))
    corner = look.px("radius.badge")
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    paint_line(painter, box, text, _BADGE, Qt.AlignmentFlag.AlignHCenter)
    painter.end()
    return drawn


def paint_marked(painter: QPainter, rect: QRect, mark: str, words: Rich, style: Style = VERDICT) -> int:
    """A mark and words that wrap beside it, from the top of a place; return the height."""
    look = theme.current()
    size, pitch = look.px("mark"), look.px(f"line.{style.size}")
    line = max(pitch, look.px("line.body"))
    x = rect.x()
    if mark:
        marks.paint(painter, QRect(x, rect.y() + (line - size) // 2, size, size), mark)
        x += size + look.px("tag.pad")
    inside = QRect(x, rect.y() + (line - pitch) // 2, rect.right() + 1 - x, rect.height())
    return max(line, paint_block(painter, inside, words, style) + line - pitch)


def marked_height_px(wide: int, mark: str, words: Rich, style: Style = VERDICT) -> int:
    """How high a mark and its words are at this width."""
    look = theme.current()
    pitch = look.px(f"line.{style.size}")
    line = max(pitch, look.px("line.body"))
    room = wide - (look.px("mark") + look.px("tag.pad") if mark else 0)
    return max(line, block_height_px(words, room, style) + line - pitch)
