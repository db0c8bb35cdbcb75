"""The trainer's desk: a wall of who practises, people, lessons and cohorts in one table; more beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.training import COHORTS, LESSONS, PEOPLE, RANGES, SPLITS, WALL, State, Training, days_of
from app.text import N_
from widgets import folders, theme
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
from widgets.splits import Split, Splits
from widgets.table import ListModel, Table
from widgets.training_rows import about, columns_of, rows_of
from widgets.words import count, day_there, moment, short_day, tr, trn

EVERY_MS: Final = 15_000
"""So often the wall is asked anew while somebody looks at it."""
_UP_DOWN: Final = N_("Up and down")
_NEXT_VIEW: Final = N_("Next view")
_DAYS: Final = {1: N_("Today"), 7: N_("7 days"), 28: N_("28 days")}
_NOTHING: Final = {
    WALL: (N_("Nobody practises now"), N_("F12 opens practice, on every desk.")),
    PEOPLE: (N_("Nobody works here yet"), N_("People are taken in under Settings.")),
    LESSONS: (N_("No lesson was tried in these days"), N_("Press 3 for 28 days.")),
    COHORTS: (N_("Nobody began within a year"), N_("Who begins stands here after the first order.")),
}


class TrainingPage(ScreenPage[State]):
    """One table in four views over three ranges of days."""

    code = "training"
    help_topic = "training"

    def __init__(self, presenter: Training, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._columns_of = ""
        px = theme.current().px
        self.views = Splits(self.code, in_top_bar=True)
        self.views.chosen.connect(self._turn)
        self.ranges = Splits(f"{self.code}/days", in_top_bar=True)
        self.ranges.chosen.connect(lambda code: self._take(int(code)))
        self.fact = Prose("", META, wraps=False)
        self.model = ListModel(())
        self.table = Table("", self.model, edge="space.4")
        self.table.setObjectName("training/table")
        self.table.picked.connect(self._pick)
        self.empty = EmptyState("people")
        self.side = Evidence("")
        self.side.setObjectName("training/about")
        self.bar = ActionBar(self.code)
        self._wall = QTimer(self)
        self._wall.setInterval(EVERY_MS)
        self._wall.timeout.connect(lambda: self.latest("wall", self.presenter.look))
        top, sheet = Pane("base", "bottom"), Pane("base")
        top.setFixedHeight(px("tabs.h"))
        head = QHBoxLayout(top)
        head.setContentsMargins(0, 0, px("space.4"), 0)
        head.addWidget(self.views)
        head.addStretch(1)
        head.addWidget(self.fact)
        foot = QVBoxLayout(sheet)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(top)
        for part in (self.table, self.empty):
            foot.addWidget(part, 1)
        foot.addWidget(self.notice)
        foot.addWidget(self.bar)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(Panes(None, sheet, self.side, evidence_px=px("list.min.w")))
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Training")

    @override
    def header(self) -> QWidget:
        return self.ranges

    @override
    def keys(self) -> Sequence[Key]:
        ranges = [
            Key(str(n), tr(_DAYS[days]), lambda days=days: self._take(days))  # type: ignore[misc]
            for n, days in enumerate(RANGES, 1)
        ]
        return [
            Key("J", tr(_UP_DOWN), lambda: self.table.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.table.step(-1), repeats=True),
            *ranges,
            *self.bar.keys(),
            Key("Tab", tr(_NEXT_VIEW), self.views.step, when=self._is_among_lines),
            Key("Ctrl+Tab", tr(_NEXT_VIEW), self.views.step, quiet=True),
        ]

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        (self.table if self.table.isVisibleTo(self) else self).setFocus()

    def _is_among_lines(self) -> bool:
        """The keys are on the lines, or on the page where there are none."""
        return self.table.hasFocus() or self.hasFocus()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wall.start()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._wall.stop()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.table.setAccessibleName(tr("Training"))
        self.side.setAccessibleName(tr("About this line"))
        self._columns_of = ""

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.views.show_splits(
            [Split(code, tr(SPLITS[code]), _many(code, state)) for code in state.splits], state.split
        )
        self.ranges.show_splits([Split(str(days), tr(_DAYS[days])) for days in RANGES], str(state.days))
        self.fact.show_words(_fact(state))
        if self._columns_of != state.split:
            self._columns_of = state.split
            self.model = ListModel(columns_of(state.split))
            self.table.show_model(self.model)
        rows = rows_of(state)
        self.model.show_rows(rows)
        if rows and state.here not in {row.key for row in rows}:
            self.presenter.choose(rows[0].key)
            return
        if rows and self.table.current_key() != state.here:
            self.table.pick(state.here)
        self.side.show_sections(about(state))
        if self.table.hasFocus() and not rows:
            self.setFocus()
        self.table.setVisible(bool(rows))
        if rows and self.hasFocus():
            self.table.setFocus()
        self.empty.setVisible(not rows)
        title, hint = _NOTHING[state.split]
        if state.is_loaded:
            self.empty.show_words("people", tr(title), tr(hint))
        else:
            self.empty.show_words("clock", tr("Asking the hub"))
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts))
        if state.made is not None and state.notice is None:
            self.notice.show_notice(trn(state.made), "saved")
        elif state.written is not None and state.notice is None:
            path, lines = state.written
            self.notice.show_notice(tr("{count} lines are in {path}", count=lines, path=path), "saved")

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self.presenter.turn(split))

    def _take(self, days: int) -> None:
        self.latest("days", lambda: self.presenter.take(days))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)

    def _act(self, code: str) -> None:
        if code == "write":
            self.once("write", self._write)
        elif code == "deck":
            self.once("deck", self.presenter.make_deck)
        else:
            self.go("settings", section=f"settings_{code}")

    async def _write(self) -> None:
        state = self._state
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
