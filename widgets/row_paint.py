"""How one row of a list looks, in each of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from widgets import icons, marks, theme
from widgets.marked import paint_badge, spoken
from widgets.prose import Rich, Style, hairline, paint_line, plain, width_px

RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Row:
    """One line of work: what is wrong, with which order, how long there is, in one sentence.

    `limit_mark` is what `marks` paints: a share of the time used, or a name.
    """

    key: str
    mark: str = ""
    title: str = ""
    number: str = ""
    limit_mark: str = ""
    limit_text: str = ""
    limit_strong: bool = False
    sentence: Rich = ""
    badge: str = ""
    source: str = ""
    amount: str = ""
    waiting: bool = False

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (
            spoken(self.mark), self.title, self.number, plain(self.sentence),
            self.badge, self.source, self.amount, self.limit_text,
        )  # fmt: skip
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between rows: name, count, and how the rows below are ordered."""

    key: str
    title: str
    count: str = ""
    note: str = ""

    def spoken(self) -> str:
        return ", ".join(part for part in (self.title, self.count, self.note) if part)


@dataclass(frozen=True, slots=True)
class More:
    """The last line of a shortened section: opening it shows the rest."""

    key: str
    text: str
    note: str = ""

    def spoken(self) -> str:
        return ", ".join(part for part in (self.text, self.note) if part)


Entry = Row | Section | More


class Form(Enum):
    """Which anatomy a list uses."""

    DENSITY = "row.list"  # three lines, or one when the desk is compact
    LINE = "row.line"  # one line in columns, for Today
    PAIR = "row.pair"  # two lines, for the review list
    FLOOR = "row.floor"  # one large line, for the floor


@dataclass(frozen=True, slots=True)
class State:
    """What the list knows about a row while it paints it."""

    current: bool = False
    focused: bool = False
    chosen: bool = False


TITLE = Style(bold=True)
META = Style("meta", "text3")


def height_px(entry: Entry, form: Form) -> int:
    """How high an entry is, its hairline included."""
    px = theme.current().px
    if isinstance(entry, Section):
        return px("row.section")
    if isinstance(entry, More):
        return px("row.head") + px("space.1")
    return px(form.value)


def paint(painter: QPainter, rect: QRect, entry: Entry, form: Form, state: State) -> None:
    """Paint an entry; the rectangle is the whole width of the list."""
    px = theme.current().px
    if isinstance(entry, Section):
        _section(painter, rect, entry)
        return
    ground(painter, rect, state, bar="space.1" if form is Form.FLOOR else "bar")
    if isinstance(entry, More):
        _more(painter, rect, entry)
        return
    inset = px("space.2") if form is Form.LINE else 0
    hairline(painter, rect.adjusted(inset, 0, -inset, 0))
    if form is Form.LINE:
        _line(painter, rect.adjusted(inset, 0, -inset, 0), entry, state)
    elif form is Form.PAIR:
        _pair(painter, rect, entry, state)
    elif form is Form.FLOOR:
        _floor(painter, rect, entry, state)
    elif px(form.value) == px("row.list.compact"):
        _compact(painter, rect, entry, state)
    else:
        _cosy(painter, rect, entry, state)


def ground(painter: QPainter, rect: QRect, state: State, *, bar: str = "bar") -> None:
    """The tint and the bar of the row you are on; grey while the keys go elsewhere."""
    look = theme.current()
    if not (state.current or state.chosen):
        return
    painter.fillRect(rect, look.color("sel"))
    if state.current:
        thick = look.px(bar)
        role = "accent" if state.focused else "border"
        painter.fillRect(QRect(rect.x(), rect.y(), thick, rect.height()), look.color(role))


def badge(painter: QPainter, rect: QRect, text: str) -> int:
    """The two letters of a channel, centred in the height of the rectangle; return the width."""
    paint_badge(painter, rect, text)
    return theme.current().px("badge.w")


