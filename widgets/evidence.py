"""The panel at the right: why one may believe what the page proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from widgets import item_paint, theme
from widgets.aside import Aside
from widgets.item_paint import Figure, Figures, Item, Limit, Lines, MarkedLine, Paragraph, Quote
from widgets.painted import Painted
from widgets.prose import HEADING, block_height_px, hairline, paint_block

__all__ = [
    "Evidence", "EvidenceSection", "Figure", "Figures", "Item", "ItemView", "Limit", "Lines", "MarkedLine",
    "Paragraph", "Quote",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EvidenceSection:
    """A heading and its items; `ruled` draws a line under each over the whole width."""

    heading: str
    items: tuple[Item, ...]
    ruled: bool = False


class ItemView(Painted):
    """One item, painted; it knows its height at every width."""

    def __init__(self, item: Item, parent: QWidget | None = None) -> None:
        super().__init__(parent, name=item_paint.said(item))
        self._item = item
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return item_paint.height_px(self._item, wide)

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w") - 2 * theme.current().px("space.4")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("badge.w"), theme.current().px("line.meta"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        item_paint.paint(painter, self.rect(), self._item)
        painter.end()


class Evidence(Aside):
    """Sections one under the other; the panel scrolls when they do not fit."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._body = _Sections()
        super().__init__(self._body, parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_sections(self, sections: Sequence[EvidenceSection]) -> None:
        """Show these sections; equal ones are left as they are."""
        self._body.show_sections(tuple(sections))

    def sections(self) -> tuple[EvidenceSection, ...]:
        """What is shown."""
        return self._body.shown

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_keys()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_keys()

    def _show_keys(self) -> None:
        self._body.has_keys = self.hasFocus()
        self._body.update()


class _Sections(Painted):
    """All sections, painted in one go; the edge of the panel says whether the keys scroll it."""

    has_keys = False

    def __init__(self) -> None:
        super().__init__()
        self.shown: tuple[EvidenceSection, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_sections(self, sections: tuple[EvidenceSection, ...]) -> None:
        """Show these; equal ones cost nothing."""
        if sections == self.shown:
            return
        self.shown = sections
        self._name_places()
        self.restyle()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        return placed(self.shown, wide, theme.current())[1]

    @override
    def sizeHint(self) -> QSize:
        wide = theme.current().px("evidence.w")
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme.current().px("badge.w") * 4, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_places()
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _name_places(self) -> None:
        places, _ = placed(self.shown, self.width(), theme.current())
        self.name_parts([(place.spoken(), place.rect) for place in places if place.what is not None])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(event.rect(), look.color("alt"))
        places, _ = placed(self.shown, self.width(), look)
        for place in places:
            if place.rect.intersects(event.rect()):
                place.paint(painter)
        thick, role = ("ring", "accent") if self.has_keys else ("line", "line")
        painter.fillRect(QRect(0, 0, look.px(thick), self.height()), look.color(role))
        painter.end()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a heading, an item or the line under a section stands."""

    what: str | Item | None
    rect: QRect
    ruled: bool = False

    def spoken(self) -> str:
        return self.what if isinstance(self.what, str) else item_paint.said(self.what) if self.what else ""

    def paint(self, painter: QPainter) -> None:
        if self.what is None:
            hairline(painter, self.rect)
        elif isinstance(self.what, str):
            paint_block(painter, self.rect, self.what, HEADING)
        else:
            _paint_place(painter, self.rect, self.what, ruled=self.ruled)


@lru_cache(maxsize=32)
def placed(
    sections: tuple[EvidenceSection, ...], wide: int, look: theme.Theme
) -> tuple[tuple[_Place, ...], int]:
    """Return where everything stands at this width, and how high that is; a layout asks for it again."""
    px = look.px
    across, down, y = px("space.4"), px("space.3"), 0
    inner = wide - 2 * across
    places: list[_Place] = []
    for section in sections:
        top, y = y, y + down
        high = block_height_px(section.heading, inner, HEADING)
        places.append(_Place(section.heading, QRect(across, y, inner, high)))
        y += high + px("space.half")
        for item in section.items:
            y += 0 if section.ruled else px("space.1")
            x, room = (0, wide) if section.ruled else (across, inner)
            high = _place_px(item, room, ruled=section.ruled)
            places.append(_Place(item, QRect(x, y, room, high), section.ruled))
            y += high
        y += 0 if section.ruled else down
        if section is not sections[-1]:
            places.append(_Place(None, QRect(0, top, wide, y - top)))
    return tuple(places), y


def _place_px(item: Item, wide: int, *, ruled: bool) -> int:
    """How high an item is; one that is ruled has air around it and a line under it, over the whole width."""
    if not ruled:
        return item_paint.height_px(item, wide)
    px = theme.current().px
    inner = item_paint.height_px(item, wide - 2 * px("space.4"))
    return inner + 2 * px("space.2") + px("space.half") + px("line")


def _paint_place(painter: QPainter, rect: QRect, item: Item, *, ruled: bool) -> None:
    if ruled:
        px = theme.current().px
        hairline(painter, rect)
        across, down = px("space.4"), px("space.2") + px("line")
        rect = rect.adjusted(across, down, -across, 0)
    item_paint.paint(painter, rect, item)
