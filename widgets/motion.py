"""The two movements of the desk, both skippable: a fade and a shift. Nothing loops, pulses or shakes."""

from __future__ import annotations

from PySide6.QtCore import QPropertyAnimation
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

from widgets import theme


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
    widget.setGraphicsEffect(effect)
    fade = QPropertyAnimation(effect, b"opacity", effect)
    fade.setDuration(ms)
    fade.setStartValue(0.0)
    fade.setEndValue(1.0)
    fade.finished.connect(lambda: widget.setGraphicsEffect(None))  # type: ignore[arg-type]
    fade.start()
