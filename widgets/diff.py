"""What a repair changes: fields before and after, and its effect on the rest of the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme, words
from widgets.marked import VERDICT, marked_height_px, paint_marked
from widgets.painted import Painted
from widgets.prose import (
    BODY,
    META,
    Style,
    block_height_px,
    hairline,
    metrics,
    paint_block,
    paint_line,
    sheet,
    width_px,
)
from widgets.words import tr

_AFTER: Final = Style(bold=True)
_LABEL: Final = Style(role="text3")
NOTHING: Final = "–"
"""Stands where a field said nothing yet."""
_MINUS, _PLUS = "− ", "+ "


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One field: what it said, what it will say, and why."""

    field: str
    before: str
    after: str
    verdict: str = ""
    verdict_mark: str = ""
    is_changed: bool = False
    is_beside: bool = False
    """Two things side by side: neither is before the other."""

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        if self.is_beside:
            return ", ".join((f"{self.field}: {self.before} | {self.after}", self.verdict))
        before, after = self.before or NOTHING, self.after or NOTHING
        change = f"{before} → {after}" if self.is_changed else f"{before}, {tr('same')}"
        return ", ".join(part for part in (f"{self.field}: {change}", self.verdict) if part)


@dataclass(frozen=True, slots=True)
class DiffTitles:
    """The headings over the four columns."""

    field: str
    before: str
    after: str
    verdict: str


class DiffTable(Painted):
    """Field, before, after, verdict: changed fields are tinted and signed, the others say same."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._titles: DiffTitles | None = None
        self._rows: tuple[DiffRow, ...] = ()
        words.on_change(self._say)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_rows(self, rows: Sequence[DiffRow], titles: DiffTitles | None = None) -> None:
        """Show these fields, under headings where they are given; the same ones cost nothing."""
        if (tuple(rows), titles) == (self._rows, self._titles):
            return
        self._rows, self._titles = tuple(rows), titles
        self._name_rows()
        self.restyle()

    def _say(self) -> None:
        """Some words of the table are its own."""
        self._name_rows()
        self.update()

    def _head_px(self) -> int:
        return theme.current().px("row.head") if self._titles is not None else 0

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        heights = measured(self._rows, wide, theme.current())[1]
        return self._head_px() + sum(heights) + 2 * theme.current().px("line")

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("detail.min.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w"), theme.current().px("row.diff"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_rows()
        self.updateGeometry()

    def _name_rows(self) -> None:
        y, parts = self._head_px() + 1, []
        _, heights = measured(self._rows, self.width(), theme.current())
        for row, high in zip(self._rows, heights, strict=True):
            parts.append((row.spoken(), QRect(0, y, self.width(), high)))
            y += high
        self.name_parts(parts)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sheet(painter, self.rect())
        corner = theme.current().px("radius.card")
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), corner - 1, corner - 1)
        painter.setClipPath(clip)
        widths, heights = measured(self._rows, self.width(), theme.current())
        y = 1
        if self._titles is not None:
            self._paint_head(painter, QRect(0, y, self.width(), self._head_px()), widths, self._titles)
            y += self._head_px()
        for at, (row, high) in enumerate(zip(self._rows, heights, strict=True)):
            self._paint_row(painter, QRect(0, y, self.width(), high), widths, row)
            if at < len(heights) - 1:
                hairline(painter, QRect(0, y, self.width(), high))
            y += high
        painter.end()

    def _paint_head(
        self, painter: QPainter, rect: QRect, widths: tuple[int, int, int, int], titles: DiffTitles
    ) -> None:
        pad, x = theme.current().px("field.pad"), rect.x()
        verdict = titles.verdict if any(row.verdict for row in self._rows) else ""
        words = (titles.field, titles.before, titles.after, verdict)
        for title, wide in zip(words, widths, strict=True):
            paint_line(painter, QRect(x + pad, rect.y(), wide - pad, rect.height()), title, META)
            x += wide
        hairline(painter, rect)

    def _paint_row(
        self, painter: QPainter, rect: QRect, widths: tuple[int, int, int, int], row: DiffRow
    ) -> None:
        look = theme.current()
        pad, x = look.px("field.pad"), rect.x()
        top = (look.px("row.diff") - look.px("line.body")) // 2
        inside = rect.adjusted(0, top, 0, -top)

        def cell(wide: int) -> QRect:
            return QRect(x + pad, inside.y(), wide - 2 * pad, inside.height())

        paint_line(painter, _first_line(cell(widths[0] + pad)), row.field, _LABEL)
        x += widths[0]
        if row.is_changed:
            if row.before:
                painter.fillRect(QRect(x, rect.y(), widths[1], rect.height()), look.color("badbg"))
            if row.after:
                painter.fillRect(QRect(x + widths[1], rect.y(), widths[2], rect.height()), look.color("okbg"))
            if row.before:
                _signed(painter, cell(widths[1]), row.before, (_MINUS, "bad"), BODY)
            else:
                paint_line(painter, _first_line(cell(widths[1])), NOTHING, _LABEL)
            x += widths[1]
            if row.after:
                _signed(painter, cell(widths[2]), row.after, (_PLUS, "ok"), _AFTER)
            else:
                paint_line(painter, _first_line(cell(widths[2])), NOTHING, _LABEL)
        elif row.is_beside:
            paint_block(painter, cell(widths[1]), row.before)
            x += widths[1]
            paint_block(painter, cell(widths[2]), row.after)
        else:
            paint_block(painter, cell(widths[1]), row.before)
            x += widths[1]
            paint_line(painter, _first_line(cell(widths[2])), tr("same"), _LABEL)
        x += widths[2]
        paint_marked(painter, cell(widths[3]), row.verdict_mark, row.verdict)


@lru_cache(maxsize=64)
def measured(
    rows: tuple[DiffRow, ...], wide: int, look: theme.Theme
) -> tuple[tuple[int, int, int, int], tuple[int, ...]]:
    """Return how wide the four columns of a table are, and how high each row.

    A layout asks for this many times over.
    """
    widths = _widths(rows, wide, look)
    return widths, tuple(_height_px(row, widths, look) for row in rows)


def _widths(rows: Sequence[DiffRow], wide: int, look: theme.Theme) -> tuple[int, int, int, int]:
    """Field, before, after, verdict: what the words need first, what is left to the verdict."""
    px = look.px
    pads = 2 * px("field.pad")
    sign = metrics("body", True).horizontalAdvance(_MINUS) + px("space.half")  # a layout rounds up
    least = px("diff.side.min.w")
    field = max([px("diff.label.w"), *(width_px(row.field, _LABEL) + pads for row in rows)])
    before = max([least, *(width_px(row.before) + sign + pads for row in rows)])
    shown = [row.after for row in rows if row.is_changed or row.is_beside]
    after = max([least, *(width_px(words, _AFTER) + sign + pads for words in shown)])
    mark = px("mark") + px("tag.pad") + px("space.half")
    verdict = max([0, *(width_px(row.verdict, VERDICT) + mark + pads for row in rows if row.verdict)])
    room = wide - field
    verdict = min(verdict, max(room * 2 // 5, 0))
    sides = room - verdict
    if before + after > sides:
        half = max(sides // 2, 1)
        after = min(after, max(half, sides - before))
        before = sides - after
    return field, before, after, wide - field - before - after


def _height_px(row: DiffRow, widths: tuple[int, int, int, int], look: theme.Theme) -> int:
    pads, spare = 2 * look.px("field.pad"), look.px("row.diff") - look.px("line.body")
    shift = metrics("body", True).horizontalAdvance(_MINUS) if row.is_changed else 0
    high = block_height_px(row.before, widths[1] - pads - shift)
    if row.is_changed or row.is_beside:
        style = BODY if row.is_beside else _AFTER
        high = max(high, block_height_px(row.after, widths[2] - pads - shift, style))
    high = max(high, marked_height_px(widths[3] - pads, row.verdict_mark, row.verdict))
    return high + spare


def _first_line(rect: QRect) -> QRect:
    return QRect(rect.x(), rect.y(), rect.width(), theme.current().px("line.body"))


def _signed(painter: QPainter, rect: QRect, words: str, sign: tuple[str, str], style: Style) -> None:
    used = paint_line(painter, _first_line(rect), sign[0], Style(role=sign[1], bold=True))
    paint_block(painter, rect.adjusted(used, 0, 0, 0), words, style)


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one side of the order: `is_changed` makes it bold."""

    label: str
    value: str
    is_changed: bool = False


