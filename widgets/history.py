"""What happened: time, sentence, who, and how safe the record is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.marked import VERDICT, marked_height_px, paint_marked
from widgets.painted import Painted
from widgets.prose import (
    BODY,
    Rich,
    Style,
    block_height_px,
    hairline,
    paint_block,
    paint_line,
    plain,
    width_px,
)

_ASIDE: Final = Style(role="text3")


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the record; `mark` and `delivery` say where it is kept."""

    at: str
    sentence: Rich
    who: str = ""
    mark: str = ""
    delivery: str = ""

    def spoken(self) -> str:
        """The line as a screen reader says it."""
        parts = (self.at, plain(self.sentence), self.who, self.delivery)
        return ", ".join(part for part in parts if part)


class History(Painted):
    """The record, one line each; long sentences wrap."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=name)
        self._deeds: tuple[Deed, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_deeds(self, deeds: Sequence[Deed]) -> None:
        """Show these lines; the same ones cost nothing."""
        if tuple(deeds) == self._deeds:
            return
        self._deeds = tuple(deeds)
        self._name_lines()
        self.restyle()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return sum(measured(self._deeds, wide, theme.current())[1])

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("list.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("list.min.w") // 2, theme.current().px("row.table"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_lines()
        self.updateGeometry()

    def _name_lines(self) -> None:
        y, parts = 0, []
        _, heights = measured(self._deeds, self.width(), theme.current())
        for deed, high in zip(self._deeds, heights, strict=True):
            parts.append((deed.spoken(), QRect(0, y, self.width(), high)))
            y += high
        self.name_parts(parts)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter = theme.current().px, QPainter(self)
        widths, heights = measured(self._deeds, self.width(), theme.current())
        top, line, y = (px("row.table") - px("line.body")) // 2, px("line.body"), 0
        for at, (deed, high) in enumerate(zip(self._deeds, heights, strict=True)):
            row = QRect(0, y, self.width(), high)
            first = row.y() + top
            paint_line(painter, QRect(0, first, widths[0], line), deed.at, _ASIDE)
            x = widths[0]
            paint_block(painter, QRect(x, first, widths[1] - px("space.2"), high), deed.sentence)
            x += widths[1]
            side = Qt.AlignmentFlag.AlignLeft if widths[3] else Qt.AlignmentFlag.AlignRight
            paint_line(painter, QRect(x, first, widths[2], line), deed.who, _ASIDE, side)
            if deed.delivery:
                paint_marked(painter, QRect(x + widths[2], first, widths[3], high), deed.mark, deed.delivery)
            if at < len(heights) - 1:
                hairline(painter, row)
            y += high
        painter.end()


@lru_cache(maxsize=64)
def measured(
    deeds: tuple[Deed, ...], wide: int, look: theme.Theme
) -> tuple[tuple[int, int, int, int], tuple[int, ...]]:
    """Return how wide time, sentence, who and delivery are, and how high each line.

    A column nobody fills takes no room. A layout asks for this many times over.
    """
    px, gap = look.px, look.px("space.4")
    at = max([0, *(width_px(deed.at, _ASIDE) for deed in deeds)]) + gap
    who = max([0, *(width_px(deed.who, _ASIDE) + gap for deed in deeds if deed.who)])
    lead = px("mark") + px("tag.pad")
    kept = max([0, *(width_px(deed.delivery, VERDICT) + lead for deed in deeds if deed.delivery)])
    if kept:
        who, kept = max(who, px("history.who.w")), max(kept, px("history.delivery.w"))
    sentence = max(wide - at - who - kept, 1)
    spare = px("row.table") - px("line.body")
    heights = tuple(
        spare
        + max(
            block_height_px(deed.sentence, sentence - px("space.2"), BODY),
            marked_height_px(kept, deed.mark, deed.delivery) if deed.delivery else 0,
        )
        for deed in deeds
    )
    return (at, sentence, who, kept), heights
