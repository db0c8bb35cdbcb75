"""Where one is told outside the program: rows of one's own addresses, a try, an end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from app.editor import State
from app.presenters.settings_notices import SettingsNotices
from app.text import N_
from widgets.aio import Tasks
from widgets.controls import Button
from widgets.hub_editor import HubEditorPage
from widgets.keys import Key
from widgets.screen_page import Go
from widgets.words import tr, trn

_TRY_KEY: Final = "T"
_TRY: Final = N_("Try it")


class SettingsNoticesPage(HubEditorPage):
    """Rows of addresses and a form for one more."""

    code = "settings_notices"
    help_topic = "notices"
    name = N_("Told outside")
    title_title = N_("Address")
    new_title = N_("New address")
    make_title = N_("Tell me there")
    end_title = N_("Remove")
    empty_icon = "list"
    empty_words = N_("You are told at this desk only")

    def __init__(self, presenter: SettingsNotices, tasks: Tasks, go: Go) -> None:
        self.notices = presenter
        self.try_it = Button("", _TRY_KEY)
        super().__init__(presenter, tasks, go)

    @override
    def lay_out_more(self) -> None:
        super().lay_out_more()
        self.try_it.setObjectName(f"{self.code}/try")
        self.try_it.clicked.connect(self._try)
        self.keys_row.insertWidget(3, self.try_it)

    @override
    def keys(self) -> Sequence[Key]:
        tries = (Key(_TRY_KEY, tr(_TRY), self._try),) if self._may_end(self._state) else ()
        return (*super().keys(), *tries)

    @override
    def alt_needed(self, needed: bool) -> None:
        super().alt_needed(needed)
        self.try_it.set_alt(needed)

    @override
    def say(self) -> None:
        super().say()
        self.try_it.setText(tr(_TRY))
        self.try_it.setAccessibleName(tr(_TRY))

    @override
    def draw(self, state: State) -> None:
        super().draw(state)
        why_not = self.notices.why_not_end()
        self.try_it.setVisible(self._may_end(state))
        self.try_it.set_off(trn(why_not) if why_not else "")

    def _try(self) -> None:
        self.once("try", self.notices.try_this)
