"""The trainer's desk: a wall of who practises, people, lessons and cohorts in one table; more beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.presenters.training import COHORTS, LESSONS, PEOPLE, RANGES, SPLITS, WALL, State, Training, days_of
from app.text import N_
from widgets import folders
from widgets.aio import Tasks
from widgets.cells import Column
from widgets.keys import Key
from widgets.prose import META, Prose
from widgets.screen_page import Go
from widgets.split_page import Drawn, SplitPage
from widgets.splits import Split, Splits
from widgets.training_rows import about, columns_of, rows_of
from widgets.words import count, day_there, moment, short_day, tr, trn

EVERY_MS: Final = 15_000
"""So often the wall is asked anew while somebody looks at it."""
_DAYS: Final = {1: N_("Today"), 7: N_("7 days"), 28: N_("28 days")}
_NOTHING: Final = {
    WALL: (N_("Nobody practises now"), N_("F12 opens practice, on every desk.")),
    PEOPLE: (N_("Nobody works here yet"), N_("People are taken in under Settings.")),
    LESSONS: (N_("No lesson was tried in these days"), N_("Press 3 for 28 days.")),
    COHORTS: (N_("Nobody began within a year"), N_("Who begins stands here after the first order.")),
}


class TrainingPage(SplitPage[State]):
    """One table in four views over three ranges of days."""

    code = "training"
    help_topic = "training"

    def __init__(self, presenter: Training, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.ranges = Splits(f"{self.code}/days", in_top_bar=True)
        self.ranges.chosen.connect(lambda code: self._take(int(code)))
        self.fact = Prose("", META, wraps=False)
        self._wall = QTimer(self)
        self._wall.setInterval(EVERY_MS)
        self._wall.timeout.connect(lambda: self.latest("wall", self.presenter.look))
        self.lay(self.over_table(self.fact))

    @override
    def title(self) -> str:
        return tr("Training")

    @override
    def header(self) -> QWidget:
        return self.ranges

    @override
    def own_keys(self) -> Sequence[Key]:
        return [Key(str(n), tr(_DAYS[days]), partial(self._take, days)) for n, days in enumerate(RANGES, 1)]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wall.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wall.stop()

    @override
    def splits_of(self, state: State) -> Sequence[Split]:
        return [Split(code, tr(SPLITS[code]), _many(code, state)) for code in state.splits]

    @override
    def columns_of(self, state: State) -> Sequence[Column]:
        return columns_of(state.split)

    @override
    def drawn(self, state: State) -> Drawn:
        title, hint = _NOTHING[state.split]
        asking = ("clock", tr("Asking the hub"), "")
        return Drawn(
            rows_of(state), about(state), ("people", tr(title), tr(hint)) if state.is_loaded else asking
        )

    @override
    def draw_own(self, state: State) -> None:
        self.ranges.show_splits([Split(str(days), tr(_DAYS[days])) for days in RANGES], str(state.days))
        self.fact.show_words(_fact(state))
        if state.made is not None and state.notice is None:
            self.notice.show_notice(trn(state.made), "saved")
        elif state.written is not None and state.notice is None:
            path, lines = state.written
            self.notice.show_notice(tr("{count} lines are in {path}", count=lines, path=path), "saved")

    @override
    def act(self, code: str) -> None:
        if code == "write":
            self.once("write", self._write)
        elif code == "deck":
            self.once("deck", self.presenter.make_deck)
        else:
            self.go("settings", section=f"settings_{code}")

    def _take(self, days: int) -> None:
        self.latest("days", lambda: self.presenter.take(days))

    async def _write(self) -> None:
        state = self.presenter.state
        if state.now is None:
            return
        folder = folders.ready(state.exports)
        stem = f"docket-training-{state.split}-{day_there(state.now, state.zone):%Y%m%d}-{state.days}d"
        await self.presenter.write(str(folders.free_name(folder, stem, ".xlsx")), trn)


def _many(split: str, state: State) -> str:
    """Say how many practise, and how many are late: what somebody must see without turning there."""
    if split == WALL and state.report is not None:
        return count(len(state.report.learners))
    late = sum(one.late > 0 for one in state.people)
    return count(late) if split == PEOPLE and late else ""


def _fact(state: State) -> str:
    """Of which days, as they stood when."""
    report = state.report
    if report is None:
        return ""
    first, last = (day_there(day, report.zone) for day in days_of(report))
    days = short_day(first) if first == last else f"{short_day(first)}–{short_day(last)}"
    at = moment(report.as_of, report.zone, day_there(state.now or report.as_of, report.zone))
    return " · ".join((days, tr("as of {time}", time=at)))
