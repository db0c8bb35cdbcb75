"""Stock: what lies where, what is free, and why; a count is corrected with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, StockRow
from app.presenters.stock import State, Stock, arriving
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.controls import Button, Label, Pane, scroll
from widgets.empty import EmptyState
from widgets.evidence import ItemView, Lines
from widgets.fields import Field, NumberField, TextField
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, NOTE, SECTION, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.shelf_papers import ShelfPapers
from widgets.splits import Split, Splits
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, tr

_UP_DOWN: Final = N_("Up and down")
_PRINT: Final = N_("Print bin label")
_CORRECT: Final = N_("Correct the count")
_ROWS: Final = N_("{rows} rows")
_FIRST_ROWS: Final = N_("First {rows} rows, type more to narrow")
_PIECES_MOST: Final = 99_999


def _key(row: StockRow) -> str:
    return f"{row.warehouse}/{row.sku}"


class StockPage(ScreenPage[State]):
    """A table with a filter at the left, the sum and the correction of one row at the right."""

    code = "stock"
    help_topic = "stock"

    def __init__(self, presenter: Stock, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.fact = Prose("", META, wraps=False)
        self.filter = TextField(icon="search")
        self.filter.setObjectName("stock/filter")
        self.filter.setFixedWidth(px("field.w"))
        self.filter.textChanged.connect(self._narrow)
        self.splits = Splits(self.code)
        self.splits.chosen.connect(self._turn)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("stock/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._correct())
        self.empty = EmptyState("stock")
        self.bar = ActionBar(self.code)
        self.side = _Side()
        self.side.asked.clicked.connect(self.submit)
        self.side.reason.returnPressed.connect(self.submit)
        head = QHBoxLayout()
        head.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.1"))
        head.addWidget(self.filter)
        head.addStretch(1)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addLayout(head)
        self.foot.addWidget(self.splits)
        for part in (self.table, self.empty):
            self.foot.addWidget(part, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, scroll(self.side), evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Stock")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        keys = [
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
        ]
        if self._state.may_adjust:
            keys.append(Key("A", tr(_CORRECT), self._correct))
        if self._state.row is not None:
            keys.append(Key("P", tr(_PRINT), self._print))
        return [*keys, *self.bar.keys()]

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self._state.rows else self).setFocus()

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    @override
    def back(self) -> bool:
        if self.filter.text():
            self.filter.clear()
            return True
        return super().back()

    @override
    def submit(self) -> None:
        if self._state.may_adjust and self._state.row is not None:
            self.once("adjust", self._adjust)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.filter.setPlaceholderText(tr("SKU, article or bin"))
        self.filter.setAccessibleName(tr("Filter the stock"))
        self.table.setAccessibleName(tr("Stock"))
        small, wide = px("line.limit.w"), px("line.number.w")
        self.model = ListModel(
            (
                Column("warehouse", tr("Warehouse"), px("history.who.w")),
                Column("bin", tr("Bin"), px("history.delivery.w")),
                Column("sku", tr("SKU"), wide, kind="strong"),
                Column("title", tr("Article")),
                Column("on_hand", tr("On hand"), small, kind="number"),
                Column("reserved", tr("Promised"), small, kind="number"),
                Column("leased", tr("Desks"), small, kind="number"),
                Column("safety", tr("Safety"), small, kind="number"),
                Column("free", tr("Free"), px("line.amount.w"), kind="number"),
            )
        )
        self.table.show_model(self.model)
        self.side.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        rows = count(len(state.rows))
        shown = _FIRST_ROWS if state.is_cut else _ROWS
        self.fact.show_words(tr(shown, rows=rows) if state.is_loaded else "")
        houses = [Split(code, title) for code, title in state.warehouses]
        self.splits.show_splits([Split("", tr("All warehouses")), *houses], state.warehouse)
        self.model.show_rows([_row(row) for row in state.rows])
        if state.row is not None and self.table.current_key() != _key(state.row):
            self.table.pick(_key(state.row))
        self.table.setVisible(bool(state.rows))
        if state.rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not state.rows)
        if not state.is_loaded:
            self.empty.show_words("clock", tr("Reading the stock"))
        elif state.text:
            self.empty.show_words("search", tr("No stock for {text}", text=state.text), tr("Esc clears it."))
        else:
            self.empty.show_words("stock", tr("No stock here yet"), tr("A count by the warehouse fills it."))
        self.side.draw(state)
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts))
        self.offer(state.undo, self.presenter.undo)

    def _narrow(self) -> None:
        self.latest("filter", self._filter)

    async def _filter(self) -> None:
        await self.presenter.filter(self.filter.text(), self._state.warehouse)

    def _turn(self, warehouse: str) -> None:
        self.latest("turn", lambda: self.presenter.filter(self.filter.text(), warehouse))

    def _pick(self, key: str) -> None:
        warehouse, _, sku = key.partition("/")
        if key and not self.is_drawing and (self._state.row is None or key != _key(self._state.row)):
            self.latest("choose", lambda: self.presenter.choose(warehouse, sku))

    def _act(self, code: str) -> None:
        form = next((act.form for act in self._state.acts if act.code == code), "")
        row = self._state.row
        if form == "receive_stock":
            given = {"warehouse": row.warehouse, "sku": row.sku} if row is not None else {}
            self.go("guide", form=form, **given)
        elif form == "receive_transfer":
            doc = arriving(self._state.docs)
            self.go("guide", form=form, doc=doc.id if doc is not None else "")
        elif form and row is not None:
            self.go("guide", form=form, stock=_key(row))

    def _correct(self) -> None:
        if self._state.may_adjust:
            self.side.delta.setFocus()
            self.side.delta.selectAll()

    def _print(self) -> None:
        row = self._state.row
        if row is not None:
            self.go("paper", warehouse=row.warehouse, sku=row.sku)

    async def _adjust(self) -> None:
        undo = self._state.undo
        await self.presenter.adjust(self.side.delta.value(), self.side.reason.text())
        if self._state.undo is not undo:
            self.side.clear()
            self.focus_first()


def _row(row: StockRow) -> TableRow:
    free = Cell(count(row.available), bold=True)
    if not row.available:
        free = Cell("0", "stops", bold=True, role="bad")
    on_hand = Cell(count(row.on_hand), "waits") if row.counting else count(row.on_hand)
    return TableRow(
        _key(row),
        (
            row.warehouse_title, row.bin or "–", row.sku, row.title,
            on_hand, count(row.reserved), count(row.leased), count(row.safety), free,
        ),
    )  # fmt: skip


class _Side(Pane):
    """The sum of one row, and the form that corrects its count."""

    def __init__(self) -> None:
        super().__init__("alt")
        px = theme.current().px
        self.heading, self.place = Prose(style=SECTION), Prose(style=NOTE)
        self.sum = QVBoxLayout()
        self._sum: ItemView | None = None
        self.delta, self.reason = NumberField(-_PIECES_MOST, _PIECES_MOST), TextField()
        self.delta_field = Field("stock/delta", "", "", self.delta, width="quantity.w")
        self.reason_field = Field("stock/reason", "", "", self.reason, width="quantity.w")
        self.asked = Button("", "Ctrl+Enter", "primary")
        self.asked.setObjectName("stock/adjust")
        self.form = QVBoxLayout()
        self.form.setSpacing(px("space.2"))
        for field in (self.delta_field, self.reason_field):
            self.form.addWidget(field)
        self.only_look = Prose(style=NOTE)
        self.hub = Prose(style=NOTE)
        self.papers = ShelfPapers()
        box = QVBoxLayout(self)
        box.setContentsMargins(px("space.4"), px("space.4"), px("space.4"), px("space.4"))
        box.setSpacing(px("space.1"))
        for part in (self.heading, self.place):
            box.addWidget(part)
        box.addSpacing(px("space.3"))
        box.addLayout(self.sum)
        box.addSpacing(px("space.4"))
        self._title = Label("", bold=True)
        box.addWidget(self._title)
        box.addLayout(self.form)
        box.addWidget(self.only_look)
        row = QHBoxLayout()
        row.addWidget(self.asked)
        row.addStretch(1)
        box.addLayout(row)
        box.addWidget(self.hub)
        box.addSpacing(px("space.4"))
        box.addWidget(self.papers)
        box.addStretch(1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.delta_field.name_anew(tr("Pieces more or fewer"))
        self.reason_field.name_anew(tr("Reason"))
        self.reason.setPlaceholderText(tr("Counted, broken, misplaced"))
        self._title.setText(tr(_CORRECT))
        self.asked.setText(tr("Note the count"))
        self.asked.setAccessibleName(tr("Note the count"))
        self.hub.show_words(tr("The hub counts. Others see it in the history, with your name."))
        self.only_look.show_words(tr("You may look. The warehouse and leads correct a count."))

    def clear(self) -> None:
        """Start the next correction from nothing."""
        self.delta.setValue(0)
        self.reason.clear()

    def draw(self, state: State) -> None:
        """Show one row."""
        row = state.row
        self.heading.show_words(row.title or row.sku if row else "")
        self.place.show_words(
            " · ".join(part for part in (row.sku, row.warehouse_title, row.bin) if part) if row else ""
        )
        may = state.may_adjust and row is not None
        for part in (self.delta_field, self.reason_field, self._title, self.asked, self.hub):
            part.setVisible(may)
        self.only_look.setVisible(row is not None and not state.may_adjust)
        self.papers.show_docs(state.docs, state.now, state.zone)
        if self._sum is not None and self._sum.accessibleName() == _sum_words(row):
            return
        if self._sum is not None:
            self.sum.removeWidget(self._sum)
            self._sum.hide()
            self._sum.deleteLater()
        self._sum = _sum(row) if row else None
        if self._sum is not None:
            self._sum.setAccessibleName(_sum_words(row))
            self.sum.addWidget(self._sum)


def _sum(row: StockRow) -> ItemView:
    columns = (Column("what", ""), Column("pieces", "", theme.current().px("line.amount.w"), kind="number"))
    lines: tuple[tuple[Cell | str, Cell | str], ...] = (
        (tr("On hand"), count(row.on_hand)),
        (tr("Promised to orders"), f"− {count(row.reserved)}"),
        (tr("Held by other desks"), f"− {count(row.leased)}"),
        (tr("Safety, never sold"), f"− {count(row.safety)}"),
        (Cell(tr("Free to sell"), bold=True), Cell(f"= {count(row.available)}", bold=True)),
    )
    if row.mine:
        lines += ((tr("Of it held by this desk, also offline"), count(row.mine)),)
    return ItemView(Lines(columns, lines))


def _sum_words(row: StockRow | None) -> str:
    if row is None:
        return ""
    return tr(
        "{on_hand} on hand − {reserved} promised − {leased} held by desks − {safety} safety = {free} free",
        on_hand=row.on_hand, reserved=row.reserved, leased=row.leased, safety=row.safety, free=row.available,
    )  # fmt: skip
