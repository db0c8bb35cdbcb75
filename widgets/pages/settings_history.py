"""The history of the settings: who published what and when; before and after of one; one key back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.ports import Changes
from app.presenters.settings_history import Deed, SettingsHistory, State
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, Pane
from widgets.diff import DiffRow, DiffTable, DiffTitles
from widgets.empty import EmptyState
from widgets.keys import Key
from widgets.prose import NOTE, SECTION, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import day_there, moment, tr, trn

ROWS_SHOWN: Final = 8
"""A longer history scrolls by itself, so that before and after stay in sight."""
_BACK_KEY: Final = "B"
_BACK: Final = N_("Earlier values")


class SettingsHistoryPage(SectionPage[State]):
    """Publications in a table, the newest first; below it what one of them changed."""

    code = "settings_history"
    help_topic = "company"

    def __init__(self, presenter: SettingsHistory, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.heading, self.what = heading(), Prose(style=SECTION)
        self.model = ListModel(())
        self.table = Table("", self.model)
        self.table.setObjectName(f"{self.code}/deeds")
        self.table.picked.connect(self._pick)
        self.empty = EmptyState("history")
        self.who, self.diff = Prose(style=NOTE), DiffTable("")
        self.add_part(self.table, self.empty, heading=self.heading)
        self.add_part(self.who, self.diff, heading=self.what)
        self.column.addStretch(1)
        self.back_button = Button("", _BACK_KEY, "primary")
        self.back_button.setObjectName(f"{self.code}/back")
        self.back_button.clicked.connect(self._go_back)
        self.why = Prose(style=NOTE, wraps=False)
        self.bar = Pane("alt", "top")
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        row.setSpacing(px("space.2"))
        self.bar.setFixedHeight(px("action.h"))
        row.addWidget(self.back_button)
        row.addWidget(self.why)
        row.addStretch(1)
        self.add_bar(self.bar)
        self.begin()

    @override
    def title(self) -> str:
        return tr("History of settings")

    @override
    def keys(self) -> Sequence[Key]:
        return (Key(_BACK_KEY, tr(_BACK), self._go_back),)

    @override
    def alt_needed(self, needed: bool) -> None:
        self.back_button.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self._state.deeds else self).setFocus()

    @override
    def step(self, by: int) -> None:
        if self.table.hasFocus():
            self.table.step(by)
        else:
            super().step(by)

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.heading.show_words(tr("History of settings"))
        self.table.setAccessibleName(tr("History of settings"))
        self.diff.setAccessibleName(tr("Before and after"))
        self.empty.show_words(
            "history", tr("Nothing was changed yet"), tr("Whatever is published stands here.")
        )
        self.back_button.setText(tr(_BACK))
        self.back_button.setAccessibleName(tr(_BACK))
        self.back_button.updateGeometry()
        self.model = ListModel(
            (
                Column("at", tr("When"), px("line.number.w"), kind="meta"),
                Column("who", tr("Who"), px("line.number.w")),
                Column("what", tr("What"), kind="strong"),
            )
        )
        self.table.show_model(self.model)

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.model.show_rows([self._row(deed, state) for deed in state.deeds])
        rows = min(len(state.deeds), ROWS_SHOWN)
        self.table.setFixedHeight(theme.current().px("row.head") + rows * theme.current().px("row.table"))
        for part in (self.table, self.what, self.who, self.diff, self.bar):
            part.setVisible(bool(state.deeds))
        self.empty.setVisible(state.is_loaded and not state.deeds)
        deed = state.deed()
        if deed is None:
            return
        if self.table.current_key() != deed.key:
            self.table.pick(deed.key)
        self.what.show_words(trn(deed.what))
        self.who.show_words(f"{deed.who} · {self._when(deed, state)}")
        self.diff.show_rows(
            [DiffRow(tr(ln.label), trn(ln.before), trn(ln.after), is_changed=True) for ln in deed.lines],
            DiffTitles(tr("Field"), tr("Before"), tr("After"), ""),
        )
        self.diff.setVisible(bool(deed.lines))
        reason = trn(deed.why_not) if deed.why_not else ""
        self.back_button.set_off(reason)
        self.why.show_words(reason or tr("Publishes the values before it as the newest."))
        self.offer(state.undo, self.presenter.undo)

    def _row(self, deed: Deed, state: State) -> TableRow:
        return TableRow(deed.key, (self._when(deed, state), deed.who, trn(deed.what)))

    def _when(self, deed: Deed, state: State) -> str:
        return moment(deed.at, state.zone, day_there(state.now or deed.at, state.zone))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _go_back(self) -> None:
        self.once("back", self.presenter.go_back)
