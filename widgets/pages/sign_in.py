"""Sign in: who sits down at this desk, and whether the hub is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from app.domain.values import Role
from app.ports import Changes
from app.presenters.sign_in import SignIn, State
from app.text import N_
from widgets import door, theme, words
from widgets.aio import Tasks
from widgets.controls import MarkLabel, Pane
from widgets.door import CHANGE_KEY, LANGUAGE_KEY
from widgets.fields import Field, TextField
from widgets.keys import Key
from widgets.password_field import PasswordField
from widgets.prose import NOTE, TITLE, Prose, Span
from widgets.rows import Form, Row, RowList
from widgets.screen_page import Go, ScreenPage
from widgets.words import tr

LOOK_MS: Final = 1_000
ASK_LOOKS: Final = 3
"""A PC that waits to be let in asks at every third look."""
HUB_KEY: Final = "Alt+H"
PRACTICE_KEY: Final = "F12"
_ROLES: Final = {
    Role.CLERK: N_("Order clerk"),
    Role.WAREHOUSE: N_("Warehouse"),
    Role.REVIEWER: N_("Night review"),
    Role.TRAINER: N_("Trainer"),
    Role.LEAD: N_("Lead"),
    Role.ADMIN: N_("Administrator"),
}
_LINKS: Final = {
    "online": ("online", N_("{hub} is there.")),
    "weak": ("weak", N_("{hub} answers slowly. Sign in all the same.")),
    "offline": ("offline", N_("{hub} cannot be reached. Who signed in here lately may sign in without it.")),
    "starting": ("not_yet", N_("{hub} is starting, a few seconds.")),
}


class SignInPage(ScreenPage[State]):
    """One sheet in the middle: the people of this desk, one password, one button."""

    code = "sign_in"
    help_topic = "sign_in"
    is_bare = True

    def __init__(self, presenter: SignIn, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._is_drawing = False
        self.heading, self.note = Prose(style=TITLE), Prose(style=NOTE)
        self.people = RowList("", Form.PAIR)
        self.people.setObjectName("sign_in/people")
        self.people.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.people.picked.connect(self._pick)
        self.user = TextField(icon="person")
        self.password = PasswordField()
        self.people.opened.connect(lambda _key: self.password.setFocus())
        self.user_field = Field("sign_in/user", "", "", self.user)
        self.password_field = Field("sign_in/password", "", "", self.password)
        self.password.stepped.connect(self._step)
        self.password.returnPressed.connect(self._next)
        self.new, self.again = PasswordField(), PasswordField()
        self.new_field = Field("sign_in/new_password", "", "", self.new)
        self.again_field = Field("sign_in/again", "", "", self.again)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.submit)
        self.user.returnPressed.connect(self.password.setFocus)
        self.enter = door.button(self.code, "enter", "Enter", "primary", self.submit)
        self.change = door.button(self.code, "change", CHANGE_KEY, "quiet", presenter.change_password)
        self.connect_ = door.button(self.code, "connect", HUB_KEY, "quiet", self._connect)
        self.practice = door.button(self.code, "practice", PRACTICE_KEY, "quiet", self._practise)
        self.on_practice: Callable[[], object] | None = None
        self.language = door.button(self.code, "language", LANGUAGE_KEY, "quiet", self._speak)
        self.link = MarkLabel("not_yet", "")
        self.link.setObjectName("sign_in/hub")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._looks = 0
        self.begin()

    def _lay_out(self) -> None:
        px = theme.current().px
        sheet, column = door.sheet_with(self.heading, self.note)
        frame = Pane("base", card=True, outline="border")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(px("line"), px("line"), px("line"), px("line"))
        inside.addWidget(self.people)
        self._frame = frame
        column.addWidget(frame)
        column.addSpacing(px("space.2"))
        column.addWidget(self.user_field)
        column.addWidget(self.password_field)
        column.addWidget(self.new_field)
        column.addWidget(self.again_field)
        column.addWidget(self.notice)
        column.addLayout(door.ends(self.enter, self.language))
        column.addLayout(door.ends(self.change, self.connect_))
        column.addLayout(door.ends(self.practice))
        door.in_the_middle(self, sheet, self.link)
        door.in_turn(self.people, self.user, self.password, self.new, self.again, self.enter)

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Sign in")

    @override
    def keys(self) -> tuple[Key, ...]:
        elsewhere = () if self._state.is_practice else (Key(HUB_KEY, tr("Another hub"), self._connect),)
        return (
            Key(LANGUAGE_KEY, tr("Other language"), self._speak),
            Key(CHANGE_KEY, tr("Change password"), self.presenter.change_password),
            *elsewhere,
        )

    @override
    def focus_first(self) -> None:
        (self.password if self._state.people or self.user.text() else self.user).setFocus()

    @override
    def opened(self, args: object) -> None:
        self._forget()
        self.presenter.look()
        self._timer.start()
        super().opened(args)

    @override
    def closed(self) -> None:
        self._forget()
        self._timer.stop()

    @override
    def submit(self) -> None:
        self.once("enter", self._enter)

    def person(self) -> str:
        """Who is about to sign in, empty where nobody is chosen."""
        return (self.people.current_key() if self._state.people else self.user.text()).strip()

    def show_ways(self) -> None:
        """Show what else there is to do than to sign in."""
        self.connect_.setVisible(not self._state.is_practice)
        self.practice.setVisible(self.on_practice is not None)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh()

    @override
    def say(self) -> None:
        self.heading.show_words(tr("Sign in"))
        self.people.setAccessibleName(tr("People of this desk"))
        self.user_field.name_anew(tr("Name"))
        self.password_field.name_anew(tr("Password"))
        self.new_field.name_anew(tr("New password"))
        self.again_field.name_anew(tr("New password again"))
        self.enter.say(tr("Sign in"))
        self.connect_.say(tr("Another hub"))
        self.practice.say(tr("Practise without a hub"))
        self.language.say(door.other_language()[1])

    @override
    def draw(self, state: State) -> None:
        self._is_drawing = True
        self._draw(state)
        self._is_drawing = False

    def _draw(self, state: State) -> None:
        self._state = state
        self.show_ways()
        if state.wants_new:
            who = next((each.title for each in state.people if each.code == state.user), state.user)
            self.note.show_words(tr("Another password for {name}", name=who))
        elif state.is_demo:
            before, after = tr("Made-up company. Everybody's password is {word}.").split("{word}")
            self.note.show_words((before, Span(state.demo_password, bold=True), after))
        else:
            self.note.show_words(tr("What you did here and what is not sent yet stays yours."))
        self.people.show_rows(
            [Row(each.code, number=each.title, source=_role(each.role)) for each in state.people]
        )
        self.people.setFixedHeight(self.people.content_height_px())
        self._frame.setVisible(bool(state.people) and not state.wants_new)
        self.user_field.setVisible(not state.people)
        way_back = tr("Another person") if state.must_change else tr("Keep the password")
        self.change.say(way_back if state.wants_new else tr("Change password"))
        known = {each.code for each in state.people}
        if state.people and state.user not in known:
            self.people.pick_first()
        elif state.user in known:
            self.people.pick(state.user)
        mark, sentence = _LINKS[state.link]
        hub = tr("The hub {address}", address=state.hub) if state.hub else tr("The hub on this PC")
        self.link.show_mark(mark, tr(sentence, hub=hub))
        was_asked = self.new_field.isVisibleTo(self)
        for field in (self.new_field, self.again_field):
            field.setVisible(state.wants_new)
        if state.wants_new and not was_asked and self.password.text():
            self.new.setFocus()
        self.enter.set_off(tr("Asking the hub") if state.is_busy else "")

    def _look(self) -> None:
        if not self.isVisible():
            self._timer.stop()  # it went with its window
            return
        self.presenter.look()
        self._looks += 1
        if self._state.waits and self._looks % ASK_LOOKS == 0:
            self.once("ask_in", self.presenter.ask_in)

    def _pick(self, user: str) -> None:
        if user and not self._is_drawing:  # a hand chose, not the page itself
            self.presenter.choose(user)

    async def _enter(self) -> None:
        user = self.people.current_key() if self._state.people else self.user.text()
        await self.presenter.enter(user, self.password.text(), self.new.text(), self.again.text())
        if not self._state.wants_new:  # a first password stays while its owner chooses another
            self._forget()

    def _step(self, by: int) -> None:
        if not self._state.wants_new:  # whose password it is stays as it is
            self.people.step(by)

    def _next(self) -> None:
        if self._state.wants_new:
            self.new.setFocus()
        else:
            self.submit()

    def _forget(self) -> None:
        for field in (self.password, self.new, self.again):
            field.clear()

    def _connect(self) -> None:
        self.go("connect")

    def _practise(self) -> None:
        if self.on_practice is not None:
            self.on_practice()

    def _speak(self) -> None:
        code = door.other_language()[0]
        words.set_language(code)
        self.once("speak", lambda: self.presenter.speak(code))


def _role(role: Role) -> str:
    return tr(_ROLES.get(role, ""))
