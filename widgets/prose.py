"""Painted words: one line that elides, a block that wraps, with bold, coloured and flagged parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a sentence that looks different; `flagged` marks the words that offend."""

    text: str
    bold: bool = False
    role: str = ""
    flagged: bool = False


Rich = str | tuple[str | Span, ...]
LONE_MOST = 2
"""So few characters on a last line look lost."""


@dataclass(frozen=True, slots=True)
class Style:
    """How words look where a span says nothing: type size, colour role, weight."""

    size: str = "body"
    role: str = "text"
    bold: bool = False


BODY = Style()
STRONG = Style(bold=True)
QUIET = Style(role="text2")
META = Style("meta", "text3")
NOTE = Style("meta", "text2")
HEADING = Style("meta", "text3", bold=True)
SECTION = Style("section", bold=True)
TITLE = Style("title", bold=True)
FIGURE = Style("figure", bold=True)


def plain(rich: Rich) -> str:
    """The words alone, as a screen reader says them."""
    return (
        rich
        if isinstance(rich, str)
        else "".join(part if isinstance(part, str) else part.text for part in rich)
    )


def _spans(rich: Rich) -> tuple[Span, ...]:
    if isinstance(rich, str):
        return (Span(rich),)
    return tuple(Span(part) if isinstance(part, str) else part for part in rich)


@lru_cache(maxsize=64)
def metrics(size: str, bold: bool) -> QFontMetrics:
    """Measures of one type size; sizes do not change with the theme."""
    return QFontMetrics(_font(size, bold))


@lru_cache(maxsize=64)
def _font(size: str, bold: bool) -> QFont:
    return theme.current().font(f"font.{size}", bold=bold)


@lru_cache(maxsize=8192)
def _advance(words: str, size: str, bold: bool) -> int:
    """How wide the words are; most that stand on one card stand on the next."""
    return metrics(size, bold).horizontalAdvance(words)


def width_px(rich: Rich, style: Style = BODY) -> int:
    """How wide the words are on one line."""
    if isinstance(rich, str):
        return _advance(rich, style.size, style.bold)
    return sum(_advance(span.text, style.size, style.bold or span.bold) for span in _spans(rich))


