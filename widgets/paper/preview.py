"""A paper on the screen as it will come out: white in every theme, as paper is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from widgets import theme
from widgets.painted import Painted
from widgets.paper.ink import Sheet, paint


class Preview(Painted):
    """One page of a paper, as large as the place allows; a screen reader reads its words."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets: tuple[Sheet, ...] = ()
        self._at = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sheets(self, sheets: Sequence[Sheet]) -> None:
        """Show the first page of another paper; of the same paper stay where one is."""
        is_same = len(sheets) == len(self._sheets)
        self._sheets = tuple(sheets)
        self._at = min(self._at, max(len(sheets) - 1, 0)) if is_same else 0
        self._said()

    def turn(self, by: int) -> None:
        """Show the next page, or the one before."""
        self._at = min(max(self._at + by, 0), max(len(self._sheets) - 1, 0))
        self._said()

    def page(self) -> tuple[int, int]:
        """The page one sees and how many there are."""
        return (self._at + 1 if self._sheets else 0, len(self._sheets))

    def _said(self) -> None:
        self.setAccessibleDescription(self._sheets[self._at].words() if self._sheets else "")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("list.w"), px("detail.min.w"))

    @override
    def minimumSizeHint(self) -> QSize:
        px = theme.current().px
        return QSize(px("evidence.w"), px("evidence.w"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._sheets:
            return
        look, sheet = theme.current(), self._sheets[self._at]
        line = look.px("line")
        wide, high = sheet.size
        per_mm = min((self.width() - 2 * line) / wide, (self.height() - 2 * line) / high)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        paper = QRectF(0, 0, wide * per_mm, high * per_mm)
        painter.translate((self.width() - paper.width()) / 2, (self.height() - paper.height()) / 2)
        painter.fillRect(paper.adjusted(-line, -line, line, line), look.color("border"))
        painter.fillRect(paper, Qt.GlobalColor.white)
        painter.setClipRect(paper)
        paint(painter, sheet, per_mm)
        painter.end()
