"""Stock: what lies where, what is free, and why; a count is corrected with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, StockRow
from app.presenters.stock import State, Stock, arriving
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane, scroll
from widgets.empty import EmptyState
from widgets.fields import TextField
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.shelf_side import CORRECT, ShelfSide
from widgets.splits import Split, Splits
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, tr

_UP_DOWN: Final = N_("Up and down")
_PRINT: Final = N_("Print bin label")
_WHY: Final = N_("Why this number")
_EXPIRES: Final = N_("What expires, or all")
_ROWS: Final = N_("{rows} rows")
_EXPIRING: Final = N_("{rows} rows that expire soon or may not be sold, X shows all")
_FIRST_ROWS: Final = N_("First {rows} rows, type more to narrow")


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
        self.side = ShelfSide()
        self.side.asked.clicked.connect(self.submit)
        self.side.reason.returnPressed.connect(self.submit)
        self.side.claims.opened.connect(self._open_claim)
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
        if self._state.can_adjust:
            keys.append(Key("A", tr(CORRECT), self._correct))
        keys.append(Key("X", tr(_EXPIRES), self._turn_to_expiring))
        if self._state.row is not None:
            keys.append(Key("W", tr(_WHY), self._ask_why))
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
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, Mapping) else {}
        if "sku" not in asked:
            super().opened(args)
            return
        with QSignalBlocker(self.filter):
            self.filter.setText(asked["sku"])
        self.latest("look_at", lambda: self._look_at(asked["warehouse"], asked["sku"]))

    @override
    def back(self) -> bool:
        if self.side.claims.has_keys():
            self.table.setFocus()
            return True
        if self.filter.text():
            self.filter.clear()
            return True
        return super().back()

    @override
    def submit(self) -> None:
        if self._state.can_adjust and self._state.row is not None:
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
                Column("leased", tr("Kept"), small, kind="number"),
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
        if state.expires:
            shown = _EXPIRING
        self.fact.show_words(tr(shown, rows=rows) if state.is_loaded else "")
        houses = [Split(code, title) for code, title in state.warehouses]
        self.splits.show_splits([Split("", tr("All warehouses")), *houses], state.warehouse)
        self.model.show_rows([_row(row, state.drafts) for row in state.rows])
        if state.row is not None and self.table.current_key() != _key(state.row):
            self.table.pick(_key(state.row))
        self.table.setVisible(bool(state.rows))
        if state.rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not state.rows)
        if not state.is_loaded:
            self.empty.show_words("clock", tr("Reading the stock"))
        elif state.expires:
            self.empty.show_words("stock", tr("Nothing expires soon"), tr("X shows all."))
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
        elif form == "count_sheet":
            self.go("guide", form=form, **({"warehouse": row.warehouse} if row is not None else {}))
        elif form == "receive_transfer":
            doc = arriving(self._state.docs)
            self.go("guide", form=form, doc=doc.id if doc is not None else "")
        elif form and row is not None:
            self.go("guide", form=form, stock=_key(row))

    def _turn_to_expiring(self) -> None:
        self.latest("expires", self.presenter.turn_to_expiring)

    def _correct(self) -> None:
        if self._state.can_adjust:
            self.side.delta.setFocus()
            self.side.delta.selectAll()

    def _ask_why(self) -> None:
        self.once("why", self._why)

    async def _why(self) -> None:
        await self.presenter.ask_why()
        self._to_claims()

    async def _look_at(self, warehouse: str, sku: str) -> None:
        await self.presenter.look_at(warehouse, sku)
        self._to_claims()

    def _to_claims(self) -> None:
        if self._state.claims:
            self.side.claims.focus_first()

    def _open_claim(self, key: str) -> None:
        """Go to the order, the papers or the policy behind a line."""
        claim = next((one for one in self._state.claims if one.key == key), None)
        if claim is not None and claim.order:
            self.go("order", id=claim.order)
        elif claim is not None and claim.kind == "way":
            self._act("guide/receive_transfer")
        elif claim is not None and claim.kind == "coming":
            self._act("guide/move_arrival")
        elif claim is not None and claim.kind == "shop":
            self.go("settings", section="settings_stock")

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


def _title(row: StockRow, drafts: frozenset[str]) -> str:
    return tr("{title}, a draft", title=row.title) if row.sku in drafts else row.title


def _row(row: StockRow, drafts: frozenset[str]) -> TableRow:
    free = Cell(count(row.available), bold=True)
    if not row.available:
        free = Cell("0", "stops", bold=True, role="bad")
    on_hand = Cell(count(row.on_hand), "waits") if row.counting else count(row.on_hand)
    return TableRow(
        _key(row),
        (
            row.warehouse_title, row.bin or "–", row.sku, _title(row, drafts),
            on_hand, count(row.reserved), count(row.leased), count(row.safety), free,
        ),
    )  # fmt: skip
