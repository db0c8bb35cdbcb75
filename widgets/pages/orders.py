"""Orders: search as you type over every order of the desk; Enter opens the sheet."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, Final, cast

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, OrderQuery, OrderRow
from app.presenters.orders import Orders, State
from app.text import N_
from app.trouble import Trouble
from widgets import theme
from widgets.aio import Tasks
from widgets.cells import Cell, Column, TableRow
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.fields import ComboField
from widgets.filter_field import FilterField
from widgets.keys import Key
from widgets.paged_model import PAGE_ROWS, PagedModel
from widgets.phrases import MARKS, status_words
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.table import Table
from widgets.words import count, moment, money, tr

_UP_DOWN: Final = N_("Up and down")
HITS_MAX: Final = 10_000
"""More hits of a search are not counted. Source: qt.md 3b."""


class OrdersPage(ScreenPage[State]):
    """A search, three filters, one table."""

    code = "orders"
    help_topic = "orders"

    def __init__(self, presenter: Orders, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._asked: tuple[OrderQuery, int] | None = None
        self._is_wide = True
        px = theme.current().px
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
        self.table.opened.connect(self._open)
        self.model.loaded.connect(self._loaded)
        self.empty = EmptyState("orders")
        head = QHBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.2"))
        head.setSpacing(px("space.2"))
        head.addWidget(self.search, 1)
        self.search.setMaximumWidth(px("list.w"))
        for combo in (self.status, self.shop, self.kind):
            head.addWidget(combo)
        head.addStretch(1)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addLayout(head)
        self.foot.addWidget(self.table, 1)
        self.foot.addWidget(self.empty, 1)
        self.foot.addWidget(self.notice)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(sheet)
        self.begin()

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
        )

    @override
    def focus_first(self) -> None:
        self.table.setFocus()

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self.search.take_focus()

    @override
    def back(self) -> bool:
        if self._state.query != OrderQuery():
            self._all()
            return True
        return super().back()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.search.say(tr("Number, buyer, phone, place, article"), tr("Search the orders"))
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

    def _columns(self) -> None:
        """Name the columns; in a narrow window the badge stands for the shop."""
        px = theme.current().px
        small, middle = px("facts.label.w"), px("line.number.w")
        shop = (Column("shop", tr("Shop"), px("line.title.w")),) if self._is_wide else ()
        self.model.columns = (
            Column("number", tr("Order"), middle + px("space.4"), kind="strong"),
            Column("status", tr("State"), px("history.delivery.w")),
            Column("snag", tr("Exception")),
            Column("channel", "", px("space.6") + px("space.2"), kind="badge"),
            *shop,
            Column("buyer", tr("Buyer"), small),
            Column("place", tr("Place")),
            Column("pieces", tr("Pieces"), small, kind="number"),
            Column("amount", tr("Amount"), middle, kind="money"),
            Column("received", tr("Received"), middle + px("space.3"), "right", "muted"),
        )
        self.table.show_model(self.model)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        is_wide = self.width() + look.px("rail.w") >= look.px("wide.from.w")
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._columns()
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
        for combo, value in self._answers(state.query):
            combo.set_answer(value)

    def _answers(self, query: OrderQuery) -> tuple[tuple[ComboField, str], ...]:
        return ((self.status, query.status), (self.shop, query.shop), (self.kind, query.kind))

    @override
    def draw(self, state: State) -> None:
        before, self._state = self._state, state
        if (before.kinds, before.shops, before.query) != (state.kinds, state.shops, state.query):
            self._offer_answers()
        self.fact.show_words(self._count_words() if state.is_loaded else "")
        if state.is_loaded and self._asked != (state.query, state.generation):
            is_new = self._asked is None or self._asked[0] != state.query
            self._asked = (state.query, state.generation)
            if is_new:
                self.model.show(_Rows(self))
            else:
                self.model.reload()
        self._show_empty()

    def _count_words(self) -> str:
        state = self._state
        if state.query.text and state.count >= HITS_MAX:
            return tr("First {count} hits, type more to refine", count=count(HITS_MAX))
        if state.query != OrderQuery():
            return tr("1 hit") if state.count == 1 else tr("{count} hits", count=count(state.count))
        return tr("1 order") if state.count == 1 else tr("{count} orders", count=count(state.count))

    def _show_empty(self) -> None:
        has_rows = self.model.rowCount() > 0
        self.table.setVisible(has_rows)
        self.empty.setVisible(not has_rows)
        if not self._state.is_loaded or self._state.count:
            self.empty.show_words("clock", tr("Reading the orders"))
        elif self._state.query != OrderQuery():
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

    def row(self, row: OrderRow) -> TableRow:
        """One order as a row of the table."""
        state = self._state
        titles = {code: (title, severity) for code, title, severity in state.kinds}
        title, severity = titles.get(row.snag, ("", ""))
        now = state.now or row.received_at
        cells: dict[str, str | Cell] = {
            "number": row.number,
            "status": Cell(status_words(row.status), "saved" if row.pending else ""),
            "snag": Cell(tr(title), MARKS[severity]) if title else "",
            "channel": row.channel,
            "shop": row.shop_title,
            "buyer": row.buyer,
            "place": row.place,
            "pieces": count(row.pieces),
            "amount": money(row.payable_minor, row.currency),
            "received": moment(row.received_at, state.zone, now.date()),
        }
        return TableRow(row.id, tuple(cells[column.code] for column in self.model.columns))

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
        self.presenter.ask(msgspec.structs.replace(self._state.query, **changes))

    def _chosen(self, field: str, value: str) -> None:
        self._ask(**{field: value})
        self.focus_first()

    def _all(self) -> None:
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.presenter.ask(OrderQuery())

    def _open(self, key: str) -> None:
        self.go("order", id=key, among="\n".join(self._neighbours()))

    def _neighbours(self) -> list[str]:
        """The orders of the page of rows around the current one, for J and K on the sheet."""
        first = self.table.currentIndex().row() // PAGE_ROWS * PAGE_ROWS
        last = min(first + PAGE_ROWS, self.model.rowCount())
        rows = (self.model.row(at) for at in range(first, last))
        return [row.key for row in rows if row is not None]


class _Rows:
    """The rows of the present question, page by page."""

    def __init__(self, page: OrdersPage) -> None:
        self._page = page

    async def count(self) -> int:
        """How many there are."""
        return await self._page.presenter.count()

    async def anchors(self, step: int) -> Sequence[object]:
        """Where each page starts."""
        return await self._page.presenter.anchors(step)

    async def page(self, anchor: object | None, limit: int) -> Sequence[TableRow]:
        """The rows from an anchor on."""
        rows = await self._page.presenter.page(cast("tuple[str, str] | None", anchor), limit)
        return [self._page.row(row) for row in rows]
