"""The line over a card: what kind of exception, which order, whose it is, and how long there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from widgets import theme
from widgets.controls import MarkLabel, Tag, TagKind
from widgets.flow import Flow
from widgets.marked import paint_badge
from widgets.painted import Painted
from widgets.prose import META, STRONG, block_height_px, paint_block, paint_line, width_px


class _Which(Painted):
    """Number, channel and the rest on one line; where that is too short the rest stands below."""

    def __init__(self) -> None:
        super().__init__()
        self._number, self._badge, self._about = "", "", ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_which(self, number: str, badge: str, about: str) -> None:
        if (number, badge, about) == (self._number, self._badge, self._about):
            return
        self._number, self._badge, self._about = number, badge, about
        self.setAccessibleName(", ".join(part for part in (number, badge, about) if part))
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        px = theme.current().px
        gap = px("space.2")
        wide = width_px(self._number, STRONG) + gap + px("badge.w") + gap + width_px(self._about, META)
        return QSize(wide, px("line.body"))

    @override
    def minimumSizeHint(self) -> QSize:
        px = theme.current().px
        wide = width_px(self._number, STRONG) + px("space.2") + px("badge.w")
        return QSize(wide, self.sizeHint().height())

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, wide: int) -> int:
        px = theme.current().px
        if self.sizeHint().width() <= wide:
            return px("line.body")
        return px("line.body") + block_height_px(self._about, wide, META)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        px, painter, rect = theme.current().px, QPainter(self), self.rect()
        gap, is_short = px("space.2"), self.sizeHint().width() > self.width()
        if is_short:
            rect.setHeight(px("line.body"))
        x = paint_line(painter, rect, self._number, STRONG) + gap
        if self._badge:
            paint_badge(painter, QRect(x, 0, px("badge.w"), rect.height()), self._badge)
            x += px("badge.w") + gap
        if is_short:
            paint_block(painter, self.rect().adjusted(0, rect.height(), 0, 0), self._about, META)
        else:
            paint_line(painter, rect.adjusted(x, 0, 0, 0), self._about, META)
        painter.end()


class CardHead(QWidget):
    """Tag, number, channel, about, and the time limit at the right end."""

    def __init__(self) -> None:
        super().__init__()
        self.tag, self._which, self.limit = Tag(""), _Which(), MarkLabel("", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().px("space.2"))
        row.addWidget(self.tag)
        row.addWidget(self._which, 1)
        row.addWidget(self.limit)

    def show_head(self, tag: tuple[str, TagKind, str], number: str, badge: str, about: str) -> None:
        """Show which exception of which order; `tag` is its name, its tint and its mark."""
        self.tag.show_text(*tag)
        self._which.show_which(number, badge, about)


class TagRow(QWidget):
    """Tags after a word, in as many lines as they need, built again only when they change."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[str, TagKind, str], ...] = ()
        self._flow = Flow(theme.current().px("space.2"))
        self.setLayout(self._flow)

    def show_tags(self, tags: Sequence[tuple[str, TagKind, str]]) -> None:
        """Show these tags: word, tint, mark."""
        if tuple(tags) == self._shown:
            return
        self._shown = tuple(tags)
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for tag in self._shown:
            self._flow.addWidget(Tag(*tag))
