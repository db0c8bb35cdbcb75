"""Notices: what one was told of in a table, the one under the keys explained beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.presenters.notices import LOG, MINE, Notices, State
from app.text import N_
from widgets.aio import Tasks
from widgets.cells import Column
from widgets.notice_rows import about_notice, columns_of_log, columns_of_notices, rows_of_log, rows_of_notices
from widgets.screen_page import Go
from widgets.split_page import Drawn, SplitPage
from widgets.splits import Split
from widgets.words import tr

_VIEWS: Final = {MINE: N_("Mine"), LOG: N_("Deliveries")}


class NoticesPage(SplitPage[State]):
    """One table in two views: one's own notices, and for leads what became of all of them."""

    code = "notices"
    help_topic = "notices"

    def __init__(self, presenter: Notices, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.lay(None)

    @override
    def title(self) -> str:
        return tr("Notices")

    @override
    def header(self) -> QWidget:
        return self.splits

    @override
    def splits_of(self, state: State) -> Sequence[Split]:
        return [Split(code, tr(_VIEWS[code])) for code in _VIEWS] if state.may_read_log else ()

    @override
    def columns_of(self, state: State) -> Sequence[Column]:
        return columns_of_log() if state.split == LOG else columns_of_notices()

    @override
    def drawn(self, state: State) -> Drawn:
        rows = rows_of_log(state) if state.split == LOG else rows_of_notices(state)
        return Drawn(rows, about_notice(state), _nothing(state))

    @override
    def draw_own(self, state: State) -> None:
        self.side.setVisible(bool(about_notice(state)))

    @override
    def act(self, code: str) -> None:
        if code == "open" and self.presenter.state.order:
            self.once("open", self._open)
        elif code == "read":
            self.once("read", self.presenter.read)
        elif code == "read_all":
            self.once("read", self.presenter.read_all)

    async def _open(self) -> None:
        """Whoever opens the order has read of it."""
        order = self.presenter.state.order
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
