"""What stands in a table: columns, cells, rows, and how a cell looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from widgets import marks, theme
from widgets.marked import paint_badge
from widgets.prose import Style, paint_line, width_px

Kind = Literal["text", "number", "money", "mark", "badge", "strong", "muted", "limit", "meta"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `width` in pixels of the grid, 0 takes what is left; figures stand right by themselves."""

    code: str
    title: str
    width: int = 0
    align: Literal["", "left", "right"] = ""
    kind: Kind = "text"
    is_sortable: bool = False

    def alignment(self) -> Qt.AlignmentFlag:
        """Where its words stand."""
        right = self.align == "right" or (not self.align and self.kind in ("number", "money", "limit"))
        return Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than words: a mark before them, weight, colour."""

    text: str
    mark: str = ""
    bold: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; `chosen` tints it, `faded` says it is out, `total` spans its first words over empty cells."""

    key: str
    cells: tuple[str | Cell, ...]
    chosen: bool = False
    faded: bool = False
    total: bool = False


WAITING: Final = "…"


def words_of(cell: str | Cell) -> str:
    """The words of a cell."""
    return cell if isinstance(cell, str) else cell.text


def spoken(row: TableRow, columns: Sequence[Column]) -> str:
    """A row as a screen reader says it: each value after its heading."""
    pairs = zip(columns, row.cells, strict=False)
    return ", ".join(f"{column.title} {words_of(cell)}".strip() for column, cell in pairs if words_of(cell))


_STYLES: Final[dict[str, Style]] = {
    "strong": Style(bold=True),
    "muted": Style(role="text3"),
    "mark": Style(),
    "limit": Style("meta", "text3"),
    "meta": Style("meta"),
}
_PLAIN: Final = Style()


def style_of(column: Column) -> Style:
    """How the words of a column look where a cell says nothing."""
    return _STYLES.get(column.kind, _PLAIN)


def paint_cell(
    painter: QPainter, rect: QRect, column: Column, cell: str | Cell, *, lit: bool, faded: bool
) -> None:
    """Paint the inside of a cell; the ground is painted already. A lit row shows muted words darker."""
    style = style_of(column)
    if isinstance(cell, str):
        cell = Cell(cell)
    role = cell.role or style.role
    if faded:
        role = "text3"
    elif lit and role == "text3":
        role = "text2"
    if cell.bold or role != style.role:
        style = Style(style.size, role, style.bold or cell.bold)
    if column.kind == "badge":
        if cell.text and cell.text != WAITING:
            paint_badge(
                painter, QRect(rect.x(), rect.y(), theme.current().px("badge.w"), rect.height()), cell.text
            )
        return
    align = column.alignment()
    if cell.mark:
        rect = _marked(painter, rect, cell, style, align)
    paint_line(painter, rect, cell.text, style, align)


def _marked(painter: QPainter, rect: QRect, cell: Cell, style: Style, align: Qt.AlignmentFlag) -> QRect:
    px = theme.current().px
    size, gap = px("mark"), px("space.1")
    top = rect.y() + (rect.height() - size) // 2
    if align == Qt.AlignmentFlag.AlignRight:
        x = max(rect.x(), rect.right() + 1 - width_px(cell.text, style) - gap - size)
        marks.paint(painter, QRect(x, top, size, size), cell.mark)
        return rect
    marks.paint(painter, QRect(rect.x(), top, size, size), cell.mark)
    return rect.adjusted(size + gap, 0, 0, 0)
