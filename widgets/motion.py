"""The two movements of the desk, both skippable: a fade and a slide. Nothing loops, pulses or shakes."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QPropertyAnimation, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget
from typing_extensions import override

from widgets import theme

_WHEN_DONE = QAbstractAnimation.DeletionPolicy.DeleteWhenStopped


class Motion:
    """Whether things may move at all."""

    def __init__(self) -> None:
        self.is_reduced = False

    def ms(self, token: str) -> int:
        """How long a movement of the theme lasts: nothing when motion is reduced."""
        return 0 if self.is_reduced else theme.current().px(token)


_motion = Motion()


def motion() -> Motion:
    """The one setting of this process."""
    return _motion


def fade_in(widget: QWidget) -> None:
    """Show an overlay with a short fade; it takes keys from the first frame."""
    widget.show()
    widget.raise_()
    ms = _motion.ms("motion.fade")
    if ms == 0:
        return
    effect = QGraphicsOpacityEffect(widget)
    effect.setOpacity(0.0)
    widget.setGraphicsEffect(effect)
    fade = QPropertyAnimation(effect, b"opacity", widget)  # outlives the effect it fades
    fade.setDuration(ms)
    fade.setStartValue(0.0)
    fade.setEndValue(1.0)
    fade.finished.connect(lambda: widget.setGraphicsEffect(None))  # type: ignore[arg-type]
    fade.start(_WHEN_DONE)


class Ghost(QWidget):
    """The picture of a card on its way out; the next card stands behind it and already takes keys."""

    def __init__(self, card: QWidget, picture: QPixmap) -> None:
        super().__init__(card)
        self._picture = picture
        self._gone = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(card.rect())

    def leave(self, gone: float) -> None:
        """Be this far on the way, 0 to 1."""
        self._gone = gone
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(1 - self._gone)
        painter.drawPixmap(-round(self._gone * theme.current().px("motion.shift")), 0, self._picture)
        painter.end()


def slide_out(card: QWidget) -> None:
    """Call before a card shows the next thing: what it shows now slides left and fades.

    A second call cuts the first short.
    """
    for old in card.findChildren(Ghost, options=Qt.FindChildOption.FindDirectChildrenOnly):
        old.hide()
        old.deleteLater()
    ms = _motion.ms("motion.card")
    if ms == 0 or not card.isVisible():
        return
    ghost = Ghost(card, card.grab())
    ghost.show()
    slide = QVariantAnimation(ghost)
    slide.setDuration(ms)
    slide.setStartValue(0.0)
    slide.setEndValue(1.0)
    slide.valueChanged.connect(ghost.leave)
    slide.finished.connect(ghost.deleteLater)
    slide.start()
