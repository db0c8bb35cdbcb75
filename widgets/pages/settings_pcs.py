"""PCs: those that wait with the code they show, those that work here, and the two keys that decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtWidgets import QHBoxLayout
from typing_extensions import override

from app.ports import Changes, Pc
from app.presenters.settings_pcs import STATES, SettingsPcs, State
from app.text import N_
from widgets import theme
from widgets.aio import Tasks
from widgets.controls import Button, Pane
from widgets.empty import EmptyState
from widgets.keys import Key
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import day_there, moment, tr, trn

ROWS_SHOWN: Final = 14
_IN_KEY: Final = "A"
_OUT_KEY: Final = "X"
_IN: Final = N_("Let in")
_OUT: Final = N_("Put out")


class SettingsPcsPage(SectionPage[State]):
    """PCs in a table, those that wait first."""

    code = "settings_pcs"
    help_topic = "company"

    def __init__(self, presenter: SettingsPcs, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        px = theme.current().px
        self.heading, self.about = heading(), Prose(style=NOTE)
        self.model = ListModel(())
        self.table = Table("", self.model)
        self.table.setObjectName(f"{self.code}/pcs")
        self.table.picked.connect(self._pick)
        self.empty = EmptyState("people")
        self.add_part(self.about, self.table, self.empty, heading=self.heading)
        self.column.addStretch(1)
        self.let_in = Button("", _IN_KEY, "primary")
        self.let_in.setObjectName(f"{self.code}/approve")
        self.let_in.clicked.connect(self._approve)
        self.put_out = Button("", _OUT_KEY)
        self.put_out.setObjectName(f"{self.code}/revoke")
        self.put_out.clicked.connect(self._revoke)
        self.why = Prose(style=NOTE, wraps=False)
        self.bar = Pane("alt", "top")
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(px("space.5"), 0, px("space.5"), 0)
        row.setSpacing(px("space.2"))
        self.bar.setFixedHeight(px("action.h"))
        for part in (self.let_in, self.put_out, self.why):
            row.addWidget(part)
        row.addStretch(1)
        self.add_bar(self.bar)
        self.begin()

    @override
    def title(self) -> str:
        return tr("PCs")

    @override
    def keys(self) -> Sequence[Key]:
        return (Key(_IN_KEY, tr(_IN), self._approve), Key(_OUT_KEY, tr(_OUT), self._revoke))

    @override
    def alt_needed(self, needed: bool) -> None:
        self.let_in.set_alt(needed)
        self.put_out.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self._state.pcs else self).setFocus()

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
        self.heading.show_words(tr("PCs"))
        self.table.setAccessibleName(tr("PCs"))
        self.about.show_words(tr("A new PC shows a code at sign-in. Compare it before you let it in."))
        self.empty.show_words(
            "people", tr("No PC has asked yet"), tr("Whoever signs in at one is listed here.")
        )
        for button, word in ((self.let_in, _IN), (self.put_out, _OUT)):
            button.setText(tr(word))
            button.setAccessibleName(tr(word))
            button.updateGeometry()
        self.model = ListModel(
            (
                Column("code", tr("Code"), px("line.number.w"), kind="strong"),
                Column("pc", tr("PC")),
                Column("state", tr("State"), px("line.number.w")),
                Column("who", tr("Asked by"), px("line.number.w")),
                Column("at", tr("Last sign-in"), px("line.number.w"), kind="meta"),
            )
        )
        self.table.show_model(self.model)

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.model.show_rows([self._row(pc, state) for pc in state.pcs])
        rows = min(len(state.pcs), ROWS_SHOWN)
        self.table.setFixedHeight(theme.current().px("row.head") + rows * theme.current().px("row.table"))
        for part in (self.table, self.bar, self.about):
            part.setVisible(bool(state.pcs))
        self.empty.setVisible(state.is_loaded and not state.pcs)
        if state.here and self.table.current_key() != state.here:
            self.table.pick(state.here)
        no_in, no_out = self.presenter.why_not_approve(), self.presenter.why_not_revoke()
        self.let_in.set_off(trn(no_in) if no_in else "")
        self.put_out.set_off(trn(no_out) if no_out else "")
        pc = state.pc()
        is_alarmed = pc is not None and pc.alarm_at is not None
        self.why.show_words(
            tr("Somebody else came with a sign-in of this PC. Put it out, or let it in again.")
            if is_alarmed
            else ""
        )

    def _row(self, pc: Pc, state: State) -> TableRow:
        said = tr("Used elsewhere") if pc.alarm_at is not None else tr(STATES[pc.state])
        return TableRow(pc.id, (pc.code, pc.title, said, pc.asked_by, self._when(pc.last_at, state)))

    def _when(self, at: datetime | None, state: State) -> str:
        return moment(at, state.zone, day_there(state.now or at, state.zone)) if at is not None else ""

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _approve(self) -> None:
        self.once("approve", self.presenter.approve)

    def _revoke(self) -> None:
        self.once("revoke", self.presenter.revoke)
