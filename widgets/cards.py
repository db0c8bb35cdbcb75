"""Cards of Today: the one thing to do first, and single figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from widgets import marks, theme
from widgets.button import Button
from widgets.painted import Painted
from widgets.prose import (
    BODY,
    FIGURE,
    META,
    NOTE,
    SECTION,
    STRONG,
    Prose,
    Rich,
    Style,
    paint_line,
    plain,
    sheet,
    width_px,
)

_ABOUT: Final = Style(role="text3")


@dataclass(frozen=True, slots=True)
class Action:
    """A verb with its key; the first of a card is its primary one."""

    code: str
    key: str
    text: str
    off_reason: str = ""


@dataclass(frozen=True, slots=True)
class First:
    """What to do first: its place in the queue, the sentence, and what is proposed."""

    mark: str
    kicker: str
    about: str
    limit_mark: str
    limit_text: str
    title: Rich
    note: Rich = ""


class _Kicker(Painted):
    """Mark, bold word, what it is about, time limit: one line, or two where one is too short."""

    def __init__(self) -> None:
        super().__init__()
        self.first: First | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _tail_px(self) -> int:
        """What the time limit takes at the end."""
        px, first = theme.current().px, self.first
        if first is None or not first.limit_text:
            return 0
        words = width_px(first.limit_text, Style("meta", bold=True))
        return words + px("mark") + px("space.1") + px("space.2")

    def _is_short(self, wide: int) -> bool:
        """Whether one line does not hold all of it."""
        if self.first is None:
            return False
        px = theme.current().px
        before = px("mark") + px("space.2") if self.first.mark else 0
        words = width_px(self.first.kicker, STRONG) + width_px(self.first.about, _ABOUT)
        return before + words + 2 * px("space.2") + self._tail_px() > wide

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w"), theme.current().px("line.body"))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return theme.current().px("line.body") * (2 if self._is_short(wide) else 1)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if (first := self.first) is None:
            return
        px, painter, rect = theme.current().px, QPainter(self), self.rect()
        gap, size, tail = px("space.2"), px("mark"), self._tail_px()
        if is_short := self._is_short(self.width()):
            below = rect.adjusted(0, px("line.body"), 0, 0)
            paint_line(painter, below, first.about, _ABOUT)
            rect.setHeight(px("line.body"))
        y = (rect.height() - size) // 2
        limit = Style("meta", marks.ink(first.limit_mark) if first.limit_mark else "text3", bold=True)
        x = 0
        if first.mark:
            marks.paint(painter, QRect(x, y, size, size), first.mark)
            x += size + gap
        x += paint_line(painter, rect.adjusted(x, 0, -tail, 0), first.kicker, STRONG) + gap
        if not is_short:
            x += paint_line(painter, rect.adjusted(x, 0, -tail, 0), first.about, _ABOUT) + gap
        if first.limit_text:
            if first.limit_mark:
                marks.paint(painter, QRect(x, y, size, size), first.limit_mark)
                x += size + px("space.1")
            paint_line(painter, rect.adjusted(x, 0, 0, 0), first.limit_text, limit)
        painter.end()


class FirstCard(Painted):
    """The card of the thing to do first, its actions at the right."""

    acted = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        px = theme.current().px
        self._kicker, self._title, self._note = _Kicker(), Prose(style=SECTION), Prose(style=NOTE)
        self._buttons: dict[str, Button] = {}
        self._actions: tuple[Action, ...] = ()
        words = QVBoxLayout()
        words.setSpacing(px("space.half"))
        for part in (self._kicker, self._title, self._note):
            words.addWidget(part)
        self._keys = QHBoxLayout()
        self._keys.setSpacing(px("space.2"))
        box = QHBoxLayout(self)
        box.setContentsMargins(px("page.edge"), px("mark"), px("space.4"), px("mark"))
        box.setSpacing(px("space.5"))
        box.addLayout(words, 1)
        box.addLayout(self._keys)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_card(self, first: First, actions: Sequence[Action]) -> None:
        """Show what to do first and how."""
        self._kicker.first = first
        about = (first.kicker, first.about, first.limit_text)
        self._kicker.setAccessibleName(", ".join(part for part in about if part))
        self._kicker.restyle()
        self._title.show_words(first.title)
        self._note.show_words(first.note)
        self._note.setVisible(bool(plain(first.note)))
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self._show_actions()

    def _show_actions(self) -> None:
        for old in self._buttons.values():
            self._keys.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = {}
        for at, action in enumerate(self._actions):
            button = Button(action.text, action.key, "plain" if at else "primary")
            button.setObjectName(f"first/{action.code}")
            button.setAccessibleName(action.text)
            button.set_off(action.off_reason)
            button.clicked.connect(lambda _checked=False, code=action.code: self.acted.emit(code))
            self._keys.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            self._buttons[action.code] = button

    def set_alt(self, needed: bool) -> None:
        """Show the keys that work while the cursor is in a text field."""
        for button in self._buttons.values():
            button.set_alt(needed)

    def button(self, code: str) -> Button:
        """The button of an action."""
        return self._buttons[code]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        sheet(painter, self.rect(), edge="accent")
        corner, bar = look.px("radius.card"), look.px("space.1")
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()), corner, corner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(clip)
        painter.fillRect(QRect(0, 0, bar, self.height()), look.color("accent"))
        painter.end()


class StatTile(Painted):
    """One figure over what it counts; `words` stand beside the figure."""

    def __init__(
        self, label: str = "", value: str = "", words: Rich = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label, self._value, self._words = label, value, words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_figure(label, value, words)

    def show_figure(self, label: str, value: str, words: Rich = "") -> None:
        """Show another figure."""
        self._label, self._value, self._words = label, value, words
        self.setAccessibleName(" ".join(part for part in (label, value, plain(words)) if part))
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        words = width_px(self._words) + px("space.3") if self._words else 0
        wide = max(width_px(self._value, FIGURE) + words, width_px(self._label, META)) + px("space.half")
        return QSize(wide, (px("line.meta") + px("space.1") if self._label else 0) + px("line.figure"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter, y = theme.current().px, QPainter(self), 0
        if self._label:
            heading = Style("meta", "text3", bold=True)
            paint_line(painter, QRect(0, 0, self.width(), px("line.meta")), self._label, heading)
            y = px("line.meta") + px("space.1")
        value = QRect(0, y, self.width(), px("line.figure"))
        x = paint_line(painter, value, self._value, FIGURE) + px("space.3")
        # Beside a figure, words stand on its foot, not in its middle.
        beside = QRect(x, y + px("space.3") - px("space.half"), self.width() - x, px("line.body"))
        paint_line(painter, beside, self._words, Style(BODY.size, "text2"))
        painter.end()


def outline(painter: QPainter, rect: QRect, role: str, thick: int) -> None:
    """A rounded outline of some thickness on the ground of a sheet."""
    look, half = theme.current(), thick / 2
    corner = look.px("radius.card")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color(role), thick))
    painter.setBrush(look.color("base"))
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), corner - half, corner - half)
    painter.restore()
