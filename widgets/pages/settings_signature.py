"""PIN and badge of whoever sits here: what there is, and a form for new ones; nothing of it can be read."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from typing_extensions import override

from app.ports import Changes
from app.presenters.settings_signature import SettingsSignature, State
from app.text import N_
from widgets.aio import Tasks
from widgets.controls import Button
from widgets.facts import Fact, Facts
from widgets.fields import Field
from widgets.password_field import PasswordField
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading, row
from widgets.words import tr

_ABOUT: Final = N_(
    "Who reviews or takes over a shift beside a colleague signs there with a PIN or a badge. "
    "The colleague stays signed in; the signature is yours."
)
_FIELDS: Final = (N_("Your password"), N_("New PIN, 6 to 12 digits"), N_("The same once more"),
                  N_("New badge: scan it here"))  # fmt: skip


class SettingsSignaturePage(SectionPage[State]):
    """Facts, then the form."""

    code = "settings_signature"
    help_topic = "review"

    def __init__(self, presenter: SettingsSignature, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.about, self.has = Prose(style=NOTE), Facts("")
        self.password, self.pin, self.again, self.badge = (PasswordField() for _ in range(4))
        names = ("password", "pin", "again", "badge")
        self.fields = [
            Field(f"{self.code}/{name}", "", "", field)
            for name, field in zip(names, self._secrets(), strict=True)
        ]
        self.keep, self.end = Button("", "Ctrl+Enter", "primary"), Button("", "", "quiet")
        self.keep.setObjectName(f"{self.code}/keep")
        self.end.setObjectName(f"{self.code}/end")
        self.keep.clicked.connect(self.submit)
        self.end.clicked.connect(lambda: self.once("end", self._end))
        for field in self._secrets():
            field.returnPressed.connect(self._next)
        self.headings = [heading(), heading()]
        self.add_part(self.about, self.has, heading=self.headings[0])
        self.add_part(*self.fields, row(self.keep, self.end), heading=self.headings[1])
        self.column.addStretch(1)
        self.begin()

    @override
    def title(self) -> str:
        return tr("My signature")

    @override
    def focus_first(self) -> None:
        self.password.setFocus()

    @override
    def submit(self) -> None:
        self.once("keep", self._keep)

    @override
    def closed(self) -> None:
        self._forget()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        for head, words in zip(self.headings, (tr("What you sign with"), tr("Change it")), strict=True):
            head.show_words(words)
        self.about.show_words(tr(_ABOUT))
        self.has.setAccessibleName(tr("What you sign with"))
        for field, words in zip(self.fields, _FIELDS, strict=True):
            field.name_anew(tr(words))
        for button, words in ((self.keep, tr("Keep")), (self.end, tr("Sign with neither"))):
            button.setText(words)
            button.setAccessibleName(words)

    @override
    def draw(self, state: State) -> None:
        off = "" if state.has is not None else tr("Needs the hub, offline now")
        for button in (self.keep, self.end):
            button.set_off(off)
        if state.has is None:
            self.has.show_facts(())
            return
        self.has.show_facts(
            (
                Fact(tr("PIN"), _since(state.has.pin_at, state)),
                Fact(tr("Badge"), _since(state.has.badge_at, state)),
            )
        )

    def _secrets(self) -> tuple[PasswordField, ...]:
        return self.password, self.pin, self.again, self.badge

    def _next(self) -> None:
        """Go to the next empty field; a badge ends with Enter, which keeps it."""
        empty = [field for field in self._secrets()[:3] if not field.text()]
        if self.badge.hasFocus() or not empty:
            self.submit()
        else:
            empty[0].setFocus()

    async def _keep(self) -> None:
        if await self.presenter.keep(*(field.text() for field in self._secrets())):
            self._forget()

    async def _end(self) -> None:
        if await self.presenter.end(self.password.text()):
            self._forget()

    def _forget(self) -> None:
        for field in self._secrets():
            field.clear()


def _since(at: datetime | None, state: State) -> str:
    return f"{at.astimezone(ZoneInfo(state.zone)):%Y-%m-%d %H:%M}" if at is not None else tr("None yet")
