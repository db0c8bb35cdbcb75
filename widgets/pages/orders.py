"""Orders: search as you type over every order of the desk, in one's own views; Enter opens the sheet."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.order_view import SORTS, Question, Shown
from app.ports import Changes, OrderQuery
from app.presenters.orders import Orders, State
from app.text import N_
from app.trouble import Trouble
from widgets import theme
from widgets.aio import Tasks
from widgets.cells import Column
from widgets.controls import Button, Pane
from widgets.empty import EmptyState
from widgets.fields import ComboField
from widgets.filter_chips import FilterChips
from widgets.filter_field import FilterField
from widgets.keys import Key
from widgets.order_cells import Look, columns, file_row, file_titles
from widgets.order_filters import count_words, filter_words, one_period
from widgets.order_rows import OrderRows
from widgets.order_side import KEYS, TITLES, OrderSide
from widgets.paged_model import PAGE_ROWS, REST_MS, PagedModel
from widgets.phrases import status_words
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.table import Table
from widgets.words import today, tr

_UP_DOWN: Final = N_("Up and down")


class OrdersPage(ScreenPage[State]):
    """A search, filters, one table; filters, columns, views and export at its side."""

    code = "orders"
    help_topic = "orders"

    def __init__(self, presenter: Orders, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._asked: tuple[OrderQuery, int] | None = None
        self._is_wide = True
        self._drawn: tuple[Column, ...] = ()
        self.fact = Prose("", META, wraps=False)
        self.search = FilterField("orders/search")
        self.search.textChanged.connect(lambda text: self._ask(text=text))
        self.search.done.connect(self.focus_first)
        self.status = self._combo("status")
        self.shop = self._combo("shop")
        self.kind = self._combo("kind")
        self.model = PagedModel((), self._spawn)
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("orders/table")
        self.table.free_columns()
        self.table.opened.connect(self._open)
        self.table.sort_wanted.connect(self.presenter.sort)
        self.table.arranged.connect(lambda pairs: self._arrange(tuple(Shown(*pair) for pair in pairs)))
        self.model.loaded.connect(self._loaded)
        self.empty = EmptyState("orders")
        self.chips = FilterChips("orders/chips")
        self.chips.removed.connect(lambda field: self._ask(**{field: ""}))
        self.side = OrderSide(today())
        self._connect_side()
        self.buttons = {code: self._button(code) for code in TITLES}
        self._lay_out()
        self.begin()

    def _lay_out(self) -> None:
        px = theme.current().px
        self.top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.top.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.2"))
        self.top.setSpacing(px("space.2"))
        self.top.addWidget(self.search, 2)
        self.search.setMinimumWidth(px("line.title.w"))
        self.search.setMaximumWidth(px("list.w"))
        head = QHBoxLayout()
        self.top.addLayout(head, 1)
        for combo in (self.status, self.shop, self.kind):
            head.addWidget(combo)
        head.addStretch(1)
        for button in self.buttons.values():
            head.addWidget(button)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addLayout(self.top)
        self.foot.addWidget(self.chips)
        self.foot.addWidget(self.table, 1)
        self.foot.addWidget(self.empty, 1)
        self.foot.addWidget(self.notice)
        fill = QHBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.setSpacing(0)
        fill.addWidget(sheet, 1)
        fill.addWidget(self.side)

    def _connect_side(self) -> None:
        side = self.side
        side.closed.connect(self._shut_side)
        side.filters.changed.connect(lambda field, value: self._ask(**one_period(field, value)))
        side.columns.arranged.connect(self._arrange)
        side.columns.sort_wanted.connect(self.presenter.sort)
        for signal, verb in (
            (side.views.used, self.presenter.use_view),
            (side.views.saved, self.presenter.save_view),
            (side.views.dropped, self.presenter.drop_view),
            (side.views.given, self.presenter.share_view),
            (side.views.taken_up, self.presenter.use_shared),
            (side.views.withdrawn, self.presenter.withdraw_view),
        ):
            signal.connect(lambda name, verb=verb: self.once("view", lambda: verb(name)))
        side.export.wanted.connect(self._export)
        side.export.stopped.connect(self.presenter.stop_export)

    def _button(self, code: str) -> Button:
        button = Button("", KEYS[code], "quiet")
        button.setObjectName(f"orders/{code}")
        button.clicked.connect(partial(self._open_side, code))
        return button

    def _combo(self, field: str) -> ComboField:
        combo = ComboField()
        combo.setObjectName(f"orders/{field}")
        combo.setMinimumWidth(theme.current().px("line.number.w"))
        combo.answered.connect(lambda value: self._chosen(field, value))
        return combo

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Orders")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            Key("Enter", tr("Open order"), self.table.open_current, when=self.table.hasFocus),
            Key("I", tr("Import a file"), lambda: self.go("import_file")),
            *([Key("W", tr("Plan together"), lambda: self.go("wave"))] if self._state.may_plan else []),
            *(Key(key, tr(TITLES[code]), partial(self._open_side, code)) for code, key in KEYS.items()),
            Key("S", tr("Sort by the next"), self._sort_next, quiet=True, when=self.table.hasFocus),
            Key("Shift+S", tr("Turn the sort round"), self._turn_sort, quiet=True),
            Key("Backspace", tr("To the filters that are on"), self.chips.focus_last, quiet=True),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        for button in self.buttons.values():
            button.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()  # the search would type keys

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self.search.take_focus()

    @override
    def back(self) -> bool:
        if self.side.code():
            self._shut_side()
            return True
        if self._state.view.question != Question():
            self._all()
            return True
        return super().back()

    @override
    def next_pane(self) -> None:
        inside = self.side.isAncestorOf(self.focusWidget() or self)
        if self.side.code() and not inside:
            self.side.open_panel(self.side.code())
        else:
            self.focus_first()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.search.say(tr("Number, phone tail, name, address, article, note"), tr("Search the orders"))
        for code, button in self.buttons.items():
            button.say(tr(TITLES[code]))
        self.side.say(self._state)
        self.status.setAccessibleName(tr("State"))
        self.shop.setAccessibleName(tr("Shop"))
        self.kind.setAccessibleName(tr("Exception"))
        self.table.setAccessibleName(tr("Orders"))
        self._columns()
        self._offer_answers()
        if self._asked is not None:
            QTimer.singleShot(0, self, self._read_anew)

    def _read_anew(self) -> None:
        """Ask again for rows that speak another language; a page behind another does it when it comes up."""
        if self.isVisible():
            self.model.reload()

    def _wanted_columns(self) -> tuple[Column, ...]:
        view = self._state.view
        is_searching = bool(view.question.text.strip())
        return columns(view.columns, is_searching=is_searching, is_wide=self._is_wide)

    def _columns(self) -> bool:
        """Take the columns of the view; say whether rows must be drawn anew for them."""
        view, wanted = self._state.view, self._wanted_columns()
        self.table.show_sort(view.sort, is_rising=view.is_rising)
        if wanted == self._drawn:
            return False
        codes, was = [each.code for each in wanted], [each.code for each in self._drawn]
        self._drawn = wanted
        self.model.set_columns(wanted)
        self.table.restyle()
        return codes != was

    def _look_for(self, state: State) -> None:
        """Show what answers another question; its columns come with its rows, in one picture."""
        self._drawn = self._wanted_columns()
        self.table.show_sort(state.view.sort, is_rising=state.view.is_rising)
        rows = OrderRows(self.presenter, lambda: self._drawn)
        self.model.show(rows, self._drawn, rest_ms=REST_MS if state.query.text.strip() else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the shop's column go where the side leaves no room for it."""
        px, is_open = theme.current().px, bool(self.side.code())
        room = self.width() + px("rail.w") - (self.side.width() if is_open else 0)
        is_wide = room >= px("wide.from.w")
        for button in self.buttons.values():
            button.setVisible(is_wide or not is_open)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            side_by_side, stacked = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
            self.top.setDirection(side_by_side if is_wide else stacked)
            if self._columns():
                self.model.reload()

    def _offer_answers(self) -> None:
        state = self._state
        self.status.set_options(
            [("", tr("All states")), *((each, status_words(each)) for each in state.statuses)]
        )
        self.shop.set_options([("", tr("All shops")), *state.shops])
        self.kind.set_options(
            [("", tr("Exception or not")), *((code, tr(title)) for code, title, _ in state.kinds)]
        )
        self._show_answers()

    def _show_answers(self) -> None:
        asked = self._state.view.question
        for combo, value in ((self.status, asked.status), (self.shop, asked.shop), (self.kind, asked.kind)):
            combo.set_answer(value)

    @override
    def draw(self, state: State) -> None:
        before, self._state = self._state, state
        if _offered(before) != _offered(state):
            self._offer_answers()
            self.side.say(state)
        elif before.view.question != state.view.question:
            self._show_answers()
        asked = state.view.question
        if self.search.text() != asked.text:
            self._type(asked.text)
        self.chips.show_filters(filter_words(state))
        was, self._asked = self._asked, (state.query, state.generation) if state.is_loaded else None
        if self._asked is not None and (was is None or was[0] != state.query):
            self._look_for(state)
        elif (self._columns() or was != self._asked) and state.is_loaded:
            self.model.reload()
        if self.side.code():
            self.side.show_state(state, self._widths())
        words = (state.view.name, count_words(state))
        self.fact.show_words(" · ".join(filter(None, words)) if state.is_loaded else "")
        self._show_empty()
        self.offer(state.undo, self.presenter.undo)

    def _show_empty(self) -> None:
        has_rows = self.model.rowCount() > 0
        self.table.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        if not self._state.is_loaded or self._state.count:
            self.empty.show_words("clock", tr("Reading the orders"))
        elif self._state.view.question != Question():
            self.empty.show_words("search", tr("No order like that"), tr("Esc clears search and filters."))
        else:
            self.empty.show_words(
                "orders", tr("No orders yet"), tr("They come in by themselves, or by import.")
            )

    def _loaded(self) -> None:
        had_focus = self.empty.isVisible() and not self.search.hasFocus()
        self._show_empty()
        if had_focus and self.table.isVisible():
            self.table.setFocus()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.spawn(self._calmly(work))

    async def _calmly(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a question that a newer one overtook end without a word."""
        try:
            await work
        except Trouble as trouble:
            if trouble.code != "superseded":
                raise

    def _ask(self, **changes: str) -> None:
        self.presenter.ask(msgspec.structs.replace(self._state.view.question, **changes))

    def _chosen(self, field: str, value: str) -> None:
        self._ask(**{field: value})
        self.focus_first()

    def _all(self) -> None:
        self._type("")
        self.presenter.ask(Question())

    def _type(self, text: str) -> None:
        """Show words that nobody typed."""
        self.search.blockSignals(True)
        self.search.setText(text)
        self.search.blockSignals(False)

    def _arrange(self, wanted: tuple[Shown, ...]) -> None:
        self.latest("columns", lambda: self.presenter.arrange(wanted))

    def _sort_next(self) -> None:
        self.presenter.sort(SORTS[(SORTS.index(self._state.view.sort) + 1) % len(SORTS)])

    def _turn_sort(self) -> None:
        self.presenter.sort(self._state.view.sort)

    def _widths(self) -> dict[str, int]:
        return {column.code: self.table.columnWidth(at) for at, column in enumerate(self.model.columns)}

    def _open_side(self, code: str) -> None:
        if self.side.code() == code:
            self._shut_side()
        else:
            self.side.show_state(self._state, self._widths())
            self.side.open_panel(code)
            self._fit()

    def _shut_side(self) -> None:
        self.side.shut()
        self._fit()
        self.focus_first()

    def _export(self, path: str, in_full: bool) -> None:
        shown, look = self._state.view.columns, Look(self._state)
        titles, export = file_titles(shown, in_full=in_full), self.presenter.export
        say = partial(file_row, shown=shown, look=look)
        self.once("export", lambda: export(path, titles, say, in_full=in_full))

    def _open(self, key: str) -> None:
        self.go("order", id=key, among="\n".join(self._neighbours()))

    def _neighbours(self) -> list[str]:
        """The orders of the page of rows around the current one, for J and K on the sheet."""
        first = self.table.currentIndex().row() // PAGE_ROWS * PAGE_ROWS
        last = min(first + PAGE_ROWS, self.model.rowCount())
        rows = (self.model.row(at) for at in range(first, last))
        return [row.key for row in rows if row is not None]


def _offered(state: State) -> tuple[object, ...]:
    """What the answers of the filters are made of."""
    return state.kinds, state.shops, state.warehouses
