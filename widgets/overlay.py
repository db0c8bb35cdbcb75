"""A sheet that lies over the window until Esc: the palette, the key sheet and the help build on it."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.text import N_
from widgets import motion, theme
from widgets.keys import Key
from widgets.prose import sheet
from widgets.words import tr

CLOSE = N_("Close")


class Overlay(QWidget):
    """Covers its window, shows `sheet`, keeps other keys out, and gives the focus back when it closes."""

    opened = Signal()
    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._was_focused: QWidget | None = None
        self.sheet = QWidget(self)
        self.hide()
        window.installEventFilter(self)
        theme.on_change(self.update)

    def keys(self) -> Sequence[Key]:
        """The only keys that work while this lies over the window."""
        return (Key("Esc", tr(CLOSE), self.shut),)

    def place(self) -> QRect:
        """Where the sheet lies in the window."""
        raise NotImplementedError

    def lay(self) -> None:
        """Open over the window."""
        if self.isVisible():
            return
        self._was_focused = QApplication.focusWidget()
        self._fit()
        self.opened.emit()
        motion.fade_in(self)

    def shut(self) -> None:
        """Close, and put the focus where it was."""
        if not self.isVisible():
            return
        self.hide()
        self.closed.emit()
        before = self._was_focused
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return False

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round inside; what lies below is out of reach until this closes."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisible() and child.isEnabled()
        ]
        here = QApplication.focusWidget()
        if stops:
            at = stops.index(here) if here in stops else -1
            stops[(at + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _fit(self) -> None:
        self.setGeometry(self._window.contentsRect())
        self.sheet.setGeometry(self.place())
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.sheet.geometry().contains(event.position().toPoint()):
            self.shut()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, place = theme.current(), QPainter(self), self.sheet.geometry()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("shade"))
        line, corner = look.px("line"), look.px("radius.card")
        for step in (2, 1):  # the shadow is two painted steps; nothing here blurs
            grown = QRectF(place).adjusted(-line * step, 0, line * step, line * step * 2)
            painter.drawRoundedRect(grown, corner + step, corner + step)
        sheet(painter, place.adjusted(-line, -line, line, line), edge="border")
        painter.end()
