"""A page or a list with nothing in it: what that means, and which key to press."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from widgets import icons, theme
from widgets.painted import Painted
from widgets.prose import NOTE, STRONG, Rich, block_height_px, paint_block, paint_line, plain, width_px


class EmptyState(Painted):
    """Icon, one bold sentence, one line with the key; a quiet block in the middle of the room it gets."""

    def __init__(
        self, icon: str = "inbox", sentence: str = "", line: Rich = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._sentence = "", ""
        self._line: Rich = ""
        self.show_words(icon, sentence, line)

    def show_words(self, icon: str, sentence: str, line: Rich = "") -> None:
        """Say something else."""
        if (icon, sentence, line) == (self._icon, self._sentence, self._line):
            return
        self._icon, self._sentence, self._line = icon, sentence, line
        self.setAccessibleName(", ".join(part for part in (sentence, plain(line)) if part))
        self.restyle()

    def _words_px(self) -> int:
        return max(width_px(self._sentence, STRONG), width_px(self._line, NOTE)) + theme.current().px(
            "space.half"
        )

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(self._words_px() + px("icon") + px("space.2") + 2 * px("space.4"), px("empty.h"))

    @override
    def minimumSizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("list.min.w") // 2, px("empty.h"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        size, gap, edge = px("icon"), px("space.3"), px("space.4")
        room = max(self.width() - size - gap - 2 * edge, 1)
        words = min(self._words_px(), room)
        below = block_height_px(self._line, words, NOTE) if plain(self._line) else 0
        high = px("line.body") + below
        x = max((self.width() - words - size - gap) // 2, edge)
        y = max((self.height() - high) // 3, px("space.2"))
        icons.paint(painter, QRect(x, y, size, size), self._icon)
        x += size + gap
        line = QRect(x, y, room, px("line.body"))
        paint_line(painter, line, self._sentence, STRONG, Qt.AlignmentFlag.AlignLeft)
        paint_block(painter, QRect(x, y + line.height(), words, below), self._line, NOTE)
        painter.end()
