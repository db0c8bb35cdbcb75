"""The small parts every screen is made of: labels, tags, badges, panes."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QWidget
from typing_extensions import override

from widgets import marks, theme
from widgets.button import DASH, Button
from widgets.keycap import KeyCap
from widgets.marked import marked_height_px, paint_badge, paint_marked
from widgets.painted import Painted
from widgets.prose import Style, paint_line, width_px

__all__ = [
    "Avatar",
    "Badge",
    "Button",
    "Hairline",
    "KeyCap",
    "Label",
    "MarkLabel",
    "Pane",
    "Tag",
    "body",
    "caption",
    "figure",
    "meta",
    "reading",
    "scroll",
    "section",
    "title",
]

TagKind = Literal["neutral", "ok", "warn", "bad", "dashed"]
Edge = Literal["left", "top", "right", "bottom"]
_TAG: Final[dict[TagKind, tuple[str, str]]] = {  # kind: ground, ink
    "neutral": ("chip", "text2"),
    "ok": ("okbg", "ok"),
    "warn": ("warnbg", "warn"),
    "bad": ("badbg", "bad"),
    "dashed": ("", "text2"),
}


class Label(QLabel):
    """Plain words in one of the sizes of the type scale; the colour follows the theme."""

    def __init__(
        self, text: str, size: str = "body", role: str = "text", *, bold: bool = False, wraps: bool = False
    ) -> None:
        super().__init__(text)
        self._size, self._role, self._bold = size, role, bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.restyle()
        theme.on_change(self.restyle)

    def set_role(self, role: str, *, bold: bool | None = None) -> None:
        """Change what the words mean, and their weight where one is given."""
        self._role = role
        self._bold = self._bold if bold is None else bold
        self.restyle()

    def restyle(self) -> None:
        """Take font, line height and colour from the theme again."""
        look = theme.current()
        self.setFont(look.font(f"font.{self._size}", bold=self._bold))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, look.color(self._role))
        self.setPalette(palette)
        if not self.wordWrap():
            self.setFixedHeight(look.px(f"line.{self._size}"))


def title(text: str) -> Label:
    """A sentence that names what is wrong: 20 bold, wraps."""
    return Label(text, "title", bold=True, wraps=True)


def section(text: str) -> Label:
    """The name of a section of a page: 16 bold."""
    return Label(text, "section", bold=True)


def caption(text: str) -> Label:
    """The name of a group of facts: 12 bold in the label colour."""
    return Label(text, "meta", "text3", bold=True)


def body(text: str, *, bold: bool = False, wraps: bool = False) -> Label:
    """A value or a sentence: 13."""
    return Label(text, bold=bold, wraps=wraps)


def reading(text: str) -> Label:
    """Words to read at leisure: 14, wraps."""
    return Label(text, "read", wraps=True)


def meta(text: str, role: str = "text3", *, wraps: bool = False) -> Label:
    """What stands beside a value: 12."""
    return Label(text, "meta", role, wraps=wraps)


def figure(text: str) -> Label:
    """The number a screen is about: 28 bold."""
    return Label(text, "figure", bold=True)


class _Chip(Painted):
    """A painted part as large as its words, never elided."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Badge(_Chip):
    """A sales channel: two letters in an outline; the shop's name stands beside it."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self._letters = letters

    @override
    def sizeHint(self) -> QSize:
        look = theme.current()
        return QSize(look.px("badge.w"), look.px("badge.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, self.rect(), self._letters)
        painter.end()


class Tag(_Chip):
    """A word on a tint, with the mark that says the same without colour."""

    def __init__(self, text: str, kind: TagKind = "neutral", mark: str = "") -> None:
        super().__init__(text)
        self._text, self._kind, self._mark = text, kind, mark

    def show_text(self, text: str, kind: TagKind = "neutral", mark: str = "") -> None:
        """Replace word, tint and mark; the same ones cost nothing."""
        if (text, kind, mark) == (self._text, self._kind, self._mark):
            return
        self._text, self._kind, self._mark = text, kind, mark
        self.setAccessibleName(text)
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        look = theme.current()
        before = look.px("mark") + look.px("space.1") if self._mark else 0
        words = QFontMetrics(look.font("font.meta")).horizontalAdvance(self._text)
        return QSize(before + words + 2 * look.px("tag.pad"), look.px("tag.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        ground, ink = _TAG[self._kind]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, QRectF(self.rect()), ground, "radius.control", outlined=look.name == "contrast")
        if self._kind == "dashed":
            _dashed(painter, QRectF(self.rect()))
        x = look.px("tag.pad")
        if self._mark:
            size = look.px("mark")
            marks.paint(painter, QRect(x, (self.height() - size) // 2, size, size), self._mark)
            x += size + look.px("space.1")
        paint_line(painter, self.rect().adjusted(x, 0, 0, 0), self._text, Style("meta", ink))
        painter.end()


def _ground(painter: QPainter, box: QRectF, role: str, radius: str, *, outlined: bool) -> None:
    look = theme.current()
    if not role:
        return
    half, corner = look.px("line") / 2, look.px(radius)
    painter.setPen(QPen(look.color("line" if outlined else role), look.px("line")))
    painter.setBrush(look.color(role))
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), corner, corner)


def _dashed(painter: QPainter, box: QRectF) -> None:
    look = theme.current()
    half, corner = look.px("line") / 2, look.px("radius.control")
    pen = QPen(look.color("border"), look.px("line"))
    pen.setDashPattern(DASH)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), corner, corner)


class MarkLabel(Painted):
    """A mark and its words, which wrap when there is no room."""

    def __init__(
        self, mark: str, text: str, *, size: str = "meta", role: str = "text2", bold: bool = False
    ) -> None:
        super().__init__(name=text)
        self._mark, self._text = mark, text
        self._style = Style(size, role, bold)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_mark(self, mark: str, text: str, role: str = "", *, bold: bool | None = None) -> None:
        """Replace mark and words, and their colour or weight where one is given."""
        weight = self._style.bold if bold is None else bold
        style = Style(self._style.size, role or self._style.role, weight)
        if (mark, text, style) == (self._mark, self._text, self._style):
            return
        self._mark, self._text, self._style = mark, text, style
        self.setAccessibleName(text)
        self.restyle()

    def show_limit(self, used_percent: int, text: str) -> None:
        """A time limit: grey, from three quarters amber and bold, past its end red."""
        mark = marks.for_limit(used_percent)
        self.show_mark(mark, text, marks.ink(mark), bold=used_percent >= marks.LATE_PERCENT)

    @override
    def sizeHint(self) -> QSize:
        look = theme.current()
        before = look.px("mark") + look.px("tag.pad") if self._mark else 0
        wide = before + width_px(self._text, self._style) + look.px("space.half")
        return QSize(wide, marked_height_px(wide, self._mark, self._text, self._style))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("target.min.w") * 2, theme.current().px("line.body"))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return marked_height_px(wide, self._mark, self._text, self._style)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        spare = max(self.height() - self.heightForWidth(self.width()), 0) // 2
        paint_marked(painter, self.rect().adjusted(0, spare, 0, 0), self._mark, self._text, self._style)
        painter.end()


class Avatar(_Chip):
    """The first letter of who works here."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._letter = name[:1]

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px("avatar"), theme.current().px("avatar"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("sel"))
        painter.drawEllipse(self.rect())
        middle = Qt.AlignmentFlag.AlignHCenter
        paint_line(painter, self.rect(), self._letter, Style("meta", bold=True), middle)
        painter.end()


