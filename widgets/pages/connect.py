"""Connect to a hub: its address, the file of who vouches for it, a try that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog
from typing_extensions import override

from app.ports import Changes
from app.presenters.connect import Connect, State
from app.text import N_
from widgets import door
from widgets.aio import Tasks
from widgets.controls import MarkLabel
from widgets.fields import Field, TextField
from widgets.file_dialog import ask_files
from widgets.keys import Key
from widgets.prose import META, NOTE, TITLE, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.words import tr, trn

FILE_KEY: Final = "Alt+F"
TRY_KEY: Final = "Alt+T"
_ABOUT: Final = N_("Your administrator gives you the address, and a file where the hub has a CA of its own.")
_MEANS: Final = N_(
    "Drafts, views and sign-ins of this PC are taken off with the change; orders come from the new hub."
)
_KEPT: Final = N_("Kept. Close Docket and start it again.")
_LIKE: Final = "https://hub.lan:8765"


class ConnectPage(ScreenPage[State]):
    """One sheet in the middle: two fields, a try, one button."""

    code = "connect"
    help_topic = "connect"
    is_bare = True

    def __init__(self, presenter: Connect, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.dialog: QFileDialog | None = None
        self.heading, self.note, self.means = Prose(style=TITLE), Prose(style=NOTE), Prose(style=META)
        self.url, self.ca = TextField(), TextField()
        self.url.setText(presenter.state.url)
        self.ca.setText(presenter.state.ca)
        self.url_field = Field("connect/url", "", "", self.url)
        self.ca_field = Field("connect/ca", "", "", self.ca, is_optional=True)
        for field in (self.url, self.ca):
            field.textEdited.connect(self._edited)
            field.returnPressed.connect(self.submit)
        self.file = door.button(self.code, "file", FILE_KEY, "plain", self._ask_file)
        self.trial = door.button(self.code, "try", TRY_KEY, "plain", self._try)
        self.use = door.button(self.code, "use", "Enter", "primary", self.submit)
        self.leave = door.button(self.code, "back", "Esc", "quiet", self._back)
        self.found = MarkLabel("", "")
        self.why = Prose(style=META)
        self._lay_out()
        self.begin()

    def _lay_out(self) -> None:
        sheet, column = door.sheet_with(self.heading, self.note)
        column.addWidget(self.url_field)
        column.addWidget(self.ca_field)
        column.addLayout(door.ends(self.file, self.trial))
        column.addWidget(self.found)
        column.addWidget(self.notice)
        column.addWidget(self.means)
        column.addLayout(door.ends(self.use, self.leave))
        column.addWidget(self.why)
        door.in_the_middle(self, sheet)
        door.in_turn(self.url, self.ca, self.file, self.trial, self.use, self.leave)

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Connect to a hub")

    @override
    def keys(self) -> tuple[Key, ...]:
        return (
            Key(FILE_KEY, tr("Choose file"), self._ask_file),
            Key(TRY_KEY, tr("Try"), self._try),
            Key("Esc", tr("Back"), self._back),
        )

    @override
    def focus_first(self) -> None:
        self.url.setFocus()

    @override
    def back(self) -> bool:
        self._back()
        return True

    @override
    def submit(self) -> None:
        if self.presenter.state.is_kept:
            self.window().close()
        else:
            self.once("use", lambda: self.presenter.use(self.url.text(), self.ca.text()))

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.url_field.name_anew(tr("Address of the hub"))
        self.ca_field.name_anew(tr("CA file"))
        self.url.setPlaceholderText(_LIKE)
        self.note.show_words(tr(_ABOUT))
        for button, said in (
            (self.file, tr("Choose file")),
            (self.trial, tr("Try")),
            (self.leave, tr("Back")),
        ):
            button.say(said)

    @override
    def draw(self, state: State) -> None:
        kept = state.is_kept
        self.heading.show_words(tr("Connect to a hub"))
        self.means.show_words(tr(_MEANS))
        found = tr(_KEPT) if kept else trn(state.found) if state.found is not None else ""
        self.found.show_mark("met" if found else "", found, "ok")
        for field in (self.url, self.ca):
            field.setReadOnly(kept)
        for part in (self.file, self.trial, self.leave, self.means):
            part.setVisible(not kept)
        self.use.say(tr("Close Docket") if kept else tr("Use this hub"))
        busy = tr("Asking the hub") if state.is_busy else ""
        is_other = self.url.text().strip() != state.url
        off = trn(state.off) if state.off is not None and is_other and not kept else ""
        self.trial.set_off(busy)
        self.use.set_off(busy or off)
        self.why.show_words(off)
        self.why.setVisible(bool(off))

    def _edited(self) -> None:
        self.presenter.typed()
        self.draw(self.presenter.state)

    def _try(self) -> None:
        async def checked() -> None:
            await self.presenter.check(self.url.text(), self.ca.text())

        self.once("try", checked)

    def _ask_file(self) -> None:
        where = str(Path(self.ca.text()).parent) if self.ca.text() else str(Path.home())
        patterns = [tr("Certificates") + " (*.crt *.pem *.cer)"]
        self.dialog = ask_files(self, tr("Choose file"), where, patterns, self._chose)

    def _chose(self, paths: list[str]) -> None:
        if paths:
            self.ca.setText(paths[0])
            self.presenter.typed()

    def _back(self) -> None:
        if not self.presenter.state.is_kept:
            self.go("sign_in")
