"""Three sides of a change, field by field: before, theirs, mine; what is asked stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import marks, theme
from widgets.painted import Painted
from widgets.prose import (
    BODY,
    META,
    Style,
    block_height_px,
    hairline,
    paint_block,
    paint_line,
    sheet,
    width_px,
)
from widgets.words import tr

_LABEL: Final = Style(role="text3")
_STRONG: Final = Style(bold=True)
_FAINT: Final = Style(role="text3")
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Side:
    """One field. `is_asked`: the keys choose of it now; `choice` is mine or theirs, once chosen."""

    field: str
    before: str
    theirs: str
    mine: str
    is_disputed: bool = False
    is_asked: bool = False
    choice: str = ""

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        said = tr(
            "{field}: before {before}, theirs {theirs}, mine {mine}",
            field=self.field,
            before=self.before or NOTHING,
            theirs=self.theirs or NOTHING,
            mine=self.mine or NOTHING,
        )
        return f"{said}, {tr('choose')}" if self.is_asked else said


class SidesTable(Painted):
    """Field, before, theirs, mine: what was chosen keeps its tint, the other side fades."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._rows: tuple[Side, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sides(self, rows: Sequence[Side]) -> None:
        """Show these fields."""
        self._rows = tuple(rows)
        self._name_rows()
        self.restyle()

    def _widths(self, wide: int) -> tuple[int, int, int, int]:
        px = theme.current().px
        pads = 2 * px("field.pad")
        label = max([px("diff.label.w"), *(width_px(row.field, _LABEL) + pads for row in self._rows)])
        label = min(label + px("mark"), wide // 3)
        each = max((wide - label) // 3, 1)
        return label, each, each, wide - label - 2 * each

    def _heights(self, widths: tuple[int, int, int, int]) -> list[int]:
        px = theme.current().px
        pads, spare = 2 * px("field.pad"), px("row.diff") - px("line.body")
        return [
            spare
            + max(
                block_height_px(words or NOTHING, wide - pads, _STRONG)
                for words, wide in zip((row.before, row.theirs, row.mine), widths[1:], strict=True)
            )
            for row in self._rows
        ]

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        return px("row.head") + sum(self._heights(self._widths(wide))) + 2 * px("line")

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
        y, parts = theme.current().px("row.head") + 1, []
        for row, high in zip(self._rows, self._heights(self._widths(self.width())), strict=True):
            parts.append((row.spoken(), QRect(0, y, self.width(), high)))
            y += high
        self.name_parts(parts)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        sheet(painter, self.rect())
        clip, corner = QPainterPath(), px("radius.card")
        clip.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), corner - 1, corner - 1)
        painter.setClipPath(clip)
        widths = self._widths(self.width())
        head = QRect(0, 1, self.width(), px("row.head"))
        x = 0
        titles = (tr("Field"), tr("Before"), tr("Theirs"), tr("Mine"))
        for title, wide in zip(titles, widths, strict=True):
            place = QRect(x + px("field.pad"), head.y(), wide - px("field.pad"), head.height())
            paint_line(painter, place, title, META)
            x += wide
        hairline(painter, head)
        y, heights = head.bottom() + 1, self._heights(widths)
        for at, (row, high) in enumerate(zip(self._rows, heights, strict=True)):
            place = QRect(0, y, self.width(), high)
            self._paint_row(painter, place, widths, row)
            if at < len(heights) - 1:
                hairline(painter, place)
            y += high
        painter.end()

    def _paint_row(
        self, painter: QPainter, rect: QRect, widths: tuple[int, int, int, int], row: Side
    ) -> None:
        look = theme.current()
        pad, size = look.px("field.pad"), look.px("mark")
        top = (look.px("row.diff") - look.px("line.body")) // 2
        line = look.px("line.body")
        if row.is_asked:
            painter.fillRect(QRect(rect.x(), rect.y(), look.px("bar"), rect.height()), look.color("accent"))
        x = rect.x() + pad
        if row.is_disputed:
            mark = "met" if row.choice else "waits"
            marks.paint(painter, QRect(x, rect.y() + (look.px("row.diff") - size) // 2, size, size), mark)
            x += size + look.px("tag.pad")
        label = QRect(x, rect.y() + top, widths[0] - (x - rect.x()), line)
        paint_line(painter, label, row.field, _STRONG if row.is_asked else _LABEL)
        x = rect.x() + widths[0]
        sides = (("", row.before), ("theirs", row.theirs), ("mine", row.mine))
        for (side, words), wide in zip(sides, widths[1:], strict=True):
            is_taken = bool(side) and row.choice == side
            if is_taken:
                painter.fillRect(QRect(x, rect.y(), wide, rect.height()), look.color("okbg"))
            is_new = bool(side) and words != row.before
            style = _FAINT if row.choice and side and not is_taken else _STRONG if is_new else BODY
            inside = QRect(x + pad, rect.y() + top, wide - 2 * pad, rect.height() - 2 * top)
            paint_block(painter, inside, words or NOTHING, style)
            x += wide
