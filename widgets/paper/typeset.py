"""Lines that fit a width, and columns that go on over pages. Units: millimetres throughout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption

from widgets.paper.ink import FINE, Area, Frame, Ink, Sheet, Size, Words, letters

PITCH = 1.35
"""Height of a line over the size of its letters."""


@lru_cache(maxsize=64)
def _metrics(size: float, bold: bool) -> QFontMetricsF:
    return QFontMetricsF(letters(size, bold=bold))


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is on one line."""
    return _metrics(size, bold).horizontalAdvance(text) / FINE


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit the room; nothing is left out."""
    layout = QTextLayout(text, letters(size, bold=bold))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    whole, lines = text.encode("utf-16-le"), []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room * FINE)
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        lines.append(whole[start:end].decode("utf-16-le").strip())
    layout.endLayout()
    return lines or [""]


def one_line(text: str, area: Area, sizes: Sequence[float], *, bold: bool = False) -> list[Words]:
    """Set a text on one line in the largest of `sizes` that fits; where none does, it wraps."""
    for size in sizes:
        if wide(text, size, bold=bold) <= area.w:
            return [Words(area, text, size, bold)]
    return block(text, area, sizes[-1:], bold=bold)


def block(text: str, area: Area, sizes: Sequence[float], *, bold: bool = False) -> list[Words]:
    """Set a text in the largest of `sizes` in which all of it fits; the smallest may run over."""
    size, lines = sizes[-1], [text]
    for size in sizes:
        lines = wrapped(text, area.w, size, bold=bold)
        if len(lines) * size * PITCH <= area.h:
            break
    high = size * PITCH
    return [
        Words(Area(area.x, area.y + at * high, area.w, high), line, size, bold)
        for at, line in enumerate(lines)
    ]


def rule(x: float, y: float, w: float, thick: float = 0.3) -> Frame:
    """A line across."""
    return Frame(Area(x, y, w, 0), thick)


class Column:
    """Rows from top to bottom; a row that does not fit begins a page, under the same head."""

    def __init__(self, size: Size, margin: float, head: Callable[[int], tuple[list[Ink], float]]) -> None:
        self._size, self._margin, self._head = size, margin, head
        self._pages: list[list[Ink]] = []
        self._foot = 6.0
        self.y = 0.0
        self._turn()

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self._size[0] - 2 * self._margin

    def _turn(self) -> None:
        ink, self.y = self._head(len(self._pages) + 1)
        self._pages.append(list(ink))

    def add(self, high: float, draw: Callable[[float], Sequence[Ink]]) -> None:
        """Add a row of that height; `draw` gets the y it begins at."""
        if self.y + high > self._size[1] - self._margin - self._foot:
            self._turn()
        self._pages[-1] += draw(self.y)
        self.y += high

    def sheets(self, foot: str) -> list[Sheet]:
        """The pages, each with its number and `foot` at the bottom."""
        m, y = self._margin, self._size[1] - self._margin - 4
        made = []
        for number, ink in enumerate(self._pages, 1):
            area = Area(m, y, self.room, 4)
            last = [
                Words(area, foot, 2.6),
                Words(area, f"{number}/{len(self._pages)}", 2.6, align=Qt.AlignmentFlag.AlignRight),
            ]
            made.append(Sheet(self._size, (*ink, *last)))
        return made