class EffectStrip(Painted):
    """Order, stock, freight, delivery: cells that say what a repair moves; in as many rows as they need."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._effects: tuple[Effect, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_effects(self, effects: Sequence[Effect]) -> None:
        """Show these cells, of equal width; the same ones cost nothing."""
        if tuple(effects) == self._effects:
            return
        self._effects = tuple(effects)
        self._name_cells()
        self.restyle()

    def _needs(self) -> list[int]:
        pad = theme.current().px("space.4")
        return [
            max(width_px(effect.value, Style(bold=effect.is_changed)), width_px(effect.label, META)) + pad
            for effect in self._effects
        ]

    def _rows(self, wide: int) -> int:
        needs = self._needs()
        for rows in range(1, len(needs)):
            each = -(-len(needs) // rows)
            if all(sum(needs[at : at + each]) <= wide for at in range(0, len(needs), each)):
                return rows
        return max(len(needs), 1)

    def _cells(self) -> list[QRect]:
        rows, needs = self._rows(self.width()), self._needs()
        each = -(-len(needs) // rows)
        high = self.height() // rows
        return [
            QRect(left, row * high, right - left, high)
            for row in range(rows)
            for left, right in pairwise(self._edges(needs[row * each : (row + 1) * each]))
        ]

    def _edges(self, needs: list[int]) -> list[int]:
        """Where the cells of one row begin and end: equally wide unless one needs more."""
        count = max(len(needs), 1)
        widths = [self.width() / count] * len(needs)
        if max(needs, default=0) > self.width() / count:
            spare = self.width() - sum(needs)
            widths = [need + spare / count for need in needs]
        return [round(edge) for edge in accumulate(widths, initial=0.0)]

    def _name_cells(self) -> None:
        pairs = zip(self._effects, self._cells(), strict=False)
        self.name_parts([(f"{effect.label}: {effect.value}", rect) for effect, rect in pairs])

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w"), theme.current().px("effect.h"))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return theme.current().px("effect.h") * self._rows(wide)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_cells()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        sheet(painter, self.rect())
        pad, small, body = look.px("space.3"), look.px("line.meta"), look.px("line.body")
        for effect, rect in zip(self._effects, self._cells(), strict=False):
            line, top = look.px("line"), rect.y() + (rect.height() - small - body) // 2
            if rect.x():
                painter.fillRect(
                    QRect(rect.x(), rect.y() + line, line, rect.height() - 2 * line), look.color("line")
                )
            if rect.y() and not rect.x():
                painter.fillRect(QRect(line, rect.y(), self.width() - 2 * line, line), look.color("line"))
            inside = rect.adjusted(pad, 0, -look.px("space.1"), 0)
            paint_line(painter, QRect(inside.x(), top, inside.width(), small), effect.label, META)
            value = QRect(inside.x(), top + small, inside.width(), body)
            paint_line(
                painter, value, effect.value, Style(bold=effect.is_changed), Qt.AlignmentFlag.AlignLeft
            )
        painter.end()
