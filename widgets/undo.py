"""The undo bar instead of "are you sure": what was done, how long it can be taken back, and why it cannot."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy
from typing_extensions import override

from app.text import N_
from widgets import marks, motion, theme, words
from widgets.controls import Button
from widgets.painted import Painted
from widgets.prose import Prose, Rich, Style, plain
from widgets.words import tr

UNDO_S: Final = 30.0
UNDO: Final = N_("Undo")
_ON_INVERSE: Final = Style(role="oninv")


class UndoBar(Painted):
    """One thing at a time can be taken back, for thirty seconds; a newer one replaces it."""

    ended = Signal()

    def __init__(self, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        px = theme.current().px
        self.setObjectName("undo")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clock_s = clock_s
        self._call: Callable[[], object] | None = None
        self._is_told = False
        self._ends_s = 0.0
        self._lasts_s = UNDO_S
        self._sentence = Prose("", _ON_INVERSE, wraps=False)
        self._left = Prose("", _ON_INVERSE, wraps=False)
        self.button = Button(tr(UNDO), "Z", "inverse")
        self.button.setObjectName("undo/undo")
        self.button.clicked.connect(self.undo)
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4") + px("mark") + px("space.3"), 0, px("space.2"), 0)
        row.setSpacing(px("space.3"))
        row.addWidget(self._sentence, 1)
        row.addWidget(self._left)
        row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setInterval(px("undo.tick"))
        self._timer.timeout.connect(self.tick)
        words.on_change(self._say)
        self.hide()

    def offer(self, sentence: Rich, call: Callable[[], object], lasts_s: float = UNDO_S) -> None:
        """Show what was done, the deciding value in bold, and keep the way back open for a while."""
        self._call, self._is_told = call, False
        self._appear(sentence, lasts_s)

    def tell(self, sentence: Rich) -> None:
        """Say why it is not taken back, as long as an offer stands; nothing can be pressed."""
        self._call, self._is_told = None, True
        self._appear(sentence, UNDO_S)

    def _appear(self, sentence: Rich, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._ends_s = self._clock_s() + lasts_s
        self._sentence.show_words(sentence)
        for part in (self._left, self.button):
            part.setVisible(not self._is_told)
        self._timer.start()
        self._say()
        self.show()

    def undo(self) -> bool:
        """Take it back; say whether there was something to take back."""
        call = self._call
        if call is None or self.left_s <= 0:
            self.withdraw()
            return False
        self.withdraw()
        call()
        return True

    def withdraw(self) -> None:
        """Close the way back: the time is up, or the thing can no longer be undone."""
        was_open = self._call is not None
        self._call, self._is_told = None, False
        self._timer.stop()
        self.hide()
        if was_open:
            self.ended.emit()

    @property
    def is_open(self) -> bool:
        """Whether it says anything just now."""
        return self._call is not None or self._is_told

    @property
    def left_s(self) -> float:
        """How long it can still be taken back."""
        return max(self._ends_s - self._clock_s(), 0.0)

    def tick(self) -> None:
        """Shorten the line by one step; a timer of four a second calls it."""
        if self.left_s <= 0:
            self.withdraw()
            return
        self._say()

    def set_alt(self, needed: bool) -> None:
        """Show Alt+Z while the cursor is in a text field."""
        self.button.set_alt(needed)

    def _say(self) -> None:
        self.button.setText(tr(UNDO))
        self.button.setAccessibleName(tr(UNDO))
        seconds = tr("{seconds} s left to undo", seconds=math.ceil(self.left_s))
        if seconds != self._left.words():
            self._left.show_words(seconds)
        self.setAccessibleName(plain(self._sentence.words()))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, theme.current().px("undo.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        px = look.px
        painter.fillRect(self.rect(), look.color("inv"))
        size = px("mark")
        place = QRect(px("space.4"), (self.height() - size) // 2, size, size)
        marks.paint(painter, place, "stops" if self._is_told else "accepted", "oninv", "inv")
        if not self._is_told and not motion.motion().is_reduced:
            bar = px("bar")
            wide = round(self.width() * self.left_s / self._lasts_s)
            painter.fillRect(QRect(0, self.height() - bar, wide, bar), look.color("invkey"))
        painter.end()
