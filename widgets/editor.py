"""A section that lists what a company is set up with and edits one of it; who may not, reads facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.editor import Editor, Input, Item, State
from app.ports import Changes
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.choices import Check
from widgets.controls import Button, MarkLabel, Pane
from widgets.empty import EmptyState
from widgets.facts import Fact, Facts
from widgets.fields import ComboField, Control, Field, LinesField, NumberField, TextField
from widgets.keys import Key
from widgets.many import ManyField
from widgets.password_field import PasswordField
from widgets.prose import HEADING, NOTE, SECTION, Prose, Span
from widgets.screen_page import Go
from widgets.section import SectionPage
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import named, tr, trn

NEW_KEY: Final = "N"
_WIDTHS: Final = {"many": "detail.min.w", "lines": "guide.field.w"}
_LINES: Final = 6
ROWS_SHOWN: Final = 8
"""A longer list scrolls by itself, so that the form stays in sight."""


class CheckField(Check):
    """One box of its own that answers like every other control."""

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__("")
        self.clicked.connect(lambda _=False: self.answered.emit(self.answer()))

    def answer(self) -> str:
        """One, or nothing."""
        return "1" if self.isChecked() else ""

    def set_answer(self, value: str) -> None:
        """Tick without telling anyone."""
        self.setChecked(bool(value))


class EditorPage(SectionPage[State]):
    """Subclasses name themselves; rows above, the form of one row below, its keys in a bar."""

    name: ClassVar[str] = ""
    code_title: ClassVar[str] = N_("Code")
    title_title: ClassVar[str] = N_("Title")
    new_title: ClassVar[str] = N_("New")
    code_quarters: ClassVar[int] = 4
    state_quarters: ClassVar[int] = 4
    """How wide its codes and the words of its states are, in quarters of a short column."""
    is_listed: ClassVar[bool] = True
    empty_icon: ClassVar[str] = "list"
    empty_words: ClassVar[str] = ""
    empty_line: ClassVar[str] = ""
    """Where the rows come from, in a section that adds none."""
    words_of_ours: ClassVar[bool] = False
    """Its rows have names of the program, which are translated, and not names somebody gave."""

    def __init__(self, presenter: Editor, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self._built: tuple[object, ...] = ()
        self._fields: dict[str, Field] = {}
        self.heading, self.form_heading = Prose(style=SECTION), Prose(style=SECTION)
        self.model = ListModel(())
        self.table = Table("", self.model)
        self.table.setObjectName(f"{self.code}/list")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _code: self._into_form())
        self.empty = EmptyState(self.empty_icon)
        self.facts, self.closed_note = Facts("", ruled=True), MarkLabel("", "", role="text2")
        self.says = MarkLabel("", "", size="body", role="text")
        self.form = QWidget()
        self._rows = QVBoxLayout(self.form)
        self._rows.setContentsMargins(0, px("space.2"), 0, 0)
        self._rows.setSpacing(px("space.2"))
        if self.is_listed:
            self.add_part(self.table, self.empty, heading=self.heading)
        self._line = self.add_part(self.closed_note, self.facts, self.form, heading=self.form_heading)
        self.column.addStretch(1)
        self.save = Button("", "Ctrl+Enter", "primary")
        self.save.setObjectName(f"{self.code}/save")
        self.save.clicked.connect(self.submit)
        self.new = Button("", NEW_KEY)
        self.new.setObjectName(f"{self.code}/new")
        self.new.clicked.connect(self._add)
        self.why = Prose(style=NOTE, wraps=False)
        self.bar = Pane("alt", "top")
        self.keys_row = QHBoxLayout(self.bar)
        self.keys_row.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        self.keys_row.setSpacing(px("space.2"))
        self.bar.setFixedHeight(px("action.h"))
        self.keys_row.addWidget(self.save)
        self.keys_row.addWidget(self.new)
        self.keys_row.addWidget(self.why)
        self.keys_row.addStretch(1)
        self.add_bar(self.says_bar())
        self.add_bar(self.bar)
        self.lay_out_more()
        self.begin()

    def lay_out_more(self) -> None:
        """Put in what only this section has."""

    def says_bar(self) -> QWidget:
        """The line over the keys that says what the answers would mean."""
        px = theme.current().px
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(px("space.5"), px("space.1"), px("space.5"), px("space.1"))
        row.addWidget(self.says)
        self._says_line = line
        return line

    # what the frame asks

    @override
    def title(self) -> str:
        return tr(self.name)

    @override
    def keys(self) -> Sequence[Key]:
        return (Key(NEW_KEY, tr(self.new_title), self._add),) if self._state.may_add else ()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.new.set_alt(needed)

    @override
    def focus_first(self) -> None:
        if self.is_listed and self._state.items:
            self.table.setFocus()
        elif not self._focus_field():
            self.setFocus()

    @override
    def submit(self) -> None:
        if self._state.may:
            self.once("save", self.presenter.save)

    @override
    def back(self) -> bool:
        if not (self._state.is_changed or self._state.is_new):
            return False
        self.once("drop", self.presenter.drop)
        return True

    @override
    def step(self, by: int) -> None:
        if self.is_listed and self.table.hasFocus():
            self.table.step(by)
        else:
            super().step(by)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.heading.show_words(tr(self.name))
        self.table.setAccessibleName(tr(self.name))
        self.facts.setAccessibleName(tr(self.name))
        for button, words in ((self.save, N_("Publish")), (self.new, self.new_title)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))
            button.updateGeometry()
        self.model = ListModel(
            (
                Column(
                    "code", tr(self.code_title), px("line.number.w") * self.code_quarters // 4, kind="strong"
                ),
                Column("title", tr(self.title_title)),
                Column("note", tr("In short")),
                Column("state", "", px("line.number.w") * self.state_quarters // 4, kind="mark"),
            )
        )
        self.table.show_model(self.model)
        self._built = ()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.model.show_rows([_row(item, self._called(item)) for item in state.items])
        self.table.setVisible(self.is_listed and bool(state.items))
        px = theme.current().px
        rows = min(len(state.items), ROWS_SHOWN)
        self.table.setFixedHeight(px("row.head") + rows * px("row.table"))
        if state.items and not state.is_new and self.table.current_key() != state.here:
            self.table.pick(state.here)
        first = tr("{key} makes the first one.", key=NEW_KEY) if state.may_add else tr(self.empty_line)
        self.empty.show_words(self.empty_icon, tr(self.empty_words), first)
        self.empty.setVisible(self.is_listed and state.is_loaded and not (state.items or state.is_new))
        item = next((item for item in state.items if item.code == state.here), None)
        titled = (f"{self._called(item)}  ", Span(item.code, role="text3")) if item and item.title else ""
        self.form_heading.show_words(tr(self.new_title) if state.is_new else titled or tr(self.name))
        self.form_heading.setVisible(bool(state.inputs))
        if self._line is not None:
            self._line.setVisible(bool(state.inputs) or not state.may)
        self.closed_note.show_mark("", trn(state.why_closed) if state.why_closed else "")
        self.closed_note.setVisible(state.is_loaded and not state.may)
        self.facts.setVisible(not state.may)
        self.form.setVisible(state.may)
        if state.may:
            self._draw_form(state)
        else:
            self.facts.show_facts([Fact(tr(each.label), shown(each)) for each in state.inputs])
        self._draw_bar(state)
        self.offer(state.undo, self.presenter.undo)

    def _called(self, item: Item) -> str:
        return tr(item.title) if self.words_of_ours else named(item.title)

    def _draw_bar(self, state: State) -> None:
        self.bar.setVisible(state.may)
        self.new.setVisible(state.may_add)
        reason = "" if state.is_changed or state.is_new else tr("Nothing changed yet")
        if state.off is not None:
            reason = trn(state.off)
        self.save.set_off(reason)
        self.save.setVisible(bool(state.inputs))
        self.why.show_words(reason if state.inputs else "")
        says = " ".join(trn(text) for text in state.says)
        self.says.show_mark("not_yet", says)
        self._says_line.setVisible(bool(says))

    def _draw_form(self, state: State) -> None:
        shape = tuple((each.name, each.kind, each.options, each.is_fixed) for each in state.inputs)
        if shape != self._built:
            self._build(state.inputs)
            self._built = shape
        for each in state.inputs:
            field = self._fields[each.name]
            control = field.control
            if answer_of(control) != each.value:
                set_answer_of(control, each.value)
            field.set_state("error" if each.error else "", trn(each.error) if each.error else "")

    def _build(self, inputs: Sequence[Input]) -> None:
        had = self.form.focusWidget()
        name = had.objectName() if had is not None and had.hasFocus() else ""
        while (part := self._rows.takeAt(0)) is not None:
            if (widget := part.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = {}
        group = ""
        for each in inputs:
            if each.group != group:
                group = each.group
                self._rows.addWidget(Prose(tr(group), HEADING))
            field = self._field(each)
            self._fields[each.name] = field
            self._rows.addWidget(field)
        if name:
            again = self.form.findChild(QWidget, name)
            if again is not None:
                again.setFocus()

    def _field(self, each: Input) -> Field:
        control = control_for(each)
        width = _WIDTHS.get(each.kind, "field.w")
        hint = trn(each.hint) if each.hint else ""
        field = Field(f"{self.code}/{each.name}", tr(each.label), hint, control, width=width)
        if isinstance(control, ManyField):
            control.name_boxes(f"{self.code}/{each.name}")
        if isinstance(control, TextField) and each.unit:
            control.set_aside(tr(each.unit))
        if isinstance(control, CheckField):
            control.setText(tr("yes"))
        control.setEnabled(not each.is_fixed)
        answered: Signal = control.answered  # type: ignore[attr-defined]
        answered.connect(lambda value, name=each.name: self._answer(name, value))  # type: ignore[attr-defined]
        return field

    def _answer(self, name: str, value: str) -> None:
        self.latest(f"answer-{name}", lambda: self.presenter.answer(name, value))

    def _pick(self, code: str) -> None:
        if code and not self.is_drawing:
            self.latest("choose", lambda: self.presenter.choose(code))

    def _add(self) -> None:
        self.once("add", self._add_and_fill)

    async def _add_and_fill(self) -> None:
        await self.presenter.add()
        self._focus_field()

    def _into_form(self) -> None:
        self._focus_field()

    def _focus_field(self) -> bool:
        field = next((f for f in self._fields.values() if f.control.isEnabled()), None)
        if field is None or not self._state.may:
            return False
        field.control.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(field)
        return True


Maker = Callable[[Input], QWidget]
_MAKERS: Final[dict[str, Maker]] = {
    "text": lambda _each: TextField(),
    "lines": lambda _each: LinesField(lines=_LINES),
    "secret": lambda _each: PasswordField(),
    "number": lambda each: NumberField(each.least, each.most, tr(each.unit)),
    "combo": lambda each: ComboField([(code, trn(label)) for code, label in each.options]),
    "many": lambda each: ManyField([(code, trn(label)) for code, label in each.options]),
    "check": lambda _each: CheckField(),
}


def control_for(each: Input) -> QWidget:
    """Make the control of a kind of input."""
    return _MAKERS[each.kind](each)


def answer_of(control: QWidget) -> str:
    """What stands in a control."""
    answering: Control = control  # type: ignore[assignment]
    return answering.answer()


def set_answer_of(control: QWidget, value: str) -> None:
    """Show a value that nobody typed."""
    answering: Control = control  # type: ignore[assignment]
    answering.set_answer(value)


def shown(each: Input) -> str:
    """An answer in words, for those who only read it."""
    options = {code: trn(label) for code, label in each.options}
    match each.kind:
        case "check":
            return tr("yes") if each.value else tr("no")
        case "secret":
            return "•••" if each.hint is not None else "–"
        case "many":
            return ", ".join(options[code] for code in each.value.split() if code in options) or "–"
        case "combo":
            return options.get(each.value, each.value) or "–"
        case _:
            unit = f" {tr(each.unit)}" if each.unit else ""
            return f"{each.value}{unit}" if each.value else "–"


def _row(item: Item, called: str) -> TableRow:
    state = Cell(trn(item.state), item.mark) if item.state is not None else ""
    note = trn(item.note) if item.note else ""
    return TableRow(item.code, (item.code, called, note, state))
