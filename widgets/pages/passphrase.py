"""Before anything is opened: the passphrase of this desk, or the choice of a first one."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from app.passphrases import Strength
from app.presenters.passphrase import Passphrase, State
from app.text import N_
from widgets import door, fields, words
from widgets.aio import Tasks
from widgets.door import CHANGE_KEY, LANGUAGE_KEY
from widgets.fields import Field
from widgets.keys import Key
from widgets.page import Page
from widgets.password_field import PasswordField
from widgets.prose import NOTE, TITLE, Prose
from widgets.screen_page import NoticeLine
from widgets.words import tr, trn

_ASKED: Final = N_("The files of this desk are sealed. Its passphrase opens them; then you sign in.")
_FIRST: Final = N_(
    "From now on this desk opens only with this passphrase; colleagues who start it need it too. "
    "Nobody can bring it back, and what is not sent by then is lost with it."
)
GRADES: Final[dict[str, fields.State]] = {"weak": "waits", "fair": "ok", "good": "ok"}


class PassphrasePage(Page):
    """One sheet in the middle: one passphrase, the first time twice, and one button."""

    code = "passphrase"
    help_topic = "passphrase"
    is_bare = True

    def __init__(self, presenter: Passphrase, tasks: Tasks) -> None:
        super().__init__()
        self.presenter, self.tasks = presenter, tasks
        self.notice = NoticeLine(self.code)
        self.heading, self.note = Prose(style=TITLE), Prose(style=NOTE)
        self.phrase, self.new, self.again = PasswordField(), PasswordField(), PasswordField()
        self.phrase_field = Field("passphrase/phrase", "", "", self.phrase)
        self.new_field = Field("passphrase/new", "", "", self.new)
        self.again_field = Field("passphrase/again", "", "", self.again)
        self.new.textChanged.connect(presenter.typed)
        for field in (self.phrase, self.new):
            field.returnPressed.connect(self._next)
        self.again.returnPressed.connect(self.submit)
        self.enter = door.button(self.code, "enter", "Enter", "primary", self.submit)
        self.change = door.button(self.code, "change", CHANGE_KEY, "quiet", self._change)
        self.language = door.button(self.code, "language", LANGUAGE_KEY, "quiet", self._speak)
        self._lay_out()
        presenter.render = self._draw
        words.on_change(self._say)
        self._say()

    def _lay_out(self) -> None:
        sheet, column = door.sheet_with(self.heading, self.note)
        column.addWidget(self.phrase_field)
        column.addWidget(self.new_field)
        column.addWidget(self.again_field)
        column.addWidget(self.notice)
        column.addLayout(door.ends(self.enter, self.language))
        column.addWidget(self.change)
        door.in_the_middle(self, sheet)
        door.in_turn(self.phrase, self.new, self.again, self.enter)

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Passphrase")

    @override
    def keys(self) -> tuple[Key, ...]:
        return (
            Key(LANGUAGE_KEY, tr("Other language"), self._speak),
            Key(CHANGE_KEY, tr("Another passphrase"), self._change),
        )

    @override
    def focus_first(self) -> None:
        (self.new if self.presenter.state.is_first else self.phrase).setFocus()

    @override
    def closed(self) -> None:
        self._forget()

    @override
    def submit(self) -> None:
        self.tasks.once("passphrase/enter", self._enter)

    # what happens here

    async def _enter(self) -> None:
        await self.presenter.enter(self.phrase.text(), self.new.text(), self.again.text())
        if not self.presenter.state.chooses:  # what is chosen is not typed anew for a letter that is missing
            self._forget()
            self.phrase.setFocus()

    def _next(self) -> None:
        """Go to the first field that is empty; where all are filled, open."""
        fields = (self.phrase, self.new, self.again)
        empty = [field for field in fields if field.isVisible() and not field.text()]
        if self.presenter.state.chooses and empty:
            empty[0].setFocus()
        else:
            self.submit()

    def _change(self) -> None:
        self.presenter.change()
        for field in (self.new, self.again):
            field.clear()
        (self.new if self.phrase.text() and self.presenter.state.wants_new else self.phrase).setFocus()

    def _forget(self) -> None:
        for field in (self.phrase, self.new, self.again):
            field.clear()

    def _say(self) -> None:
        self.phrase_field.name_anew(tr("Passphrase"))
        self.new_field.name_anew(tr("New passphrase"))
        self.again_field.name_anew(tr("The same once more"))
        self.language.say(door.other_language()[1])
        self._draw(self.presenter.state)
        self.header_changed.emit()

    def _draw(self, state: State) -> None:
        self.heading.show_words(tr("Choose a passphrase") if state.is_first else tr("Open this desk"))
        self.note.show_words(tr(_FIRST if state.is_first else _ASKED))
        self.phrase_field.setVisible(not state.is_first)
        for field in (self.new_field, self.again_field):
            field.setVisible(state.chooses)
        self.change.setVisible(not state.is_first)
        changing = tr("Keep the passphrase") if state.wants_new else tr("Another passphrase")
        self.change.say(changing)
        self.enter.say(tr("Set passphrase") if state.is_first else tr("Open desk"))
        self.enter.set_off(tr("One moment") if state.is_busy else "")
        self._grade(state.strength)
        self.notice.show_notice(trn(state.notice) if state.notice is not None else "")

    def _grade(self, found: Strength | None) -> None:
        if found is None:
            self.new_field.set_state("")
        else:
            self.new_field.set_state(GRADES[found.grade], trn(found.said))

    def _speak(self) -> None:
        words.set_language(door.other_language()[0])
