"""The side of the orders page: filters, columns, saved views or the export, one at a time, gone with Esc."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.presenters.orders import State
from app.text import N_
from widgets import theme
from widgets.controls import Button, Pane, scroll
from widgets.order_columns import ColumnsPanel
from widgets.order_export import ExportPanel
from widgets.order_filters import FilterPanel
from widgets.order_views import ViewsPanel
from widgets.prose import SECTION, Prose
from widgets.words import day_there, tr

TITLES: Final = {
    "filters": N_("Filters"),
    "columns": N_("Columns"),
    "views": N_("Views"),
    "export": N_("Export"),
}
"""The four panels by code, and what they are called."""
KEYS: Final = {"filters": "F", "columns": "C", "views": "V", "export": "E"}


class OrderSide(Pane):
    """One of four panels, or nothing."""

    closed = Signal()

    def __init__(self, today_on: date) -> None:
        super().__init__("alt", "left")
        px = theme.current().px
        self.setFixedWidth(px("list.min.w"))
        self.filters = FilterPanel(today_on)
        self.columns = ColumnsPanel()
        self.views = ViewsPanel()
        self.export = ExportPanel(today_on)
        self._panels: dict[str, FilterPanel | ColumnsPanel | ViewsPanel | ExportPanel] = {
            "filters": self.filters,
            "columns": self.columns,
            "views": self.views,
            "export": self.export,
        }
        self._code = ""
        self._title = Prose("", SECTION, wraps=False)
        self.close_button = Button("", "Esc", "quiet")
        self.close_button.setObjectName("orders/side/close")
        self.close_button.clicked.connect(self.closed)
        self._stack = QStackedWidget()
        self._areas: dict[str, QWidget] = {}
        for code, panel in self._panels.items():
            self._areas[code] = scroll(panel)
            self._stack.addWidget(self._areas[code])
        head = QHBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.3"), px("space.3"), px("space.2"))
        head.addWidget(self._title, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(px("line"), 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self.hide()

    def code(self) -> str:
        """Which panel is open; nothing while none is."""
        return self._code

    def open_panel(self, code: str) -> None:
        """Show a panel and put the keys into it."""
        self._code = code
        self._title.show_words(tr(TITLES[code]))
        self._stack.setCurrentWidget(self._areas[code])
        self.show()
        self._panels[code].focus_first()

    def shut(self) -> None:
        """Show nothing."""
        self._code = ""
        self.hide()

    def say(self, state: State) -> None:
        """Take the words in the language on screen."""
        self._title.show_words(tr(TITLES[self._code]) if self._code else "")
        self.close_button.say(tr("Close"))
        self.filters.say(state)
        self.columns.say()
        self.views.say()
        self.export.say(state)

    def show_state(self, state: State, widths: dict[str, int]) -> None:
        """Show what is chosen and how far an export is; `widths` are the pixels of the columns now."""
        if state.now is not None:
            self.filters.show_today(day_there(state.now, state.zone))
        self.filters.show_question(state.view.question)
        self.columns.show_columns(state.view.columns, widths)
        self.views.show_views(state.views, state.shared, may_share=state.may_share)
        self.export.show_state(state)
