"""How a channel is read: a real record, the values that say how, and the order it makes, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFileDialog, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.mending import BLOCKS, MADE, Leaf
from app.ports import Changes
from app.presenters.mend_channel import MendChannel, State
from app.text import N_
from app.trouble import Trouble
from widgets import folders, theme
from widgets.action_bar import PLAIN, PRIMARY, QUIET, Action, ActionBar
from widgets.aio import Tasks
from widgets.controls import MarkLabel, Pane
from widgets.drag_table import DragTable, key_at
from widgets.fields import ComboField, Field
from widgets.file_dialog import ask_files
from widgets.inputs import TextField
from widgets.keys import Key, types_text
from widgets.prose import META, SECTION, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import named, tr, trn

FILE_MOST: Final = 240_000
_UP_DOWN: Final = N_("Up and down")


class MendChannelPage(ScreenPage[State]):
    """Three tables beside each other; below, the value under the keys, and what is done with all of it."""

    code = "mend_channel"
    help_topic = "channels"

    def __init__(self, presenter: MendChannel, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._dialog: QFileDialog | None = None
        self.fact = Prose("", META, wraps=False)
        self.sample_model, self.leaf_model = ListModel(()), ListModel(())
        self.made_model, self.version_model = ListModel(()), ListModel(())
        self.sample = DragTable("", self.sample_model)
        self.leaves = Table("", self.leaf_model)
        self.made, self.versions = Table("", self.made_model), Table("", self.version_model)
        for name in ("sample", "leaves", "made", "versions"):
            getattr(self, name).setObjectName(f"{self.code}/{name}")
        self.sample.picked.connect(self._pick(presenter.choose_bit))
        self.sample.opened.connect(lambda _key: self._put())
        self.leaves.picked.connect(self._pick(presenter.choose_leaf))
        self.leaves.opened.connect(lambda _key: self.value.setFocus())
        self.sample.moved.connect(self._hover)
        self.sample.let_go.connect(self._let_go)
        self.versions.picked.connect(self._pick(lambda key: presenter.choose_version(int(key))))
        self._fields()
        self.heads = {name: Prose(style=SECTION) for name in ("sample", "leaves", "made", "versions")}
        self.bar = ActionBar(self.code)
        self._lay_out()
        self.begin()

    def _fields(self) -> None:
        self.block = ComboField()
        self.block.answered.connect(self.presenter.show_block)
        self.block_field = Field(f"{self.code}/block", "", "", self.block, width="quantity.w")
        self.value = TextField()
        self.value.returnPressed.connect(self._type)
        self.value_field = Field(f"{self.code}/value", "", "", self.value)
        self.more = TextField()
        self.more.returnPressed.connect(self._add)
        self.more_field = Field(f"{self.code}/more", "", "", self.more, width="quantity.w")
        self.odd = MarkLabel("", "", size="body", role="text")
        self.odd.setObjectName(f"{self.code}/odd")

    def _lay_out(self) -> None:
        px = theme.current().px
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setSpacing(px("space.4"))
        self._parts.addLayout(self._column("sample", self.sample), 3)
        fields = self.value_field, self.more_field
        self._parts.addLayout(self._column("leaves", self.block_field, self.leaves, *fields), 4)
        self._parts.addLayout(self._right(), 3)
        sheet = Pane("base")
        inside = QVBoxLayout(sheet)
        edge = px("space.5")
        inside.setContentsMargins(edge, px("space.4"), edge, px("space.2"))
        inside.setSpacing(px("space.2"))
        inside.addLayout(self._parts, 1)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.setSpacing(0)
        fill.addWidget(sheet, 1)
        fill.addWidget(self.notice)
        fill.addWidget(self.bar)

    def _column(self, name: str, *parts: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.current().px("space.1"))
        column.addWidget(self.heads[name])
        for part in parts:
            column.addWidget(part, 1 if isinstance(part, Table) else 0)
        return column

    def _right(self) -> QVBoxLayout:
        column = self._column("made", self.odd, self.made)
        column.addLayout(self._column("versions", self.versions), 1)
        return column

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("How a channel is read")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self._step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self._step(-1), repeats=True),
            *self.bar.keys(),
            Key("Esc", tr("Leave, nothing is kept"), self.leaving.emit, when=_types_nothing),
        )

    @override
    def opened(self, args: object) -> None:
        super().opened(args)
        shop = str(args.get("shop", "")) if isinstance(args, dict) else ""
        if shop:
            self.once("open", lambda: self.presenter.open(shop))

    @override
    def focus_first(self) -> None:
        self.leaves.setFocus()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = theme.current().px
        is_wide = self.width() >= px("detail.min.w") + px("evidence.w")
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(way)

    @override
    def say(self) -> None:
        px = theme.current().px
        words = {
            "sample": tr("A real record"),
            "leaves": tr("What says how it is read"),
            "made": tr("The order it makes"),
            "versions": tr("Versions"),
        }
        for name, said in words.items():
            self.heads[name].show_words(said)
            getattr(self, name).setAccessibleName(said)
        self.block.set_options([(code, tr(title)) for code, title in BLOCKS.items()])
        self.block_field.name_anew(tr("Block"))
        self.value_field.name_anew(tr("Value"))
        self.more_field.name_anew(tr("One more key"))
        self.sample_model = ListModel(
            (Column("key", tr("Field"), kind="strong"), Column("value", tr("Value"), kind="muted"))
        )
        self.leaf_model = ListModel(
            (
                Column("key", tr("Item"), kind="strong"),
                Column("value", tr("Value")),
                Column("state", tr("State"), px("line.number.w"), kind="mark"),
            )
        )
        self.made_model = ListModel(
            (Column("key", tr("Our field"), px("line.number.w")), Column("value", tr("Value"), kind="strong"))
        )
        self.version_model = ListModel(
            (
                Column("n", tr("Version"), px("line.number.w") // 2, kind="number"),
                Column("by", tr("Who"), px("line.number.w") * 3 // 4),
                Column("changed", tr("Changed"), kind="muted"),
            )
        )
        for table, model in (
            (self.sample, self.sample_model),
            (self.leaves, self.leaf_model),
            (self.made, self.made_model),
            (self.versions, self.version_model),
        ):
            table.show_model(model)

    @override
    def draw(self, state: State) -> None:
        before, self._state = self._state, state
        found, here = state.mending, state.here
        title = named(found.title) if found is not None else ""
        self.fact.show_words(f"{named(state.title)}  {title}")
        self.block.set_answer(state.block)
        self.sample_model.show_rows(
            [TableRow(one.key, (one.key, one.value)) for one in (found.sample if found else ())]
        )
        self.leaf_model.show_rows([_row(one, state.block) for one in state.leaves])
        self.made_model.show_rows(
            [TableRow(one.key, (made_words(one.key), one.value)) for one in (found.made if found else ())]
        )
        self.version_model.show_rows(
            [
                TableRow(str(one.n), (str(one.n), one.by or tr("before"), ", ".join(one.changed) or "–"))
                for one in (found.versions if found else ())
            ]
        )
        for table, key in ((self.sample, state.bit), (self.leaves, state.leaf)):
            if key and table.current_key() != key:
                table.pick(key)
        odd = (found.wrong[0].text if found.wrong else next(iter(found.odd), None)) if found else None
        self.odd.show_mark("stops" if odd is not None else "met", trn(odd) if odd else tr("It can be read."))
        if here is None or before.leaf != state.leaf or here.value != _leaf(before):
            self.value.set_answer(here.value.strip('"') if here is not None else "")
        self.value.setEnabled(here is not None and not here.is_locked and state.off is None)
        said = trn(state.wrong) if state.wrong is not None else ""
        if here is not None and here.is_locked:
            said = tr("This comes with the program.")
        self.value_field.set_state("error" if state.wrong is not None else "", said)
        self.bar.show_actions(self._actions(state))

    def _actions(self, state: State) -> list[Action]:
        stop, off = state.stop(), trn(state.off) if state.off is not None else ""
        no_put = state.why_not_put()
        shown = [
            Action("keep", tr("Keep version"), "Ctrl+Enter", PRIMARY, self._keep, trn(stop) if stop else ""),
            Action("put", tr("Put here"), "P", PLAIN, self._put, trn(no_put) if no_put else ""),
        ]
        if state.here is not None and state.here.is_changed:
            shown.append(Action("shipped", tr("As shipped"), "R", PLAIN, self._as_shipped, off))
        chosen = state.chosen()
        if chosen is not None and state.mending is not None and chosen.n != state.mending.n:
            shown.append(Action("back", tr("Go back to it"), "B", PLAIN, self._go_back, off))
        shown += [
            Action("test", tr("Try the channel"), "T", PLAIN, self._test, off),
            Action("export", tr("Export"), "E", QUIET, self._export, off),
            Action("bring", tr("Import"), "I", QUIET, self._bring, off),
        ]
        return shown

    # what happens here

    def _pick(self, choose: Callable[[str], None]) -> Callable[[str], None]:
        def picked(key: str) -> None:
            if key and not self.is_drawing:
                choose(key)

        return picked

    def _step(self, by: int) -> None:
        for table in (self.sample, self.leaves, self.made, self.versions):
            if table.hasFocus():
                table.step(by)

    def _put(self) -> None:
        self.once("try", self.presenter.put_here)

    def _hover(self, place: QPoint) -> None:
        """The value under what is carried shows that it would take it."""
        if leaf := key_at(self.leaves, place):
            self.leaves.pick(leaf)

    def _let_go(self, bit: str, place: QPoint) -> None:
        if leaf := key_at(self.leaves, place):
            self.once("try", lambda: self.presenter.drop(leaf, bit))

    def _type(self) -> None:
        value = self.value.answer()
        self.once("try", lambda: self.presenter.type(value))

    def _add(self) -> None:
        key = self.more.answer()
        self.more.set_answer("")
        self.once("try", lambda: self.presenter.add(key))

    def _as_shipped(self) -> None:
        self.once("try", self.presenter.as_shipped)

    def _keep(self) -> None:
        self.once("keep", self.presenter.keep)

    def _test(self) -> None:
        self.once("keep", self.presenter.test)

    def _go_back(self) -> None:
        self.once("keep", self.presenter.go_back)

    def _export(self) -> None:
        found = self._state.mending
        if found is None:
            return
        try:
            place = folders.free_name(folders.ready(""), f"{found.channel}-{found.shop}", ".yaml")
            place.write_text(found.exported, encoding="utf-8")
        except Trouble as trouble:
            self.notice.show_notice(trn(trouble.hint), "stops")
            return
        except OSError as fault:
            self.notice.show_notice(tr("It cannot be written: {why}", why=fault.strerror or ""), "stops")
            return
        self.notice.show_notice(tr("Written to {path}.", path=str(place)), "met")

    def _bring(self) -> None:
        kinds = (tr("Manifests (*.yaml *.yml *.json)"),)
        self._dialog = ask_files(self, tr("Choose a manifest"), "", kinds, self._brought)

    def _brought(self, paths: list[str]) -> None:
        try:
            with Path(paths[0]).open("rb") as file:
                content = file.read(FILE_MOST + 1)
        except OSError:
            self.notice.show_notice(tr("The file cannot be read. Check that you may open it."), "stops")
            return
        text = content[:FILE_MOST].decode("utf-8-sig", errors="replace")
        self.once("try", lambda: self.presenter.bring(text))


def _row(one: Leaf, block: str) -> TableRow:
    key = one.key.removeprefix(f"{block}/")
    if one.is_locked:
        state = Cell(tr("Fixed"), "not_yet")
    elif one.is_changed:
        state = Cell(tr("Yours"), "now")
    else:
        state = Cell(tr("As shipped"), "met")
    return TableRow(one.key, (key, one.value.strip('"'), state))


def made_words(key: str) -> str:
    """What we call a field of an order; of a line, which one."""
    line = key.removeprefix("line ")
    return tr("Line {n}", n=line) if line != key else tr(MADE.get(key, key))


def _leaf(state: State) -> str:
    return state.here.value if state.here is not None else ""


def _types_nothing() -> bool:
    """Esc leads out of a field first."""
    return not types_text(QApplication.focusWidget())