def limit(painter: QPainter, rect: QRect, row: Row, *, role: str = "text3") -> int:
    """The time limit at the right end: a pie that fills, or its shape, and words; return the width."""
    if not row.limit_text:
        return 0
    px = theme.current().px
    shown = Style("meta", limit_role(row) or role, row.limit_strong)
    wide = width_px(row.limit_text, shown)
    paint_line(painter, rect, row.limit_text, shown, RIGHT)
    if not row.limit_mark:
        return wide
    size = px("mark")
    at = QRect(
        rect.right() + 1 - wide - px("space.1") - 1 - size, rect.y() + (rect.height() - size) // 2, size, size
    )
    marks.paint(painter, at, row.limit_mark)
    return rect.right() + 1 - at.x()


def limit_role(row: Row) -> str:
    """The colour of strong limit words; the others have none of their own."""
    return marks.ink(row.limit_mark) if row.limit_strong and row.limit_mark else ""


def mark_at(painter: QPainter, x: int, y: int, name: str, state: State, *, size_px: int = 0) -> None:
    """The mark of a row, or the tick of a row chosen with X."""
    size = size_px or theme.current().px("mark")
    where = QRect(x, y, size, size)
    if state.chosen:
        marks.paint(painter, where, "met", role="accent")
    elif name:
        marks.paint(painter, where, name)


def _cosy(painter: QPainter, rect: QRect, row: Row, state: State) -> None:
    px = theme.current().px
    meta = Style("meta", "text2" if state.current or state.chosen else "text3")
    line, small, pad = px("space.4") + px("space.half"), px("line.meta"), px("space.3")
    x, y = rect.x() + pad, rect.y() + px("button.pad.key")
    mark_at(painter, x, y + px("space.half"), row.mark, state)
    x += px("icon") + px("tag.pad")
    right = rect.right() + 1 - pad
    used = limit(painter, QRect(x, y, right - x, line), row, role=meta.role)
    room = right - used - px("space.2")
    title = Style(role="text2", bold=True) if row.waiting else TITLE
    wide = paint_line(painter, QRect(x, y, room - x, line), row.title, title)
    after = x + wide + px("space.2")
    paint_line(painter, QRect(after, y, room - after, line), row.number, meta)
    y += line + 1
    paint_line(painter, QRect(x, y, right - x, line), row.sentence, keeps_end=True)
    y += line + 1
    amount = width_px(row.amount, meta)
    paint_line(painter, QRect(right - amount, y, amount, small), row.amount, meta)
    if row.badge:
        x += badge(painter, QRect(x, y, px("badge.w"), small), row.badge) + px("tag.pad")
    paint_line(painter, QRect(x, y, right - amount - px("space.2") - x, small), row.source, meta)


