"""Third step of the import wizard: which column fills which field, how sure, and the hand that overrules."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.imports import ColumnMatch, Join, Matching, lacking
from app.presenters.import_file import State
from widgets import theme
from widgets.controls import MarkLabel, Pane, caption, scroll
from widgets.evidence import ItemView, Lines
from widgets.fields import ComboField, Field
from widgets.import_options import Options
from widgets.import_words import TRUST, column_px
from widgets.prose import NOTE, SECTION, Prose
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, tr, trn

SAMPLES_MAX = 3
NOTHING = "–"


class ColumnsBody(QWidget):
    """A row for each column; the one under the keys is changed at the right."""

    picked = Signal(str)
    assigned = Signal(str)
    written_as = Signal(str)
    option_given = Signal(str, str)

    def __init__(self, wanted: Container[str]) -> None:
        """`wanted`: what a hand chose a moment ago; it stays as chosen until the hub has answered."""
        super().__init__()
        px = theme.current().px
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.2")
        self.table.setObjectName("import_file/columns")
        self.table.picked.connect(self.picked)
        self.table.opened.connect(lambda _key: self.change())
        self.missing = MarkLabel("", "", size="body", role="text")
        self.missing.setObjectName("import_file/missing")
        self.joins = Prose(style=NOTE)
        self.came = ListModel(())
        self.came_words = caption("")
        self.came_table = Table("", self.came, edge="space.2")
        self.came_table.setObjectName("import_file/came")
        self.came_table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.side = _Side(wanted)
        self.options = self.side.options
        self.options.answered.connect(self.option_given)
        self.side.field.answered.connect(self.assigned)
        self.side.reading.answered.connect(self.written_as)
        left = QVBoxLayout()
        left.setSpacing(px("space.2"))
        edge = px("space.5")
        above = QVBoxLayout()
        above.setContentsMargins(edge, 0, edge, 0)
        above.setSpacing(px("space.1"))
        above.addWidget(self.missing)
        above.addWidget(self.joins)
        rows = QVBoxLayout()
        rows.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        rows.setSpacing(px("space.2"))
        rows.addWidget(self.table, 3)
        rows.addWidget(self.came_words)
        rows.addWidget(self.came_table, 2)
        left.addLayout(above)
        left.addLayout(rows, 1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(0)
        self._parts.addLayout(left, 1)
        self._parts.addWidget(self.side)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        px = theme.current().px
        self.table.setAccessibleName(tr("Columns"))
        self.came_words.setText(tr("The rows as they came"))
        self.came_table.setAccessibleName(tr("The rows as they came"))
        self.model.columns = (
            Column("column", tr("Column of the file"), kind="strong"),
            Column("samples", tr("First values"), kind="muted"),
            Column("field", tr("Our field")),
            Column("reading", tr("Written as"), px("line.number.w")),
            Column("trust", tr("How sure"), px("history.delivery.w")),
        )
        self.table.show_model(self.model)
        self.side.say()

    def draw(self, state: State) -> None:
        """Show the columns and the one under the keys."""
        matching = state.matching
        has_many = len(state.files) > 1
        self.model.show_rows([_row(each, matching, has_many) for each in matching.columns])
        if state.column and self.table.current_key() != state.column:
            self.table.pick(state.column)
        if said := lacking(matching):
            self.missing.show_mark("stops", "\n".join(map(trn, said)), "bad", bold=True)
        else:
            self.missing.show_mark("met", _all_well(matching), "text", bold=False)
        self.joins.show_words("\n".join(join_words(each) for each in matching.joins))
        self.joins.setVisible(bool(matching.joins))
        self._draw_came(state)
        self.side.draw(state.match, matching)

    def _draw_came(self, state: State) -> None:
        """Beside columns that are to be mended stand the rows nobody could read."""
        look = state.look if state.case else None
        for part in (self.came_words, self.came_table):
            part.setVisible(look is not None)
        if look is None:
            return
        rows = look.lines[look.reading.header_row :]
        columns = tuple(
            Column(str(at), name, column_px(name, (row[at] for row in rows if at < len(row))))
            for at, name in enumerate(look.columns)
        )
        if columns != self.came.columns:
            self.came = ListModel(columns)
            self.came_table.show_model(self.came)
        self.came.show_rows([TableRow(str(at), row[: len(columns)]) for at, row in enumerate(rows)])

    def change(self) -> None:
        """Put the keys into the choice of the field."""
        self.side.field.setFocus()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = theme.current().px
        is_wide = self.width() >= px("detail.min.w") + px("evidence.w")
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if way != self._parts.direction():
            self._parts.setDirection(way)
        self.side.fit(is_wide=is_wide)


class _Side(Pane):
    """The column under the keys and how it is read; below, what is said of the files as a whole."""

    def __init__(self, wanted: Container[str]) -> None:
        super().__init__("alt", "left", "top")
        self._wanted = wanted
        px = theme.current().px
        self.heading, self.why = Prose(style=SECTION), MarkLabel("", "")
        self.values, self.whole = caption(""), caption("")
        self._lines: ItemView | None = None
        self.field, self.reading = ComboField(), ComboField()
        self.field_field = Field("import_file/field", "", "", self.field, width="quantity.w")
        self.reading_field = Field("import_file/written_as", "", "", self.reading, width="quantity.w")
        self.yours = Prose(style=NOTE)
        self.options = Options(wanted)
        self._shown: tuple[str, ...] = ()
        self._is_wide = True
        self.samples = QVBoxLayout()
        self._fields = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._fields.setSpacing(px("space.2"))
        self._fields.addWidget(self.field_field)
        self._fields.addWidget(self.reading_field)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.3"))
        box.setSpacing(px("space.2"))
        box.addWidget(self.heading)
        box.addWidget(self.why)
        box.addLayout(self._fields)
        box.addWidget(self.yours)
        box.addWidget(self.values)
        box.addLayout(self.samples)
        box.addSpacing(px("space.2"))
        box.addWidget(self.whole)
        box.addWidget(self.options)
        box.addStretch(1)
        fill = QVBoxLayout(self)
        line = px("line")
        fill.setContentsMargins(line, line, 0, 0)
        fill.addWidget(scroll(inside))

    def fit(self, *, is_wide: bool) -> None:
        """Stand at the right; where there is no room, below, with the fields side by side and no values."""
        px = theme.current().px
        self._is_wide = is_wide
        self.setMinimumWidth(px("evidence.w") if is_wide else 0)
        self.setMaximumWidth(px("evidence.w") if is_wide else px("window.w"))
        self.setMinimumHeight(0 if is_wide else 2 * px("empty.h"))
        self.setMaximumHeight(4 * px("window.h") if is_wide else 2 * px("empty.h"))
        way = QBoxLayout.Direction.TopToBottom if is_wide else QBoxLayout.Direction.LeftToRight
        self._fields.setDirection(way)
        self.options.lie(is_wide=is_wide)
        self._show_values()

    def _show_values(self) -> None:
        for part in (self.values, self._lines):
            if part is not None:
                part.setVisible(self._is_wide and bool(self._shown))

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.field_field.name_anew(tr("Our field"))
        self.reading_field.name_anew(tr("Written as"))
        self.values.setText(tr("First values"))
        self.whole.setText(tr("About the whole file"))

    def draw(self, match: ColumnMatch | None, matching: Matching) -> None:
        """Show one column, and what is said of all."""
        self.options.show_options(matching.options)
        self.whole.setVisible(bool(matching.options))
        for part in (self.field_field, self.why):
            part.setVisible(match is not None)
        self.heading.show_words(match.column if match is not None else tr("No columns"))
        if match is None:
            self.reading_field.hide()
            self._show_samples(())
            return
        mark, word = TRUST[trust(match, matching)]
        told = trn(match.why) if match.why is not None else ""
        self.why.show_mark(mark, tr("{field}: {why}", field=tr(word), why=told) if told else tr(word))
        self.yours.show_words(tr("Chosen by hand: no guess changes it. R lets Docket guess again."))
        self.yours.setVisible(match.trust == "manual" and self._is_wide)
        targets = {target.code: target for target in matching.targets}
        if "field" not in self._wanted and not self.field.view().isVisible():
            self.field.set_options(
                [("", _nothing_words(matching)), *((code, _title(matching, code)) for code in targets)]
            )
            self.field.set_answer(match.field)
        readings = targets[match.field].readings if match.field in targets else ()
        self.reading_field.setVisible(bool(readings))
        if "written_as" not in self._wanted and not self.reading.view().isVisible():
            self.reading.set_options([(code, tr(title)) for code, title in readings])
            self.reading.set_answer(match.reading)
        self._show_samples(match.samples)

    def _show_samples(self, samples: tuple[str, ...]) -> None:
        if samples == self._shown and self._lines is not None:
            return
        self._shown = samples
        if self._lines is not None:
            self.samples.removeWidget(self._lines)
            self._lines.hide()
            self._lines.deleteLater()
        self._lines = ItemView(Lines((Column("value", ""),), tuple((value or NOTHING,) for value in samples)))
        self.samples.addWidget(self._lines)
        self._show_values()


def trust(match: ColumnMatch, matching: Matching) -> str:
    """How sure a match is, for the eye: values nobody could read for sure are to be looked at."""
    if match.is_lost:
        return "lost"
    target = next((each for each in matching.targets if each.code == match.field), None)
    if match.why is not None and target is not None and target.readings and not match.reading:
        return "guess"
    if match.trust == "none" and matching.title:
        return "known"
    return match.trust


def _nothing_words(matching: Matching) -> str:
    """What it means that a column fills no field of itself."""
    return tr("As the report has it") if matching.title else tr("Leave out")


def _all_well(matching: Matching) -> str:
    """Why one may go on."""
    if matching.title:
        return tr("Docket knows this report: {title}. Nothing needs a choice.", title=tr(matching.title))
    if matching.is_kept:
        return tr("Every required field is filled, as in an earlier file with these columns.")
    return tr("Every required field is filled.")


def join_words(join: Join) -> str:
    """How two files were put together, and what found no partner."""
    return tr(
        "{left} and {right} go together by {keys}: {matched} found each other, "
        "{left_alone} and {right_alone} rows stay alone",
        left=join.left,
        right=join.right,
        keys=" = ".join(dict.fromkeys(join.keys)),
        matched=count(join.matched),
        left_alone=count(join.left_alone),
        right_alone=count(join.right_alone),
    )


def _row(match: ColumnMatch, matching: Matching, has_many: bool) -> TableRow:
    mark, word = TRUST[trust(match, matching)]
    name = f"{match.column} · {match.file}" if has_many else match.column
    samples = " · ".join(value for value in match.samples[:SAMPLES_MAX] if value)
    field: str | Cell = _title(matching, match.field) if match.field else NOTHING
    if not match.field and trust(match, matching) == "known":
        field = Cell(_nothing_words(matching), role="text3")
    cells = (name, samples, field, _written(match, matching), Cell(tr(word), mark))
    return TableRow(match.key, cells)


def _title(matching: Matching, code: str) -> str:
    target = next((each for each in matching.targets if each.code == code), None)
    if target is None:
        return code
    return tr("{field} (required)", field=tr(target.title)) if target.is_required else tr(target.title)


def _written(match: ColumnMatch, matching: Matching) -> str:
    target = next((each for each in matching.targets if each.code == match.field), None)
    return tr(dict(target.readings).get(match.reading, "")) if target is not None else ""
