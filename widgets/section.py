"""What a section of the settings is to the page around it: a page of its own on a sheet that scrolls."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk import Screen
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Hairline, Pane, scroll
from widgets.prose import SECTION, Prose
from widgets.screen_page import Go, Noticed, ScreenPage

S = TypeVar("S", bound=Noticed)


class SectionPage(ScreenPage[S]):
    """Put parts on the sheet with `add_part`, bars below it with `add_bar`, then call `begin`."""

    def __init__(self, screen: Screen[S], tasks: Tasks, go: Go) -> None:
        super().__init__(screen, tasks, go)
        px = theme.current().px
        sheet = Pane("base")
        self.column = QVBoxLayout(sheet)
        self.column.setContentsMargins(px("space.5"), px("page.edge"), px("space.5"), px("space.5"))
        self.column.setSpacing(px("space.2"))
        sheet.setMaximumWidth(px("text.max.w") + px("steps.w"))
        outer = Pane("base")
        sides = QHBoxLayout(outer)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(sheet, 1)
        sides.addStretch(0)
        self.area = scroll(outer)
        self._below = QVBoxLayout(self)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(0)
        self._below.addWidget(self.area, 1)
        self._below.addWidget(self.notice)

    def add_part(self, *parts: QWidget, heading: Prose | None = None) -> Hairline | None:
        """Put one group on the sheet, under its heading and a line above it; return that line."""
        px, line = theme.current().px, Hairline() if self.column.count() else None
        if line is not None:
            self.column.addSpacing(px("space.3"))
            self.column.addWidget(line)
            self.column.addSpacing(px("space.2"))
        if heading is not None:
            self.column.addWidget(heading)
        for part in parts:
            self.column.addWidget(part)
        return line

    def add_bar(self, bar: QWidget, above: QWidget | None = None) -> None:
        """Put a bar below the sheet, above another one where that is given: it does not scroll."""
        self._below.insertWidget(self._below.indexOf(above) if above else self._below.count(), bar)

    def step(self, by: int) -> None:
        """J and K while the keys are in here: scroll, or go through the rows of a table."""
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + by * theme.current().px("row.list"))


def heading() -> Prose:
    """The name of a group on the sheet; its words come with `say`."""
    return Prose(style=SECTION)


def row(*parts: QWidget) -> QWidget:
    """Put parts side by side, the rest of the line empty."""
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.current().px("button.gap"))
    for part in parts:
        box.addWidget(part)
    box.addStretch(1)
    return line
