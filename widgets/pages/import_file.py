"""Import a file: drop it, see how it is read, match its columns, look at rows, try, take, and take back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePath
from typing import Final, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.import_file import STEPS, ImportFile, State
from app.text import N_
from widgets import folders, import_steps
from widgets.aio import Tasks
from widgets.file_dialog import ask_files
from widgets.import_account import RunBody, TrialBody
from widgets.import_columns import ColumnsBody
from widgets.import_files import FilesBody
from widgets.import_preview import PreviewBody
from widgets.import_reading import ReadingBody
from widgets.import_words import files_words
from widgets.keys import Key, types_text
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go, ScreenPage, Verb
from widgets.table import Table
from widgets.wizard import Wizard
from widgets.words import tr, trn

WATCH_MS: Final = 500
_UP_DOWN: Final = N_("Up and down")


class Body(Protocol):
    """What fills the room in a step."""

    def say(self) -> None: ...
    def draw(self, state: State) -> None: ...


class ImportFilePage(ScreenPage[State]):
    """Six steps; the hub does the work, so the page may be left at any time."""

    code = "import_file"
    help_topic = "import_file"

    def __init__(self, presenter: ImportFile, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._dialog: QFileDialog | None = None
        self.fact = Prose("", NOTE, wraps=False)
        self.frame = Wizard(self.code)
        self.frame.step_asked.connect(presenter.go)
        self._built: dict[str, Body] = {}
        self._wanted: dict[str, Verb] = {}
        self.frame.end_with(self.notice)
        self.foot = self.frame.foot
        self._calls = self._verbs()
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(lambda: self.once("watch", presenter.watch))
        fill = QHBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.frame)
        self.begin()

    def _verbs(self) -> import_steps.Calls:
        """What each action of the bar does."""
        presenter = self.presenter
        return {
            "choose": self._choose,
            "next": lambda: self.once("next", presenter.next),
            "back": self._back,
            "leave_out": self._leave_out,
            "no_field": lambda: self._assign(""),
            "guess": lambda: self.once("guess", presenter.let_guess),
            "stop": lambda: self.once("stop", presenter.cancel),
            "another": presenter.anew,
            "orders": lambda: self.go("orders"),
            "save": self._save,
            "plan": lambda: self.once("plan", presenter.plan_undo),
            "undo": lambda: self.once("undo", presenter.undo),
        }

    # the steps: each is built when one first comes to it, so that the page opens at once

    @cached_property
    def files(self) -> FilesBody:
        """Which file, whose orders."""
        body, presenter = FilesBody(self._wanted), self.presenter
        body.choose_asked.connect(self._choose)
        body.shop_chosen.connect(lambda code: self._want("shop", lambda: presenter.choose_shop(code)))
        body.file_picked.connect(self._pick_file)
        body.import_opened.connect(lambda key: self.once("open", lambda: presenter.open(key)))
        return body

    @cached_property
    def reading(self) -> ReadingBody:
        """How it is read."""
        body = ReadingBody(self._wanted)
        body.file_chosen.connect(self.presenter.show_file)
        body.read_as.connect(self._read)
        return body

    @cached_property
    def columns(self) -> ColumnsBody:
        """Which column is what."""
        body = ColumnsBody(self._wanted)
        body.picked.connect(self._pick_column)
        body.assigned.connect(self._assign)
        body.written_as.connect(self._write_as)
        body.option_given.connect(self._say_option)
        return body

    @cached_property
    def preview(self) -> PreviewBody:
        """The first rows."""
        return PreviewBody()

    @cached_property
    def trial(self) -> TrialBody:
        """What would happen."""
        return TrialBody()

    @cached_property
    def run(self) -> RunBody:
        """What happens, and how it ended."""
        body = RunBody()
        body.order_opened.connect(lambda key: self.go("order", id=key))
        return body

    def _body(self, step: str) -> Body:
        """What fills the room in a step."""
        if step not in self._built:
            body: Body = getattr(self, step)
            self._built[step] = body
            self.frame.add_body(step, getattr(self, step))
            body.say()
        return self._built[step]

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Import a file")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        opens = self._opens()
        enter = (Key("Enter", tr(opens), self._enter, when=self._may_enter),) if opens else ()
        return (
            Key("J", tr(_UP_DOWN), lambda: self._step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self._step(-1), repeats=True),
            *enter,
            *self.frame.bar.keys(),
            Key("Ctrl+O", tr("Choose files"), self._choose, quiet=True),
            Key("Esc", tr("Leave, everything stays"), self.leaving.emit, when=self._types_nothing),
        )

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, dict) else {}
        super().opened(args)
        if paths := [path for path in str(asked.get("files", "")).split("\n") if path]:
            self._take(paths)
        if case := str(asked.get("case", "")):
            self.once("retake", lambda: self.presenter.retake(case))
        if self._state.is_moving:
            self._watch.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()

    @override
    def focus_first(self) -> None:
        if self._state.at == "files" and self.files.focus_first(has_files=bool(self._state.files)):
            return
        if (table := self._table()) is not None and table.isVisibleTo(self):
            table.setFocus()
        else:
            self.setFocus()

    @override
    def submit(self) -> None:
        """Ctrl+Enter is in the key table of the action bar."""

    @override
    def alt_needed(self, needed: bool) -> None:
        self.frame.bar.set_alt(needed)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.frame.rail.setAccessibleName(tr("Steps"))
        for body in self._built.values():
            body.say()

    @override
    def draw(self, state: State) -> None:
        before, self._state = self._state, state
        self._body(state.at).draw(state)
        is_other = self.frame.show_body(state.at)
        at = tr("Step {at} of {all}", at=STEPS.index(state.at) + 1, all=len(STEPS))
        foot = tr("Nothing is written before the last step. Afterwards a whole file can be taken back.")
        self.frame.show_steps(tr("Import a file"), at, import_steps.rail(state), foot)
        self.frame.show_question(*import_steps.question(state))
        names = files_words([each.name for each in state.files])
        self.fact.show_words(trn(state.busy) if state.busy is not None else names)
        self.frame.show_actions(import_steps.actions(state, self._calls))
        if self.isVisible():
            is_plan = (state.plan is None) != (before.plan is None)
            if is_other or is_plan or bool(state.files) != bool(before.files):
                self.focus_first()
            self._watch.start() if self._state.is_moving else self._watch.stop()

    # keys

    @staticmethod
    def _types_nothing() -> bool:
        """Esc leads out of a field first."""
        return not types_text(QApplication.focusWidget())

    def _table(self) -> Table | None:
        state = self._state
        if state.at == "run":
            return self.run.plan.table if state.plan is not None else self.run.account.table
        if state.at == "files":
            return self.files.files_table if state.files else self.files.past_table
        if state.at == "trial":
            return self.trial.account.table
        body = self._body(state.at)
        return body.table if isinstance(body, ReadingBody | ColumnsBody | PreviewBody) else None

    def _front_table(self) -> Table | None:
        """The table with the focus, else the one of the step."""
        if self._state.at == "files" and self.files.past_table.hasFocus():
            return self.files.past_table
        return self._table()

    def _step(self, by: int) -> None:
        if (table := self._front_table()) is not None:
            table.step(by)

    def _opens(self) -> str:
        """What Enter does in the table in front; nothing in most."""
        state = self._state
        if state.at == "columns":
            return N_("Change the column")
        if state.at == "files":
            return N_("Open import") if state.past and not state.files else ""
        return N_("Open order") if state.plan is not None and state.plan.first else ""

    def _may_enter(self) -> bool:
        table = self._front_table()
        return table is not None and table.hasFocus()

    def _enter(self) -> None:
        if (table := self._front_table()) is not None:
            table.open_current()

    def _leave_out(self) -> None:
        if key := self.files.files_table.current_key():
            self.presenter.leave_out(key)

    def _pick_file(self, key: str) -> None:
        if key and not self.is_drawing and key != self._state.file:
            self.presenter.show_file(key)

    def _pick_column(self, key: str) -> None:
        if key and not self.is_drawing and key != self._state.column:
            self.presenter.show_column(key)

    # what a hand chooses goes to the hub and back: until then nothing else is shown in its place

    def _want(self, what: str, verb: Verb) -> None:
        self._wanted[what] = verb
        self.latest("want", self._fulfil)

    async def _fulfil(self) -> None:
        try:
            while self._wanted:
                what, verb = next(iter(self._wanted.items()))
                await verb()
                if self._wanted.get(what) is verb:
                    del self._wanted[what]
        finally:
            self._wanted.clear()
            self.presenter.show(self.presenter.state)

    def _read(self, what: str, value: str) -> None:
        asked = int(value) if what == "header_row" else value
        self._want(what, lambda: self.presenter.read(**{what: asked}))

    def _assign(self, field: str) -> None:
        column = self._state.column
        self._want("field", lambda: self.presenter.assign(column, field))

    def _write_as(self, reading: str) -> None:
        column = self._state.column
        self._want("written_as", lambda: self.presenter.write_as(column, reading))

    def _say_option(self, option: str, value: str) -> None:
        self._want(option, lambda: self.presenter.say(option, value))

    def _back(self) -> None:
        """A rehearsal one turns away from need not go on."""
        trial = self._state.trial
        if self._state.at == "trial" and trial is not None and trial.is_moving:
            self.once("stop", self._stop_trial)
        else:
            self.presenter.back()

    async def _stop_trial(self) -> None:
        await self.presenter.cancel()
        self.presenter.back()

    def _choose(self) -> None:
        if self._state.off is not None:
            return
        kinds = (tr("Tables (*.csv *.tsv *.txt *.xlsx *.xls)"), tr("All files (*)"))
        title, folder = tr("Choose files to import"), self._state.folder
        self._dialog = ask_files(self, title, folder, kinds, self._take)

    def _take(self, paths: list[str]) -> None:
        self.once("take", lambda: self.presenter.take(paths))

    def _save(self) -> None:
        self.once("save", self._save_rejected)

    async def _save_rejected(self) -> None:
        """Write them into the folder of this desk for exports, over nothing that lies there."""
        run = self._state.run
        if run is not None and run.files:
            stem = f"{PurePath(run.files[0]).stem}.rejected"
            ending = ".csv" if len(run.files) == 1 else ".zip"
            place = folders.free_name(folders.ready(self._state.exports), stem, ending)
            await self.presenter.save_rejected(str(place))