def _compact(painter: QPainter, rect: QRect, row: Row, state: State) -> None:
    px = theme.current().px
    meta = Style("meta", "text2" if state.current or state.chosen else "text3")
    pad, gap = px("space.3"), px("space.2")
    x, right = rect.x() + pad, rect.right() + 1 - pad
    mark_at(painter, x, rect.y() + (rect.height() - px("mark")) // 2, row.mark, state)
    x += px("icon") + px("tag.pad")
    right -= limit(painter, QRect(x, rect.y(), right - x, rect.height()), row, role=meta.role) + gap
    for words, style in ((row.title, TITLE), (row.number, meta)):
        if words:
            x += paint_line(painter, QRect(x, rect.y(), right - x, rect.height()), words, style) + gap
    if row.badge and x + px("badge.w") < right:
        x += badge(painter, QRect(x, rect.y(), px("badge.w"), rect.height()), row.badge) + gap
    paint_line(painter, QRect(x, rect.y(), right - x, rect.height()), row.sentence, keeps_end=True)


def _line(painter: QPainter, rect: QRect, row: Row, state: State) -> None:
    px = theme.current().px
    meta = Style("meta", "text2" if state.current or state.chosen else "text3")
    gap, y, high = px("space.2"), rect.y(), rect.height()
    mark_at(painter, rect.x(), y + (high - px("mark")) // 2, row.mark, state)
    right = rect.right() + 1
    cell = px("row.limit.w")
    limit(painter, QRect(right - cell, y, cell, high), row)
    right -= cell + gap
    cell = px("line.amount.w")
    paint_line(painter, QRect(right - cell, y, cell, high), row.amount, align=RIGHT)
    right -= cell + gap
    cell = px("line.number.w")
    paint_line(painter, QRect(right - cell, y, cell, high), row.number, meta)
    right -= cell + gap
    cell = px("badge.w") + px("space.1")
    if row.badge:
        badge(painter, QRect(right - cell, y, px("badge.w"), high), row.badge)
    right -= cell + gap
    x = rect.x() + px("icon") + gap
    cell = px("line.title.w")
    paint_line(painter, QRect(x, y, cell, high), row.title, TITLE)
    x += cell + gap
    paint_line(painter, QRect(x, y, right - x, high), row.sentence, keeps_end=True)


def _pair(painter: QPainter, rect: QRect, row: Row, state: State) -> None:
    px = theme.current().px
    near = Style("meta", "text2")
    line, pad = px("space.4") + px("space.half"), px("space.3")
    x, y, right = rect.x() + pad, rect.y() + px("button.pad.key"), rect.right() + 1 - pad
    mark_at(painter, x, y + px("space.half"), row.mark, state)
    x += px("mark") + px("space.2")
    amount = width_px(row.amount)
    paint_line(painter, QRect(right - amount, y, amount, line), row.amount)
    paint_line(painter, QRect(x, y, right - amount - px("space.2") - x, line), row.number, TITLE)
    y += line
    why = width_px(row.sentence, near)
    half = max(right - why, x + (right - x) // 2)
    paint_line(painter, QRect(half, y, right - half, line), row.sentence, near, RIGHT)
    paint_line(painter, QRect(x, y, half - px("space.2") - x, line), row.source, near)


def _floor(painter: QPainter, rect: QRect, row: Row, state: State) -> None:
    px = theme.current().px
    large, strong, aside = Style("section"), Style("section", bold=True), Style("read", "text2")
    pad, gap, y, high = px("space.4"), px("space.2"), rect.y(), rect.height()
    x, right = rect.x() + pad, rect.right() + 1 - pad
    size = px("mark.floor")
    where = QRect(x, y + (high - size) // 2, size, size)
    if state.current and not state.chosen:
        icons.paint(painter, where, "arrow", "accent")
    else:
        mark_at(painter, where.x(), where.y(), row.mark, state, size_px=size)
    x += px("space.6") + gap
    cell = px("floor.time.w")
    paint_line(painter, QRect(right - cell, y, cell, high), row.limit_text, aside, RIGHT)
    right -= cell + gap
    cell = px("floor.amount.w")
    paint_line(painter, QRect(right - cell, y, cell, high), row.amount, strong, RIGHT)
    right -= cell + gap
    cell = max(px("floor.bin.w"), width_px(row.number, strong))
    paint_line(painter, QRect(x, y, cell, high), row.number, strong)
    x += cell + gap
    paint_line(painter, QRect(x, y, right - x, high), row.sentence, large)


def _section(painter: QPainter, rect: QRect, section: Section) -> None:
    px = theme.current().px
    inset, foot = px("space.2"), px("space.6")
    body = QRect(rect.x() + inset, rect.bottom() + 1 - foot, rect.width() - 2 * inset, foot)
    hairline(painter, body, "border")
    note = width_px(section.note, META)
    paint_line(painter, QRect(body.right() + 1 - note, body.y(), note, foot), section.note, META)
    room = body.width() - note - px("space.4")
    wide = paint_line(painter, QRect(body.x(), body.y(), room, foot), section.title, TITLE) + px("space.2")
    paint_line(
        painter, QRect(body.x() + wide, body.y(), room - wide, foot), section.count, Style(role="text3")
    )


def _more(painter: QPainter, rect: QRect, more: More) -> None:
    gap = theme.current().px("space.2")
    inside = rect.adjusted(gap, 0, -gap, 0)
    wide = paint_line(painter, inside, more.text, Style(role="link")) + gap
    paint_line(painter, inside.adjusted(wide, 0, 0, 0), more.note, META)
