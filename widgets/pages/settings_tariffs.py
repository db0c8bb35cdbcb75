"""Fares of carriers out of a sheet: the file, its columns, its rows as understood, then one key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget
from typing_extensions import override

from app.domain.carrier_rows import fare_row
from app.domain.tariff_sheet import COLUMNS, SheetRow
from app.ports import Changes
from app.presenters.settings_tariffs import SettingsTariffs, State, Told
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel, Pane
from widgets.empty import EmptyState
from widgets.fields import ComboField, Field
from widgets.file_dialog import ask_files
from widgets.keys import Key
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, tr, trn

_CHOOSE: Final = N_("Choose a file")
_PUBLISH: Final = N_("Publish")
_PARTS: Final = (
    N_("Price table"),
    N_("Columns"),
    N_("First rows as understood"),
    N_("Rows that are no fare"),
)
_COLUMNS_WIDE: Final = 3
_ROWS_SHOWN: Final = 10
SAMPLE_MOST: Final = 24
_KEEPS: Final = (("1", N_("Other fares stay")), ("", N_("They take the place of all")))


class SettingsTariffsPage(SectionPage[State]):
    """The file on top, a choice of column for each field, the rows below."""

    code = "settings_tariffs"
    help_topic = "tariffs"

    def __init__(self, presenter: SettingsTariffs, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._dialog: QFileDialog | None = None
        px = theme.current().px
        self.headings = [heading() for _ in _PARTS]
        self.about, self.fact = Prose(style=NOTE), MarkLabel("", "", size="body", role="text")
        self.choose = Button("", "Ctrl+O")
        self.choose.setObjectName(f"{self.code}/choose")
        self.choose.clicked.connect(self._ask)
        self.empty = EmptyState("truck")
        self.sheet, self.carrier, self.keeps = ComboField(), ComboField(), ComboField()
        self.sheet.answered.connect(self._turn)
        self.carrier.answered.connect(presenter.choose_carrier)
        self.keeps.answered.connect(presenter.keep)
        self.asked = {
            name: Field(f"{self.code}/{name}", "", "", control, width="quantity.w")
            for name, control in (("sheet", self.sheet), ("whose", self.carrier), ("keeps", self.keeps))
        }
        self.columns = {field: ComboField() for field in COLUMNS}
        self.fields: dict[str, Field] = {}
        for field, combo in self.columns.items():
            combo.answered.connect(partial(presenter.assign, field))
            self.fields[field] = Field(f"{self.code}/{field}", "", "", combo, width="quantity.w")
        self.rows, self.wrong = ListModel(()), ListModel(())
        self.table, self.wrong_table = Table("", self.rows), Table("", self.wrong)
        self.table.setObjectName(f"{self.code}/rows")
        self.wrong_table.setObjectName(f"{self.code}/wrong")
        self.changes = [MarkLabel("", "", size="body", role="text") for _ in range(_ROWS_SHOWN)]
        self.add_part(self.about, _row(self.choose), self.fact, self.empty, heading=self.headings[0])
        self._lines = (
            self.add_part(
                _row(*self.asked.values()), _grid([*self.fields.values()]), heading=self.headings[1]
            ),
            self.add_part(self.table, *self.changes, heading=self.headings[2]),
            self.add_part(self.wrong_table, heading=self.headings[3]),
        )
        self.column.addStretch(1)
        self.save = Button("", "Ctrl+Enter", "primary")
        self.save.setObjectName(f"{self.code}/save")
        self.save.clicked.connect(self.submit)
        self.why = Prose(style=NOTE, wraps=False)
        self.bar = Pane("alt", "top")
        keys = QHBoxLayout(self.bar)
        keys.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        keys.setSpacing(px("space.2"))
        self.bar.setFixedHeight(px("action.h"))
        keys.addWidget(self.save)
        keys.addWidget(self.why)
        keys.addStretch(1)
        self.add_bar(self.bar)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Price tables")

    @override
    def keys(self) -> Sequence[Key]:
        return (Key("Ctrl+O", tr(_CHOOSE), self._ask),)

    @override
    def focus_first(self) -> None:
        self.choose.setFocus()

    @override
    def submit(self) -> None:
        self.once("save", self.presenter.save)

    @override
    def step(self, by: int) -> None:
        table = next((one for one in (self.table, self.wrong_table) if one.hasFocus()), None)
        if table is not None:
            table.step(by)
        else:
            super().step(by)

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        for head, words in zip(self.headings, _PARTS, strict=True):
            head.show_words(tr(words))
        self.about.show_words(
            tr("A sheet with a row for each place: carrier, from, to, price of the first and further weight.")
        )
        for button, words in ((self.choose, _CHOOSE), (self.save, _PUBLISH)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))
            button.updateGeometry()
        self.empty.show_words("truck", tr("No sheet chosen yet"), tr("{key} chooses one.", key="Ctrl+O"))
        self.asked["sheet"].name_anew(tr("Sheet"))
        self.asked["whose"].name_anew(tr("Whose table"), tr("Where no column names the carrier."))
        self.asked["keeps"].name_anew(tr("Fares it does not name"))
        self.keeps.set_options([(code, tr(title)) for code, title in _KEEPS])
        for field, column in COLUMNS.items():
            name = tr(column.title)
            self.fields[field].name_anew(tr("{field} (required)", field=name) if column.is_required else name)
        number = Column("row", tr("Row"), px("line.number.w"), kind="number")
        self.rows = ListModel(
            (
                number,
                Column("carrier", tr("Carrier"), px("line.number.w"), kind="strong"),
                Column("fare", tr("Fare")),
                Column("more", tr("Fares"), px("line.number.w"), kind="number"),
            )
        )
        self.wrong = ListModel((number, Column("why", tr("Reason")), Column("cells", tr("Row as it stands"))))
        self.table.show_model(self.rows)
        self.wrong_table.show_model(self.wrong)
        self.table.setAccessibleName(tr(_PARTS[2]))
        self.wrong_table.setAccessibleName(tr(_PARTS[3]))

    @override
    def draw(self, state: State) -> None:
        self._state = state
        is_there = bool(state.header)
        self.choose.set_off(trn(state.off) if state.off is not None else "")
        self._draw_fact(state)
        self.empty.setVisible(state.is_loaded and not is_there)
        for head in self.headings[1:3]:
            head.setVisible(is_there)
        self._draw_columns(state, is_there=is_there)
        self.rows.show_rows([_shown(row, state) for row in state.rows])
        self.wrong.show_rows([_wrong(row) for row in state.wrong])
        for table, rows in ((self.table, state.rows), (self.wrong_table, state.wrong)):
            px = theme.current().px
            table.setFixedHeight(px("row.head") + min(len(rows), _ROWS_SHOWN) * px("row.table"))
            table.setVisible(bool(rows))
        self.headings[3].setVisible(bool(state.wrong))
        for rule, is_used in zip(self._lines, (is_there, is_there, bool(state.wrong)), strict=True):
            if rule is not None:
                rule.setVisible(is_used)
        for at, line in enumerate(self.changes):
            words = _told(state.told[at]) if at < len(state.told) else ""
            line.show_mark("met" if words else "", words)
            line.setVisible(bool(words))
        stop = state.stop()
        self.save.set_off(trn(stop) if stop is not None else "")
        self.why.show_words(trn(stop) if stop is not None else "")
        self.bar.setVisible(is_there)
        self.offer(state.undo, self.presenter.undo)

    def _draw_fact(self, state: State) -> None:
        rows, good, fares = state.counts
        said = ""
        if state.busy is not None:
            said = trn(state.busy)
        elif state.header:
            said = tr(
                "{name}: {rows} rows, {good} of them {fares} fares",
                name=state.name, rows=count(rows), good=count(good), fares=count(fares),
            )  # fmt: skip
        mark = "waits" if state.wrong else "met"
        self.fact.show_mark(mark if said and state.busy is None else "", said)
        self.fact.setVisible(bool(said))

    def _draw_columns(self, state: State, *, is_there: bool) -> None:
        self.asked["sheet"].setVisible(is_there and len(state.sheets) > 1)
        _offer(self.sheet, [(name, name) for name in state.sheets], state.sheet)
        self.asked["whose"].setVisible(is_there and state.columns.get("carrier", -1) < 0)
        _offer(self.carrier, [("", tr("Nobody yet")), *state.carriers], state.carrier)
        self.asked["keeps"].setVisible(is_there)
        self.keeps.set_answer("1" if state.keeps else "")
        offered = [("", tr("No column")), *((str(at), name) for at, name in enumerate(state.header))]
        for field, combo in self.columns.items():
            at = state.columns.get(field, -1)
            self.fields[field].setVisible(is_there)
            _offer(combo, offered, str(at) if at >= 0 else "")
            is_missing = COLUMNS[field].is_required and at < 0
            sample = state.samples[at][:SAMPLE_MOST] if 0 <= at < len(state.samples) else ""
            self.fields[field].set_state("error" if is_missing else "", "" if is_missing else sample)

    def _ask(self) -> None:
        if self._state.off is None:
            kinds = (tr("Tables (*.csv *.tsv *.txt *.xlsx *.xls)"), tr("All files (*)"))
            self._dialog = ask_files(self, tr(_CHOOSE), self._state.folder, kinds, self._take)

    def _take(self, paths: list[str]) -> None:
        if paths:
            self.once("take", lambda: self.presenter.take(paths[0]))

    def _turn(self, sheet: str) -> None:
        self.latest("sheet", lambda: self.presenter.turn_to(sheet))


def _row(*parts: QWidget) -> QWidget:
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        box.addWidget(part)
    box.addStretch(1)
    return line


def _grid(fields: Sequence[Field]) -> QWidget:
    px = theme.current().px
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px("space.4"))
    grid.setVerticalSpacing(px("space.2"))
    for at, field in enumerate(fields):
        grid.addWidget(field, at // _COLUMNS_WIDE, at % _COLUMNS_WIDE)
    return inside


def _offer(combo: ComboField, options: list[tuple[str, str]], value: str) -> None:
    """Offer answers; a list somebody holds open stays as it is."""
    if combo.view().isVisible():
        return
    if [combo.itemText(at) for at in range(combo.count())] != [words for _, words in options]:
        combo.set_options(options)
    combo.set_answer(value)


def _shown(row: SheetRow, state: State) -> TableRow:
    if row.problem is not None:
        words = Cell(trn(row.problem), "stops", role="bad")
        return TableRow(str(row.row_no), (Cell(str(row.row_no), "stops", role="bad"), "", words, ""))
    fare = fare_row(row.fares[0], state.money.get(row.carrier, "CNY"))
    title = dict(state.carriers).get(row.carrier, row.carrier)
    return TableRow(str(row.row_no), (str(row.row_no), title, fare, count(len(row.fares))))


def _wrong(row: SheetRow) -> TableRow:
    why = trn(row.problem) if row.problem is not None else ""
    return TableRow(str(row.row_no), (str(row.row_no), why, " · ".join(filter(None, row.cells))))


def _told(told: Told) -> str:
    return tr(
        "{carrier}: {fresh} fares new, {changed} changed, {gone} gone; {total} in all",
        carrier=told.title, fresh=count(told.fresh), changed=count(told.changed), gone=count(told.gone),
        total=count(told.total),
    )  # fmt: skip
