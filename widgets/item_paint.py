"""The pieces of evidence: what they hold, how they are said, how high they are, how they are painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from widgets import theme
from widgets.cells import Cell, Column, paint_cell, words_of
from widgets.marked import marked_height_px, paint_marked, spoken
from widgets.prose import (
    BODY,
    FIGURE,
    META,
    NOTE,
    TITLE,
    Rich,
    Style,
    block_height_px,
    hairline,
    paint_block,
    paint_line,
    plain,
    sheet,
    width_px,
)

READ: Final = Style("read")
_QUIET: Final = Style(role="text2")
_LIMIT: Final = Style("meta", "text", bold=True)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words."""

    words: Rich
    style: Style = BODY


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A mark and what it stands for; `note` is a second, smaller line; `name` a bold word before."""

    mark: str
    words: Rich
    note: Rich = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, untouched, and where they come from."""

    words: Rich
    source: Rich = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A large number and what it counts."""

    value: str
    note: Rich = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Some numbers side by side: value over label."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit with its mark at the left and how it was used at the right."""

    mark: str
    words: Rich
    used: Rich = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A few lines in columns, without a head and without keys."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]


Item = Paragraph | MarkedLine | Quote | Figure | Figures | Limit | Lines


def said(item: Item) -> str:
    """The words of an item, as a screen reader says them."""
    parts: tuple[str, ...]
    match item:
        case Paragraph(words=words):
            parts = (plain(words),)
        case MarkedLine():
            parts = (spoken(item.mark), item.name, plain(item.words), plain(item.note))
        case Quote():
            parts = (plain(item.words), plain(item.source))
        case Figure():
            parts = (item.value, plain(item.note))
        case Figures(pairs=pairs):
            parts = tuple(f"{label} {value}" for value, label in pairs)
        case Limit():
            parts = (plain(item.words), plain(item.used))
        case Lines(rows=rows):
            parts = tuple(" ".join(filter(None, map(words_of, row))) for row in rows)
    return ", ".join(part for part in parts if part)


def height_px(item: Item, wide: int) -> int:
    """How high an item is at this width."""
    px = theme.current().px
    match item:
        case Paragraph():
            return block_height_px(item.words, wide, item.style)
        case MarkedLine():
            if item.name:
                x, y = _words_at(item, wide)
                return max(_row_px(), y + marked_height_px(wide - x, "", item.words, NOTE) + _above_px())
            high = marked_height_px(wide, item.mark, item.words, BODY)
            if item.note:
                high += block_height_px(item.note, wide - px("mark") - px("tag.pad"), META)
            return high
        case Quote():
            inner = block_height_px(item.words, wide - 2 * px("field.pad"), READ)
            source = px("space.1") + block_height_px(item.source, wide, META) if item.source else 0
            return inner + 2 * px("space.2") + px("space.half") + source
        case Figure():
            return px("line.figure") + (block_height_px(item.note, wide, _QUIET) if item.note else 0)
        case Figures():
            return px("line.title") + px("line.meta")
        case Limit():
            return px("line.body")
        case Lines():
            return px("row.table") * len(item.rows)


def _row_px() -> int:
    """The least height of a line with a name."""
    px = theme.current().px
    return px("row.check") - px("space.1")


def _above_px() -> int:
    """The air over a line with a name, and under it."""
    return (_row_px() - theme.current().px("line.body")) // 2


def _words_at(item: MarkedLine, wide: int) -> tuple[int, int]:
    """Where the words of a named line begin: beside its name, or below where that leaves them little room."""
    px = theme.current().px
    lead = px("mark") + px("tag.pad")
    name = max(width_px(item.name, Style(bold=True)), px("space.6")) + px("space.2")
    is_beside = name + width_px(item.words, NOTE) <= wide - lead or name <= (wide - lead) // 2
    return (lead + name, _above_px()) if is_beside else (lead, _above_px() + px("line.body"))


def paint(painter: QPainter, rect: QRect, item: Item) -> None:
    """Paint an item from the top of a place."""
    px = theme.current().px
    match item:
        case Paragraph():
            paint_block(painter, rect, item.words, item.style)
        case MarkedLine():
            _paint_marked_line(painter, rect, item)
        case Quote():
            inner = block_height_px(item.words, rect.width() - 2 * px("field.pad"), READ)
            box = QRect(rect.x(), rect.y(), rect.width(), inner + 2 * px("space.2") + px("space.half"))
            sheet(painter, box, radius="radius.control")
            across, down = px("field.pad"), px("space.2") + px("line")
            paint_block(painter, box.adjusted(across, down, -across, -down), item.words, READ)
            paint_block(painter, rect.adjusted(0, box.height() + px("space.1"), 0, 0), item.source, META)
        case Figure():
            paint_line(
                painter, QRect(rect.x(), rect.y(), rect.width(), px("line.figure")), item.value, FIGURE
            )
            paint_block(painter, rect.adjusted(0, px("line.figure"), 0, 0), item.note, _QUIET)
        case Figures():
            x = rect.x()
            for value, label in item.pairs:
                wide = max(width_px(value, TITLE), width_px(label, META)) + px("space.half")
                paint_line(painter, QRect(x, rect.y(), wide, px("line.title")), value, TITLE)
                below = QRect(x, rect.y() + px("line.title"), wide, px("line.meta"))
                paint_line(painter, below, label, META)
                x += wide + px("space.5")
        case Limit():
            used = width_px(item.used, NOTE)
            room = rect.width() - used - px("space.2")
            paint_marked(
                painter, QRect(rect.x(), rect.y(), room, rect.height()), item.mark, item.words, _LIMIT
            )
            paint_line(painter, rect, item.used, NOTE, Qt.AlignmentFlag.AlignRight)
        case Lines():
            _paint_lines(painter, rect, item)


def _paint_marked_line(painter: QPainter, rect: QRect, item: MarkedLine) -> None:
    px = theme.current().px
    lead = px("mark") + px("tag.pad")
    if item.name:
        above = rect.adjusted(0, _above_px(), 0, 0)
        paint_marked(painter, above, item.mark, item.name, Style(bold=True))
        x, y = _words_at(item, rect.width())
        paint_marked(painter, rect.adjusted(x, y, 0, 0), "", item.words, NOTE)
        return
    used = paint_marked(painter, rect, item.mark, item.words, BODY)
    if item.note:
        paint_block(painter, rect.adjusted(lead, used, 0, 0), item.note, META)


def _paint_lines(painter: QPainter, rect: QRect, item: Lines) -> None:
    px = theme.current().px
    high, gap = px("row.table"), px("space.2")
    free = rect.width() - sum(column.width for column in item.columns)
    open_count = max(sum(not column.width for column in item.columns), 1)
    for at, row in enumerate(item.rows):
        line = QRect(rect.x(), rect.y() + at * high, rect.width(), high)
        if at < len(item.rows) - 1:
            hairline(painter, line)
        x = line.x()
        for number, (column, cell) in enumerate(zip(item.columns, row, strict=False)):
            wide = column.width or free // open_count
            last = number == len(item.columns) - 1
            inside = QRect(x, line.y(), wide if last else wide - gap, high)
            paint_cell(painter, inside, column, cell, lit=False, faded=False)
            x += wide
