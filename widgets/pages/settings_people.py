"""People: who may sign in, and the first password one hands over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.editor import State
from app.presenters.settings_people import SettingsPeople
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, Pane
from widgets.editor import EditorPage
from widgets.keys import Key
from widgets.prose import Prose, Span
from widgets.screen_page import Go
from widgets.words import tr

_HAND_OVER_KEY: Final = "P"
_HAND_OVER: Final = N_("First password")


class SettingsPeoplePage(EditorPage):
    """Rows of colleagues, and what one of them is."""

    code = "settings_people"
    help_topic = "company"
    name = N_("People")
    code_title = N_("Sign-in name")
    title_title = N_("Name")
    new_title = N_("New person")
    empty_icon = "people"
    empty_words = N_("Nobody is here yet")

    def __init__(self, presenter: SettingsPeople, tasks: Tasks, go: Go) -> None:
        self.people = presenter
        self.password = Button("", _HAND_OVER_KEY)
        self.secret = Prose()
        self.secret_line = Pane("sel", "top")
        super().__init__(presenter, tasks, go)

    @override
    def lay_out_more(self) -> None:
        self.password.setObjectName(f"{self.code}/password")
        self.password.clicked.connect(self._give)
        self.secret.setObjectName(f"{self.code}/secret")
        self.keys_row.insertWidget(2, self.password)
        px = theme.current().px
        row = QHBoxLayout(self.secret_line)
        row.setContentsMargins(px("space.5"), px("space.3"), px("space.5"), px("space.3"))
        row.addWidget(self.secret)
        self.add_bar(self.secret_line, self.bar)

    @override
    def keys(self) -> Sequence[Key]:
        keys = list(super().keys())
        if self._may_give():
            keys.append(Key(_HAND_OVER_KEY, tr(_HAND_OVER), self._give))
        return keys

    @override
    def alt_needed(self, needed: bool) -> None:
        super().alt_needed(needed)
        self.password.set_alt(needed)

    @override
    def closed(self) -> None:
        self.people.forget()

    @override
    def say(self) -> None:
        super().say()
        self.password.setText(tr(_HAND_OVER))
        self.password.setAccessibleName(tr(_HAND_OVER))

    @override
    def draw(self, state: State) -> None:
        super().draw(state)
        self.password.setVisible(self._may_give())
        who = next((item.title for item in state.items if item.code == state.here), state.here)
        before, after = tr(
            "Hand over to {name}: {password}  It is told once and lasts 7 days. It opens the door to choose "
            "another."
        ).split("{password}")
        before = before.replace("{name}", who)
        self.secret.show_words((before, Span(state.secret, bold=True), after) if state.secret else "")
        self.secret_line.setVisible(bool(state.secret))

    def _may_give(self) -> bool:
        state = self._state
        return state.may and not state.is_new and not state.is_changed and bool(state.here)

    def _give(self) -> None:
        if self._may_give():
            self.once("password", self.people.first_password)