class Hairline(Painted):
    """A line of one pixel between groups; it carries no meaning."""

    def __init__(self, *, upright: bool = False) -> None:
        super().__init__()
        thick = theme.current().px("line")
        if upright:
            self.setFixedWidth(thick)
        else:
            self.setFixedHeight(thick)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("line"))
        painter.end()


class Pane(QFrame):
    """A ground for other parts: a whole area with lines at its edges, or a rounded card."""

    def __init__(self, role: str = "base", *edges: Edge, card: bool = False, outline: str = "line") -> None:
        super().__init__()
        self._role, self._edges, self._card, self._outline = role, edges, card, outline
        # What lies below it is not painted each time when all of it is covered anyway.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, not card)
        theme.notifier().changed.connect(self.update)

    def set_role(self, role: str, outline: str = "line") -> None:
        """Change the ground and the colour of its edge."""
        self._role, self._outline = role, outline
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        if self._card:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            half, corner = look.px("line") / 2, look.px("radius.card")
            painter.setPen(QPen(look.color(self._outline), look.px("line")))
            painter.setBrush(look.color(self._role))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), corner, corner)
        else:
            painter.fillRect(event.rect(), look.color(self._role))
        for edge in self._edges:
            painter.fillRect(_strip(self.rect(), edge, look.px("line")), look.color(self._outline))
        painter.end()


def _strip(rect: QRect, edge: Edge, thick: int) -> QRect:
    match edge:
        case "left":
            return QRect(rect.x(), rect.y(), thick, rect.height())
        case "right":
            return QRect(rect.right() + 1 - thick, rect.y(), thick, rect.height())
        case "top":
            return QRect(rect.x(), rect.y(), rect.width(), thick)
        case "bottom":
            return QRect(rect.x(), rect.bottom() + 1 - thick, rect.width(), thick)


def scroll(widget: QWidget) -> QScrollArea:
    """Let a column scroll up and down; focus moving inside it brings itself into view."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(widget)
    widget.setAutoFillBackground(False)
    return area


def settle(area: QScrollArea) -> None:
    """Lay out what changed in a column now: else it is painted twice, before it has its size and after."""
    column = area.widget()
    layout = column.layout() if column is not None else None
    if layout is not None:
        layout.activate()
    for each in (area.viewport(), area):
        QCoreApplication.sendPostedEvents(each, QEvent.Type.LayoutRequest.value)
