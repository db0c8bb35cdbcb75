"""Paints whole rows of a table: a page of cells costs little more than its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from widgets import theme
from widgets.cells import WAITING, Cell, Column, TableRow, paint_cell, style_of
from widgets.prose import Style, hairline, metrics

_RIGHT: Final = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Strip:
    """Where the words of one column have room. Units: pixels of the viewport."""

    column: Column
    x: int
    wide: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row and how it stands; without a row it is on its way. Units: pixels of the viewport."""

    row: TableRow | None
    y: int
    high: int
    lit: bool = False
    bar: str = ""
    """The colour role of the bar at its left; empty for none."""
    ruled: bool = True
    span: int = 1
    """How many columns its first cell takes."""


@lru_cache(maxsize=4096)
def _fitted(text: str, size: str, bold: bool, room: int) -> tuple[str, int]:
    """Return the words as they fit into the room, and their width."""
    measure = metrics(size, bold)
    wide = measure.horizontalAdvance(text)
    if wide <= room:
        return text, wide
    return measure.elidedText(text, Qt.TextElideMode.ElideRight, room), room


@lru_cache(maxsize=64)
def _foot(size: str, bold: bool, high: int) -> int:
    """Return how far below the top of a row its letters stand."""
    measure = metrics(size, bold)
    return (high - measure.height()) // 2 + measure.ascent()


class RowPainter:
    """Paints the ground of every row on screen, then column by column, as their letters look alike."""

    def __init__(self, painter: QPainter, strips: Sequence[Strip]) -> None:
        self._painter, self._strips, self._look = painter, strips, theme.current()
        self._set: Style | None = None
        """How the painter writes just now."""

    def paint(self, lines: Sequence[Line], left: int, wide: int) -> None:
        """Paint rows; `left` and `wide` are where all columns stand."""
        for line in lines:
            self._ground(line, left, wide)
        for at, strip in enumerate(self._strips):
            style, is_right = style_of(strip.column), strip.column.alignment() == _RIGHT
            for line in lines:
                if line.row is None:  # what only flies past is not worth more
                    cell: str | Cell = "" if at else WAITING
                else:
                    cell = line.row.cells[at] if at < len(line.row.cells) else ""
                if cell != "" and not 0 < at < line.span:
                    self._cell(line, at, cell, style, is_right=is_right)

    def _ground(self, line: Line, left: int, wide: int) -> None:
        painter, look = self._painter, self._look
        if line.lit:
            painter.fillRect(QRect(left, line.y, wide, line.high), look.color("sel"))
        if line.bar:
            painter.fillRect(QRect(left, line.y, look.px("bar"), line.high), look.color(line.bar))
        if line.ruled:
            hairline(painter, QRect(left, line.y, wide, line.high))

    def _cell(self, line: Line, at: int, cell: str | Cell, style: Style, *, is_right: bool) -> None:
        strip, last = self._strips[at], self._strips[at or line.span - 1]
        room = last.x + last.wide - strip.x
        is_out = line.row is not None and line.row.faded
        if strip.column.kind == "badge" or (isinstance(cell, Cell) and cell.mark):
            place = QRect(strip.x, line.y, room, line.high)
            paint_cell(self._painter, place, strip.column, cell, lit=line.lit, faded=is_out)
            self._set = None
            return
        if isinstance(cell, Cell):
            style = Style(style.size, cell.role or style.role, style.bold or cell.bold)
            cell = cell.text
        if is_out or (line.lit and style.role == "text3"):
            style = Style(style.size, "text3" if is_out else "text2", style.bold)
        if room > 0:
            self._write(line, strip.x, room, cell, style, is_right=is_right)

    def _write(self, line: Line, x: int, room: int, text: str, style: Style, *, is_right: bool) -> None:
        if style != self._set:
            self._painter.setFont(self._look.font(f"font.{style.size}", bold=style.bold))
            self._painter.setPen(self._look.color(style.role))
            self._set = style
        words, wide = _fitted(text, style.size, style.bold, room)
        foot = line.y + _foot(style.size, style.bold, line.high)
        self._painter.drawText(x + room - wide if is_right else x, foot, words)
