"""Plan together: what one plan for all orders that leave next would move, what that saves, and one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.wave import State, Wave
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.evidence import Evidence
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.prose import META, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.table import ListModel, Table
from widgets.wave_rows import about_line, columns_of_wave, rows_of_wave, summary
from widgets.words import tr

_UP_DOWN: Final = N_("Up and down")


class WavePage(ScreenPage[State]):
    """One table: the moves of the plan and what became of each, then what was left out."""

    code = "wave"
    help_topic = "wave"

    def __init__(self, presenter: Wave, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self.fact = Prose("", META, wraps=False)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("wave/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._act("open"))
        self.empty = EmptyState("truck")
        self.side = Evidence("")
        self.side.setObjectName("wave/about")
        self.bar = ActionBar(self.code)
        sheet = Pane("base")
        self.foot = QVBoxLayout(sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        for part in (self.table, self.empty):
            self.foot.addWidget(part, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        fill = QHBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=theme.current().px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Plan together")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *self.bar.keys(),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(tr("Moves of the plan"))
        self.side.setAccessibleName(tr("About this line"))
        self.model = ListModel(columns_of_wave())
        self.table.show_model(self.model)

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.fact.show_words(summary(state))
        rows = [] if state.is_planning else rows_of_wave(state)
        self.model.show_rows(rows)
        if rows and state.here not in {row.key for row in rows}:
            self.presenter.choose(rows[0].key)
            return
        if rows and self.table.current_key() != state.here:
            self.table.pick(state.here)
        about = about_line(state) if rows else ()
        self.side.show_sections(about)
        self.side.setVisible(bool(about))
        if self.table.hasFocus() and not rows:
            self.setFocus()
        self.table.setVisible(bool(rows))
        if rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not rows)
        self.empty.show_words(*_nothing(state))
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts))
        self.offer(state.undo, self.presenter.undo)

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _act(self, code: str) -> None:
        if code == "open" and self._state.here:
            self.go("order", id=self._state.here)
        elif code == "plan":
            self.once("plan", self.presenter.plan)
        elif code == "confirm":
            self.once("confirm", lambda: self.presenter.confirm(tr("Planned together")))


def _nothing(state: State) -> tuple[str, str, str]:
    """Say why there is no line, and what to do."""
    if state.is_planning:
        return "clock", tr("Planning all orders together"), tr("The best plan of ten seconds is shown.")
    return (
        "truck",
        tr("Nothing to move"),
        tr("Every released order is sent from where it costs least. R plans again."),
    )