def paint_line(
    painter: QPainter,
    rect: QRect,
    rich: Rich,
    style: Style = BODY,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    keeps_end: bool = False,
) -> int:
    """Paint one line, centred in height; elided at the end, or in the middle where the end decides.

    Returns its width.
    """
    mode = Qt.TextElideMode.ElideMiddle if keeps_end else Qt.TextElideMode.ElideRight
    x, end = rect.x(), rect.right() + 1
    if align != Qt.AlignmentFlag.AlignLeft:
        spare = end - x - width_px(rich, style)
        x = max(x, x + (spare if align == Qt.AlignmentFlag.AlignRight else spare // 2))
    start = x
    for span in _spans(rich):
        if x >= end:
            break
        x += _paint_span(painter, QRect(x, rect.y(), end - x, rect.height()), span, style, mode)
    return x - start


def _paint_span(painter: QPainter, rect: QRect, span: Span, style: Style, mode: Qt.TextElideMode) -> int:
    bold = style.bold or span.bold
    measure = metrics(style.size, bold)
    words, wide, room = span.text, _advance(span.text, style.size, bold), rect.width()
    if wide > room:
        words, wide = _shortened(words, measure, mode, room), room
    high = measure.height()
    top = rect.y() + (rect.height() - high) // 2
    if span.flagged:
        _flag(painter, QRectF(rect.x(), top + 1, wide, high))
    painter.setFont(_font(style.size, bold))
    painter.setPen(theme.current().color("warn" if span.flagged else span.role or style.role))
    painter.drawText(rect.x(), top + measure.ascent(), words)
    return wide


def _shortened(words: str, measure: QFontMetrics, mode: Qt.TextElideMode, room: int) -> str:
    """Elide; in the middle whole words go before a figure or a number is cut."""
    if mode is not Qt.TextElideMode.ElideMiddle:
        return measure.elidedText(words, mode, room)
    parts, best, widest = words.split(" "), "", -1
    for first in range(1, len(parts) - 1):
        for last in range(first, len(parts) - 1):
            if any(map(str.isdecimal, parts[last])):
                break
            short = " ".join((*parts[:first], "…", *parts[last + 1 :]))
            if widest < (wide := measure.horizontalAdvance(short)) <= room:
                best, widest = short, wide
    return best or measure.elidedText(words, mode, room)


def _flag(painter: QPainter, rect: QRectF) -> None:
    look = theme.current()
    foot = look.px("underline")
    painter.fillRect(rect.adjusted(-1, 0, 1, 0), look.color("warnbg"))
    painter.fillRect(QRectF(rect.x() - 1, rect.bottom(), rect.width() + 2, foot), look.color("warn"))


def _laid(rich: Rich, style: Style, wide: int) -> tuple[QTextLayout, int]:
    """Lay the words out, a little narrower where the last line would hold a lone character."""
    return _laid_once(rich, style, wide, theme.current())


@lru_cache(maxsize=512)
def _laid_once(rich: Rich, style: Style, wide: int, _look: theme.Theme) -> tuple[QTextLayout, int]:
    """What is measured is painted next, and again with every repaint: it is shaped once."""
    layout, high = _lines_of(rich, style, wide)
    step = metrics(style.size, style.bold).horizontalAdvance("字")
    for narrower in range(wide - step, wide - 4 * step, -step):
        if not _ends_alone(layout):
            break
        closer, as_high = _lines_of(rich, style, narrower)
        if as_high > high:
            break
        layout = closer
    return layout, high


def _ends_alone(layout: QTextLayout) -> bool:
    """Whether the last line of a paragraph that wraps holds one character, with or without a full stop."""
    count = layout.lineCount()
    is_one = count > 1 and "\u2028" not in layout.text()
    return is_one and layout.lineAt(count - 1).textLength() <= LONE_MOST


def _lines_of(rich: Rich, style: Style, wide: int) -> tuple[QTextLayout, int]:
    look = theme.current()
    spans = _spans(rich)
    # The layout breaks at a line separator, not at a line feed.
    layout = QTextLayout(plain(rich).replace("\n", "\u2028"), _font(style.size, style.bold))
    layout.setCacheEnabled(True)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    formats, at = [], 0
    for span in spans:
        part = QTextLayout.FormatRange()
        # The layout counts UTF-16 units, as rare name characters need two.
        part.start, part.length = at, len(span.text.encode("utf-16-le")) // 2
        looks = QTextCharFormat()
        looks.setForeground(look.color("warn" if span.flagged else span.role or style.role))
        if span.bold:
            looks.setFont(_font(style.size, bold=True))
        part.format = looks
        formats.append(part)
        at += part.length
    layout.setFormats(formats)
    pitch = look.px(f"line.{style.size}")
    layout.beginLayout()
    y = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(wide, 1))
        line.setPosition(QPointF(0, y + (pitch - line.height()) / 2))
        y += pitch
    layout.endLayout()
    return layout, max(y, pitch)


def block_height_px(rich: Rich, wide: int, style: Style = BODY) -> int:
    """How high the words are when they wrap at this width."""
    pitch = theme.current().px(f"line.{style.size}")
    if width_px(rich, style) < wide and "\n" not in plain(rich):
        return pitch
    return _wrapped_px(rich, style, wide, pitch)


@lru_cache(maxsize=2048)
def _wrapped_px(rich: Rich, style: Style, wide: int, _pitch: int) -> int:
    return _laid(rich, style, wide)[1]


def paint_block(painter: QPainter, rect: QRect, rich: Rich, style: Style = BODY) -> int:
    """Paint words that wrap inside the width of the rectangle; return their height."""
    layout, high = _laid(rich, style, rect.width())
    at = 0
    for span in _spans(rich):
        units = len(span.text.encode("utf-16-le")) // 2
        if span.flagged:
            _flag_wrapped(painter, rect, layout, (at, at + units))
        at += units
    layout.draw(painter, QPointF(rect.topLeft()))
    return high


def _flag_wrapped(painter: QPainter, rect: QRect, layout: QTextLayout, reach: tuple[int, int]) -> None:
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first, last = line.textStart(), line.textStart() + line.textLength()
        start, end = max(reach[0], first), min(reach[1], last)
        if start < end:
            left, right = _x(line.cursorToX(start)), _x(line.cursorToX(end))
            top = rect.y() + line.y() + 1
            _flag(painter, QRectF(rect.x() + left, top, right - left, line.height() - 1))


def _x(answer: object) -> float:
    """Qt answers a position, or a pair of it and the cursor."""
    return float(answer[0] if isinstance(answer, tuple) else answer)  # type: ignore[arg-type]


class Prose(Painted):
    """A label: words in one style that wrap, or elide on one line."""

    def __init__(
        self, words: Rich = "", style: Style = BODY, *, wraps: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.style_ = style
        self.wraps = wraps
        self.align = Qt.AlignmentFlag.AlignLeft
        self._words: Rich = ""
        across = QSizePolicy.Policy.Preferred
        policy = QSizePolicy(across, QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)
        self.show_words(words)

    def show_words(self, words: Rich, style: Style | None = None) -> None:
        """Replace the words, and the style where one is given; the same ones cost nothing."""
        if words == self._words and style in (None, self.style_):
            return
        if style is not None:
            self.style_ = style
        self._words = words
        self.setAccessibleName(plain(words))
        self.restyle()

    def words(self) -> Rich:
        """What is shown."""
        return self._words

    @override
    def sizeHint(self) -> QSize:
        pitch = theme.current().px(f"line.{self.style_.size}")
        return QSize(width_px(self._words, self.style_) + 2, pitch)

    @override
    def minimumSizeHint(self) -> QSize:
        # One line: the layout asks for the height at the real width, not at the one before it laid out.
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme.current().px("target.min.w") * 2), hint.height())

    @override
    def hasHeightForWidth(self) -> bool:
        return self.wraps

    @override
    def heightForWidth(self, wide: int) -> int:
        return block_height_px(self._words, wide, self.style_) if self.wraps else self.sizeHint().height()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.wraps and event.oldSize().width() != event.size().width():
            self.updateGeometry()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.wraps:
            paint_block(painter, self.rect(), self._words, self.style_)
        else:
            paint_line(painter, self.rect(), self._words, self.style_, self.align)
        painter.end()


def hairline(painter: QPainter, rect: QRect, role: str = "line") -> None:
    """A one-pixel line along the bottom of a rectangle."""
    look = theme.current()
    thick = look.px("line")
    painter.fillRect(QRect(rect.x(), rect.bottom() + 1 - thick, rect.width(), thick), look.color(role))


def sheet(
    painter: QPainter, rect: QRect, *, fill: str = "base", edge: str = "line", radius: str = "radius.card"
) -> None:
    """A filled, rounded rectangle with a one-pixel edge."""
    look = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(look.color(edge) if edge else QColor(Qt.GlobalColor.transparent))
    painter.setBrush(look.color(fill))
    corner = look.px(radius)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    painter.restore()
