"""A spotlight on the real control: it waits for the real deed, follows the control, goes for good with Esc.

Source: qt.md section 6. The hole is no part of it, so the mouse reaches what lies below; keys go to the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.text import N_
from app.training.tours import SCAN, Deed, Mark, Tour
from widgets import theme, words
from widgets.button import Button
from widgets.controls import Pane, body, meta
from widgets.keys import Key, KeyRouter
from widgets.words import tr

_MOVES: Final = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.LayoutRequest,
        QEvent.Type.ParentChange,
    }
)
_WAYS: Final = {
    "away": (N_("Put away"), "Esc"),
    "next": (N_("Next"), "Alt+."),
    "never": (N_("No tours"), "Alt+9"),
}


class Coach(QWidget):
    """Lies over its window while a tour runs; `ended` says which one, and whether for good."""

    ended = Signal(str)  # the tour that is over: seen to its end, or put away
    refused = Signal()  # no tour shall begin by itself any more

    def __init__(self, window: QWidget, router: KeyRouter) -> None:
        super().__init__(window)
        self.setObjectName("coach")
        self._window, self._router = window, router
        self._tour: Tour | None = None
        self._at = 0
        self._left: tuple[Tour, int] | None = None  # what the deed under way led away from
        self._reached: dict[str, int] = {}  # tours that were left half way go on where they were
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._hole = QRect()
        px = theme.current().px
        self.bubble = Pane("base", card=True, outline="border")
        self.bubble.setParent(self)
        self.bubble.setObjectName("coach/bubble")
        self._count = meta("")
        self._text, self._reason = body("", bold=True, wraps=True), meta("", "text2", wraps=True)
        self.buttons = {code: Button("", key, "quiet") for code, (_, key) in _WAYS.items()}
        ways = QHBoxLayout()
        ways.setSpacing(px("space.1"))
        for code, button in self.buttons.items():
            button.setObjectName(f"coach/{code}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the mouse leaves the cursor where it is
            ways.addWidget(button)
        ways.addStretch(1)
        self._column = column = QVBoxLayout(self.bubble)
        pad = px("space.4")
        column.setContentsMargins(pad, pad, pad, px("space.2"))
        column.setSpacing(px("space.1"))
        for part in (self._count, self._text, self._reason):
            column.addWidget(part)
        column.addLayout(ways)
        for code, call in self._calls().items():
            self.buttons[code].clicked.connect(call)
        router.acted.connect(self._acted)
        router.scanned.connect(lambda _code: self._acted(SCAN))
        window.installEventFilter(self)
        theme.on_change(self._place)
        words.on_change(self._say)
        self.hide()

    def _calls(self) -> dict[str, Callable[[], None]]:
        return {"away": self.put_away, "next": self.go_on, "never": self._never}

    @property
    def mark(self) -> Mark | None:
        """What is pointed at."""
        return self._tour.marks[self._at] if self._tour is not None else None

    @property
    def hole(self) -> QRect:
        """Where in the window the control is seen."""
        return self._hole

    def begin(self, tour: Tour) -> bool:
        """Point at the first control that is on screen; False where none is."""
        self.leave()
        self._tour, self._at = tour, self._reached.get(tour.code, 0) - 1
        if self._step() is None:
            self._tour = None
            return False
        self._router.use_above(self._keys())
        self._show_mark()
        return True

    def leave(self) -> None:
        """Go away for now: another page came to the front."""
        if self._tour is not None:
            self._left = self._tour, self._at
            QTimer.singleShot(0, self, self._forget_left)
            self._tour = None
            self._watch(None)
            self._router.use_above(())
            self.hide()

    def _forget_left(self) -> None:
        self._left = None

    def put_away(self) -> None:
        """End the tour; it does not come back by itself."""
        tour = self._tour
        self.leave()
        if tour is not None:
            self._end(tour)

    def _end(self, tour: Tour) -> None:
        self._reached.pop(tour.code, None)
        self.ended.emit(tour.code)

    def go_on(self) -> None:
        """Point at the next control; after the last one the tour is over."""
        if self._tour is None:
            return
        if self._step() is None:
            self.put_away()
        else:
            self._show_mark()

    def _never(self) -> None:
        self.leave()
        self.refused.emit()

    def _keys(self) -> Sequence[Key]:
        return [Key(key, tr(name), self._calls()[code]) for code, (name, key) in _WAYS.items()]

    # --- where it points ------------------------------------------------------------------------------

    def _step(self) -> QWidget | None:
        """Go to the next mark whose control is on screen."""
        while self._tour is not None and self._at + 1 < len(self._tour.marks):
            self._at += 1
            if (found := self._find()) is not None:
                return found
        return None

    def _find(self) -> QWidget | None:
        mark = self.mark
        named = self._window.findChildren(QWidget, mark.control) if mark is not None else []
        return next((one for one in named if one.isVisible()), None)

    def _show_mark(self) -> None:
        self._watch(self._find())
        self._say()
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(self.bubble, QAccessible.Event.Alert))

    def _watch(self, target: QWidget | None) -> None:
        """Follow a control: whatever moves it moves one of those around it."""
        for one in self._watched:
            if shiboken6.isValid(one):
                one.removeEventFilter(self)
        self._target, self._watched = target, []
        if target is None:
            return
        around: list[QWidget] = [target, *target.findChildren(QWidget)]
        parent = target.parentWidget()
        while parent is not None and parent is not self._window:
            around.append(parent)
            parent = parent.parentWidget()
        for one in around:
            one.installEventFilter(self)
        self._watched = around

    def _place(self) -> None:
        if self._tour is None:
            return
        if self._target is None or not shiboken6.isValid(self._target) or not self._target.isVisible():
            self._watch(self._find())
        px, target = theme.current().px, self._target
        self.setGeometry(self._window.rect())
        roomy = px("coach.hole")
        self._hole = QRect()
        if target is not None:
            self._hole = self._seen(target).adjusted(-roomy, -roomy, roomy, roomy) & self._room()
        bubble = self.bubble
        bubble.setFixedWidth(px("coach.w"))
        bubble.setFixedHeight(self._column.heightForWidth(px("coach.w")))
        bubble.move(self._beside(bubble.rect()))
        # Where nothing else is free the bubble lies over the hole, and is seen there.
        self.setMask(QRegion(self._room()) - QRegion(self._hole) + QRegion(bubble.geometry()))
        self.update()

    def _seen(self, target: QWidget) -> QRect:
        """Where in the window a control is seen: what is scrolled out of sight does not count."""
        seen, one = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size()), target.parentWidget()
        while one is not None and one is not self._window:
            seen &= QRect(one.mapTo(self._window, QPoint(0, 0)), one.size())
            one = one.parentWidget()
        return seen

    def _beside(self, bubble: QRect) -> QPoint:
        """Where the bubble has room: below, above, right or left of the hole; else over its lower edge."""
        hole, gap, here = self._hole, theme.current().px("space.3"), self._room()
        tried = (
            QPoint(hole.left(), hole.bottom() + gap),
            QPoint(hole.left(), hole.top() - bubble.height() - gap),
            QPoint(hole.right() + gap, hole.top()),
            QPoint(hole.left() - bubble.width() - gap, hole.top()),
        )
        for at in tried:
            if here.contains(bubble.translated(at)):
                return at
        x = min(max(here.left() + gap, hole.center().x()), here.right() + 1 - bubble.width() - gap)
        return QPoint(x, here.bottom() + 1 - bubble.height() - gap)

    def _room(self) -> QRect:
        """What of the window may be veiled: not a frame around it."""
        return self._window.contentsRect()

    # --- what is done ---------------------------------------------------------------------------------

    def _acted(self, key: str) -> None:
        """A key did something; it may have led to another page before this is heard of."""
        tour, at = self._left or (self._tour, self._at)
        plain = key.removeprefix("Alt+") if len(key) == len("Alt+") + 1 else key
        if tour is not None and {key, plain} & set(tour.marks[at].keys):
            self._done(tour, at)

    def _done(self, tour: Tour, at: int) -> None:
        """The deed is on its way; the next mark comes after it, also where it led to another page."""
        self._reached[tour.code] = at + 1
        QTimer.singleShot(0, self, lambda: self._after(tour, at))

    def _after(self, tour: Tour, at: int) -> None:
        if (self._tour, self._at) == (tour, at):
            self.go_on()
        elif self._tour is None and at + 1 >= len(tour.marks):
            self._end(tour)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        mark = self.mark
        if mark is None:
            return False
        kind = event.type()
        if kind in _MOVES:
            QTimer.singleShot(0, self, self._place)
        elif self._is_within(watched):
            if kind == QEvent.Type.MouseButtonRelease and mark.deed is Deed.KEY:
                self._deed_done()
            elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                self._pressed(mark, event)
        return False

    def _pressed(self, mark: Mark, event: QKeyEvent) -> None:
        """A key that Qt itself has: typing, Tab."""
        is_tab = event.key() == Qt.Key.Key_Tab and "Tab" in mark.keys
        if is_tab or (mark.deed is Deed.TYPE and event.text().isprintable() and event.text()):
            self._deed_done()

    def _deed_done(self) -> None:
        if self._tour is not None:
            self._done(self._tour, self._at)

    def _is_within(self, watched: QObject) -> bool:
        target = self._target
        return (
            target is not None
            and shiboken6.isValid(target)
            and isinstance(watched, QWidget)
            and (watched is target or target.isAncestorOf(watched))
        )

    # --- what is seen and heard -----------------------------------------------------------------------

    def _say(self) -> None:
        mark, tour = self.mark, self._tour
        for code, (said, _) in _WAYS.items():
            self.buttons[code].say(tr(said))
        if mark is None or tour is None:
            return
        count = tr("{at} of {all}", at=self._at + 1, all=len(tour.marks))
        self._count.setText(count)
        self._text.setText(tr(mark.text))
        self._reason.setText(tr(mark.reason))
        self.bubble.setAccessibleName(f"{count}. {tr(mark.text)} {tr(mark.reason)}")
        self.setAccessibleName(tr("Tour"))
        self._place()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner, ring = look.px("radius.card"), look.px("ring.coach")
        whole, hole = QPainterPath(), QPainterPath()
        whole.addRect(QRectF(self.rect()))
        hole.addRoundedRect(QRectF(self._hole), corner, corner)
        painter.fillPath(whole - hole, look.color("veil"))
        painter.setPen(QPen(look.color("accent"), ring))
        painter.drawRoundedRect(QRectF(self._hole).adjusted(-ring, -ring, ring, ring), corner, corner)
        painter.end()
