"""How a channel is read: a real record, the form that says how, and the order it makes, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.domain.mending import BLOCKS, is_locked
from app.mend_state import SHIPPED, State
from app.ports import Changes
from app.presenters.mend_channel import MendChannel
from app.text import N_
from widgets import theme
from widgets.action_bar import PLAIN, PRIMARY, QUIET, Action, ActionBar
from widgets.aio import Tasks
from widgets.controls import Button, Pane, scroll
from widgets.drag_table import DragTable
from widgets.fields import ComboField
from widgets.file_dialog import ask_files
from widgets.inputs import LinesField
from widgets.keys import Key, types_text
from widgets.manifest_files import read_in, write_out
from widgets.mend_side import MendSide
from widgets.prose import META, NOTE, SECTION, Prose
from widgets.schema_form import SchemaForm
from widgets.screen_page import Go, ScreenPage
from widgets.table import Column, ListModel, TableRow
from widgets.words import named, tr, trn

TEXT_LINES: Final = 24
_UP_DOWN: Final = N_("Up and down")
_BACK_KEY: Final = "Alt+Left"


class MendChannelPage(ScreenPage[State]):
    """Record, form and order beside each other, in a narrow window the order below the record."""

    code = "mend_channel"
    help_topic = "channels"

    def __init__(self, presenter: MendChannel, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._dialog: QFileDialog | None = None
        self.fact = Prose("", META, wraps=False)
        self.sample_model = ListModel(())
        self.sample = DragTable("", self.sample_model)
        self.side = MendSide(self.code)
        self.sample.setObjectName(f"{self.code}/sample")
        self.sample_head, self.form_head = Prose(style=SECTION), Prose(style=SECTION)
        self.sample.picked.connect(self._pick(presenter.choose_bit))
        self.sample.opened.connect(lambda _key: self._put())
        self.sample.moved.connect(lambda place: self.form.light(self.form.target_at(place)))
        self.sample.let_go.connect(self._let_go)
        self.side.versions.picked.connect(self._pick(lambda key: presenter.choose_version(int(key))))
        self.side.changes.opened.connect(self._find)
        self._middle()
        self.bar = ActionBar(self.code)
        self._lay_out()
        self.begin()

    def _middle(self) -> None:
        presenter = self.presenter
        self.block = ComboField()
        self.block.setObjectName(f"{self.code}/block")
        self.block.setFixedWidth(theme.current().px("quantity.w"))
        self.block.answered.connect(lambda block: self._with(lambda: presenter.go_to(block)))
        self.up = Button("", _BACK_KEY)
        self.up.setObjectName(f"{self.code}/up")
        self.up.clicked.connect(self._up)
        self.where = Prose(style=NOTE)
        self.form = SchemaForm(self.code)
        self.form.said.connect(lambda key, said: self._with(lambda: presenter.say(key, said), settles=False))
        self.form.chosen.connect(presenter.choose)
        self.form.entered.connect(lambda key: self._with(lambda: presenter.enter(key), focuses=True))
        self.form.added.connect(lambda key, name: self._with(lambda: presenter.add(key, name), focuses=True))
        self.form.removed.connect(lambda key: self._with(lambda: presenter.remove(key)))
        self.form.moved.connect(lambda key, by: self._with(lambda: presenter.move(key, by)))
        self.text = LinesField(lines=TEXT_LINES)
        self.text.setObjectName(f"{self.code}/text")
        self.text.answered.connect(lambda said: self._with(lambda: presenter.say_text(said), settles=False))
        self.stack = QStackedWidget()
        self.stack.addWidget(scroll(self.form))
        self.stack.addWidget(self.text)

    def _lay_out(self) -> None:
        px = theme.current().px
        self._parts = QHBoxLayout()
        self._parts.setSpacing(px("space.5"))
        self._left = QVBoxLayout()
        self._left.setSpacing(px("space.1"))
        self._left.addWidget(self.sample_head)
        self._left.addWidget(self.sample, 2)
        self._parts.addLayout(self._left, 3)
        top = QHBoxLayout()
        top.setSpacing(px("space.2"))
        top.addWidget(self.block)
        top.addWidget(self.up)
        top.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(px("space.1"))
        middle.addWidget(self.form_head)
        middle.addLayout(top)
        middle.addWidget(self.where)
        middle.addWidget(self.stack, 1)
        self._parts.addLayout(middle, 5)
        self._parts.addWidget(self.side, 3)
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

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("How a channel is read")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        up = (Key(_BACK_KEY, tr("Back"), self._up),) if self._state.trail else ()
        return (
            Key("J", tr(_UP_DOWN), lambda: self._step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self._step(-1), repeats=True),
            *up,
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
        self.sample.setFocus()

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
        is_wide = self.width() >= px("list.w") + px("detail.min.w") + px("evidence.w")
        if is_wide != (self._parts.indexOf(self.side) >= 0):
            (self._parts if is_wide else self._left).addWidget(self.side, 3)

    @override
    def say(self) -> None:
        self.sample_head.show_words(tr("A real record"))
        self.sample.setAccessibleName(tr("A real record"))
        self.form_head.show_words(tr("What says how it is read"))
        self.side.say()
        self.block.set_options([(code, tr(title)) for code, title in BLOCKS.items()])
        self.block.setAccessibleName(tr("Block"))
        self.text.setAccessibleName(tr("This place as JSON"))
        self.up.say(tr("Back"))
        self.form.say_anew()
        self.sample_model = ListModel(
            (Column("key", tr("Field"), kind="strong"), Column("value", tr("Value"), kind="muted"))
        )
        self.sample.show_model(self.sample_model)

    @override
    def draw(self, state: State) -> None:
        self._state = state
        found = state.mending
        self.fact.show_words(f"{named(state.title)}  {named(found.title) if found is not None else ''}")
        self.block.set_answer(state.block)
        self.sample_model.show_rows(
            [TableRow(one.key, (one.key, one.value)) for one in (found.sample if found else ())]
        )
        if state.bit and self.sample.current_key() != state.bit:
            self.sample.pick(state.bit)
        self._draw_form(state)
        self.side.draw(state)
        self.bar.show_actions(self._actions(state))

    def _draw_form(self, state: State) -> None:
        self.up.setVisible(bool(state.trail))
        where = named(state.form.called(state.place)) if state.trail else ""
        said = trn(SHIPPED) if is_locked(state.place) else where
        if state.is_expert and state.wrong is not None:
            said = trn(state.wrong)
        self.where.show_words(said)
        self.where.setVisible(bool(said))
        if state.is_expert:
            self.text.setReadOnly(state.is_fixed)
            if state.wrong is None and not self.text.hasFocus() and self.text.answer() != state.text():
                self.text.set_answer(state.text())
        self.stack.setCurrentIndex(int(state.is_expert))
        if state.is_expert:
            return
        self.form.show_entries(state.place, state.entries, is_fixed=state.is_fixed)
        self.form.follow(state.key)

    def _actions(self, state: State) -> list[Action]:
        stop, off = state.stop(), trn(state.off) if state.off is not None else ""
        no_put = state.why_not_put()
        shown = [
            Action("keep", tr("Keep version"), "Ctrl+Enter", PRIMARY, self._keep, trn(stop) if stop else ""),
            Action("put", tr("Put here"), "P", PLAIN, self._put, trn(no_put) if no_put else ""),
        ]
        if state.is_here_changed:
            shown.append(Action("shipped", tr("As shipped"), "R", PLAIN, self._as_shipped, off))
        if state.is_changed:
            shown.append(Action("discard", tr("Discard changes"), "D", PLAIN, self._discard, off))
        chosen = state.chosen()
        if chosen is not None and state.mending is not None and chosen.n != state.mending.n:
            shown.append(Action("back", tr("Go back to it"), "B", PLAIN, self._go_back, off))
        expert = tr("As a form") if state.is_expert else tr("Expert view")
        shown += [
            Action("test", tr("Try the channel"), "T", PLAIN, self._test, off),
            Action("expert", expert, "X", QUIET, self._expert, off),
            Action("export", tr("Export"), "E", QUIET, self._export, off),
            Action("bring", tr("Import"), "I", QUIET, self._bring, off),
        ]
        return shown

    # what happens here

    def _with(self, act: Callable[[], None], *, settles: bool = True, focuses: bool = False) -> None:
        """Change something here; the record is read anew where that may make another order of it."""
        if settles:
            self.form.settle()
        before, place = self._state.tree, self._state.place
        act()
        if self._state.tree != before:
            self.latest("try", self.presenter.try_now)
        if focuses and self._state.place != place:
            self.form.focus_first()

    def _pick(self, choose: Callable[[str], None]) -> Callable[[str], None]:
        def picked(key: str) -> None:
            if key and not self.is_drawing:
                choose(key)

        return picked

    def _step(self, by: int) -> None:
        for table in (self.sample, *self.side.tables, *(one.table for one in self.form.tables.values())):
            if table.hasFocus():
                table.step(by)

    def _up(self) -> None:
        here = self._state.place
        self._with(self.presenter.up)
        self.form.focus(here)

    def _find(self, key: str) -> None:
        """Go to where a change was made."""
        self._with(lambda: self.presenter.find(key))
        self.form.focus(key)

    def _put(self) -> None:
        self._with(self.presenter.put_here)

    def _let_go(self, bit: str, place: QPoint) -> None:
        if key := self.form.target_at(place):
            self._with(lambda: self.presenter.drop(key, bit))

    def _as_shipped(self) -> None:
        self._with(self.presenter.as_shipped)

    def _discard(self) -> None:
        self._with(self.presenter.discard)

    def _expert(self) -> None:
        self._with(lambda: self.presenter.show_text(not self._state.is_expert))
        if self._state.is_expert:
            self.text.setFocus()

    def _keep(self) -> None:
        self.form.settle()
        self.once("keep", self.presenter.keep)

    def _test(self) -> None:
        self.once("keep", self.presenter.test)

    def _go_back(self) -> None:
        self.once("keep", self.presenter.go_back)

    def _export(self) -> None:
        found = self._state.mending
        if found is not None:
            self.notice.show_notice(*write_out(f"{found.channel}-{found.shop}", found.exported))

    def _bring(self) -> None:
        kinds = (tr("Manifests (*.yaml *.yml *.json)"),)
        self._dialog = ask_files(self, tr("Choose a manifest"), "", kinds, self._brought)

    def _brought(self, paths: list[str]) -> None:
        text = read_in(Path(paths[0]))
        if text is None:
            self.notice.show_notice(tr("The file cannot be read. Check that you may open it."), "stops")
            return
        self.once("try", lambda: self.presenter.bring(text))


def _types_nothing() -> bool:
    """Esc leads out of a field first."""
    return not types_text(QApplication.focusWidget())
