"""Notices: what one was told of in a table, the one under the keys explained beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.notices import LOG, MINE, Notices, State
from app.text import N_
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane
from widgets.empty import EmptyState
from widgets.evidence import Evidence
from widgets.keys import Key
from widgets.notice_rows import about_notice, columns_of_log, columns_of_notices, rows_of_log, rows_of_notices
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.screen_page import Go, ScreenPage
from widgets.splits import Split, Splits
from widgets.table import ListModel, Table
from widgets.words import tr

_UP_DOWN: Final = N_("Up and down")
_NEXT_VIEW: Final = N_("Next view")
_VIEWS: Final = {MINE: N_("Mine"), LOG: N_("Deliveries")}


class NoticesPage(ScreenPage[State]):
    """One table in two views: one's own notices, and for leads what became of all of them."""

    code = "notices"
    help_topic = "notices"

    def __init__(self, presenter: Notices, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._columns_of = ""
        px = theme.current().px
        self.views = Splits(self.code, in_top_bar=True)
        self.views.chosen.connect(self._turn)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("notices/table")
        self.table.picked.connect(self._pick)
        self.table.opened.connect(lambda _key: self._act("open"))
        self.empty = EmptyState("bell")
        self.side = Evidence("")
        self.side.setObjectName("notices/about")
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
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Notices")

    @override
    def header(self) -> QWidget:
        return self.views

    @override
    def keys(self) -> Sequence[Key]:
        keys = [
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *self.bar.keys(),
        ]
        if self._state.may_read_log:
            keys.append(Key("Tab", tr(_NEXT_VIEW), self.views.step, when=self._is_among_lines))
            keys.append(Key("Ctrl+Tab", tr(_NEXT_VIEW), self.views.step, quiet=True))
        return keys

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    def _is_among_lines(self) -> bool:
        return self.table.hasFocus() or self.hasFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(tr("Notices"))
        self.side.setAccessibleName(tr("About this line"))
        self._columns_of = ""

    @override
    def draw(self, state: State) -> None:
        self._state = state
        views = tuple(_VIEWS) if state.may_read_log else ()
        self.views.show_splits([Split(code, tr(_VIEWS[code])) for code in views], state.split)
        if self._columns_of != state.split:
            self._columns_of = state.split
            self.model = ListModel(columns_of_log() if state.split == LOG else columns_of_notices())
            self.table.show_model(self.model)
        rows = rows_of_log(state) if state.split == LOG else rows_of_notices(state)
        self.model.show_rows(rows)
        if rows and state.here not in {row.key for row in rows}:
            self.presenter.choose(rows[0].key)
            return
        if rows and self.table.current_key() != state.here:
            self.table.pick(state.here)
        about = about_notice(state)
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

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self.presenter.turn(split))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _act(self, code: str) -> None:
        if code == "open" and self._state.order:
            self.once("open", self._open)
        elif code == "read":
            self.once("read", self.presenter.read)
        elif code == "read_all":
            self.once("read", self.presenter.read_all)

    async def _open(self) -> None:
        """Whoever opens the order has read of it."""
        order = self._state.order
        await self.presenter.read()
        self.go("order", id=order)


def _nothing(state: State) -> tuple[str, str, str]:
    """Say why there is no line, and what to do."""
    if not state.is_loaded or (state.split == LOG and state.log is None and state.notice is None):
        return "clock", tr("Looking"), ""
    if state.split == LOG:
        return (
            "bell",
            tr("Nobody was told of anything"),
            tr("What is told stands here, with what became of it."),
        )
    return (
        "bell",
        tr("Nothing waits for you"),
        tr("When an order is held until you do something, it stands here."),
    )
