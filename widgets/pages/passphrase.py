"""Before anything is opened: the passphrase of this desk, or the choice of a first one."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.passphrases import Strength
from app.presenters.passphrase import Passphrase, State
from app.text import N_
from widgets import fields, theme, words
from widgets.aio import Tasks
from widgets.controls import Button, Pane
from widgets.door import in_the_middle
from widgets.fields import Field
from widgets.keys import Key
from widgets.page import Page
from widgets.password_field import PasswordField
from widgets.prose import NOTE, TITLE, Prose
from widgets.screen_page import NoticeLine
from widgets.words import tr, trn

LANGUAGE_KEY: Final = "Alt+L"
_OTHER: Final = {"zh_CN": ("en", "English"), "en": ("zh_CN", "中文")}
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
        self.phrase, self.again = PasswordField(), PasswordField()
        self.phrase_field = Field("passphrase/phrase", "", "", self.phrase)
        self.again_field = Field("passphrase/again", "", "", self.again)
        self.phrase.textChanged.connect(presenter.typed)
        self.phrase.returnPressed.connect(self._next)
        self.again.returnPressed.connect(self.submit)
        self.enter = Button("", "Enter", "primary")
        self.enter.setObjectName("passphrase/enter")
        self.enter.clicked.connect(self.submit)
        self.language = Button("", LANGUAGE_KEY, "quiet")
        self.language.setObjectName("passphrase/language")
        self.language.clicked.connect(self._speak)
        self._lay_out()
        presenter.render = self._draw
        words.on_change(self._say)
        self._say()

    def _lay_out(self) -> None:
        px = theme.current().px
        sheet = Pane("base", card=True)
        sheet.setFixedWidth(px("field.w") + 2 * px("space.6"))
        column = QVBoxLayout(sheet)
        column.setContentsMargins(px("space.6"), px("space.5"), px("space.6"), px("space.5"))
        column.setSpacing(px("space.2"))
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addSpacing(px("space.2"))
        column.addWidget(self.phrase_field)
        column.addWidget(self.again_field)
        column.addWidget(self.notice)
        keys = QHBoxLayout()
        keys.addWidget(self.enter)
        keys.addStretch(1)
        keys.addWidget(self.language)
        column.addLayout(keys)
        in_the_middle(self, sheet)
        QWidget.setTabOrder(self.phrase, self.again)
        QWidget.setTabOrder(self.again, self.enter)

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Passphrase")

    @override
    def keys(self) -> tuple[Key, ...]:
        return (Key(LANGUAGE_KEY, tr("Other language"), self._speak),)

    @override
    def focus_first(self) -> None:
        self.phrase.setFocus()

    @override
    def closed(self) -> None:
        self._forget()

    @override
    def submit(self) -> None:
        self.tasks.once("passphrase/enter", self._enter)

    # what happens here

    async def _enter(self) -> None:
        phrase, again = self.phrase.text(), self.again.text()
        await self.presenter.enter(phrase, again)
        if not self.presenter.state.is_first:  # a first one is not typed anew for a letter that is missing
            self._forget()
            self.phrase.setFocus()

    def _next(self) -> None:
        if self.presenter.state.is_first and not self.again.text():
            self.again.setFocus()
        else:
            self.submit()

    def _forget(self) -> None:
        for field in (self.phrase, self.again):
            field.clear()

    def _say(self) -> None:
        self.phrase_field.name_anew(tr("Passphrase"))
        self.again_field.name_anew(tr("The same once more"))
        other = _OTHER[words.language()][1]
        self.language.setText(other)
        self.language.setAccessibleName(other)
        self._draw(self.presenter.state)
        self.header_changed.emit()

    def _draw(self, state: State) -> None:
        self.heading.show_words(tr("Choose a passphrase") if state.is_first else tr("Open this desk"))
        self.note.show_words(tr(_FIRST if state.is_first else _ASKED))
        self.again_field.setVisible(state.is_first)
        self.enter.setText(tr("Set passphrase") if state.is_first else tr("Open desk"))
        self.enter.setAccessibleName(self.enter.text())
        self.enter.set_off(tr("One moment") if state.is_busy else "")
        self._grade(state.strength)
        self.notice.show_notice(trn(state.notice) if state.notice is not None else "")

    def _grade(self, found: Strength | None) -> None:
        if found is None:
            self.phrase_field.set_state("")
        else:
            self.phrase_field.set_state(GRADES[found.grade], trn(found.said))

    def _speak(self) -> None:
        words.set_language(_OTHER[words.language()][0])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("window"))
        painter.end()
