"""Practice: the lessons at the left, what one is about and how it stands beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from app.ports import Changes
from app.presenters.practice import LIST, RESULT, RUNNING, Practice, State
from app.text import N_
from app.training.lesson import MODES, Mode
from widgets import theme
from widgets.action_bar import ActionBar
from widgets.aio import Tasks
from widgets.chips import Chips
from widgets.controls import Pane
from widgets.evidence import Evidence
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.practice_rows import about, rows
from widgets.rows import RowList
from widgets.screen_page import Go, ScreenPage
from widgets.words import tr

_UP_DOWN: Final = N_("Up and down")
TITLES: Final = {LIST: N_("Practice"), RUNNING: N_("The running lesson"), RESULT: N_("How it went")}


class PracticePage(ScreenPage[State]):
    """Enter begins; the same page says how the lesson stands and how it ended."""

    code = "practice"
    help_topic = "practice"

    def __init__(self, presenter: Practice, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self.work: Callable[[], object] = lambda: None  # to the page where the running lesson is worked on
        px = theme.current().px
        self.modes = Chips("practice/modes")
        self.modes.chosen.connect(lambda mode: self.presenter.turn(Mode(mode)))
        self.lessons = RowList("")
        self.lessons.setObjectName("practice/lessons")
        self.lessons.picked.connect(self._pick)
        self.lessons.opened.connect(lambda _key: self._first())
        self.side = Evidence("")
        self.side.setObjectName("practice/about")
        self.bar = ActionBar(self.code)
        left = Pane("base", "right")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, px("space.3"), px("line"), 0)
        column.setSpacing(px("space.2"))
        chips = QVBoxLayout()
        chips.setContentsMargins(px("space.4"), 0, px("space.4"), 0)
        chips.addWidget(self.modes)
        column.addLayout(chips)
        column.addWidget(self.lessons, 1)
        right = Pane("base")
        self.foot = QVBoxLayout(right)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addWidget(self.side, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        self.panes = Panes(left, right, None)
        fill.addWidget(self.panes)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr(TITLES[self._state.place])

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.lessons.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.lessons.step(-1), repeats=True),
            *self.bar.keys(),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def focus_first(self) -> None:
        self.lessons.setFocus()

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.lessons.setAccessibleName(tr("Lessons"))
        self.modes.setAccessibleName(tr("How much help"))
        self.side.setAccessibleName(tr("About this lesson"))

    @override
    def draw(self, state: State) -> None:
        before, self._state = self._state.place, state
        if state.place == LIST != before:  # where they take turns, the lessons are in front
            self.panes.back()
        elif state.place != before:
            self.panes.show_detail()
        self.modes.show_options([(mode, tr(name)) for mode, name in MODES.items()], state.mode)
        self.modes.setEnabled(state.place == LIST)
        self.lessons.show_rows(rows(state))
        if state.here and self.lessons.current_key() != state.here:
            self.lessons.pick(state.here)
        self.side.show_sections(about(state))
        self.bar.show_actions(actions(state.acts, self._act))
        self.bar.setVisible(bool(state.acts))

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing and self._state.place == LIST:
            self.presenter.choose(key)

    def _first(self) -> None:
        """Enter: the first key of the bar, where it is ready."""
        first = next(iter(self._state.acts), None)
        if first is not None and first.is_ready:
            self._act(first.code)

    def _act(self, code: str) -> None:
        if code == "begin" and self.panes.is_narrow and not self.panes.shows_detail:
            self.panes.show_detail()  # nobody begins what they could not read
            return
        calls: dict[str, Callable[[], object]] = {
            "begin": self.presenter.begin,
            "mode": self.presenter.turn,
            "again": self.presenter.again,
            "next": self.presenter.next,
            "list": self.presenter.leave,
            "work": self.work,
            "finish": lambda: self.once("finish", self.presenter.finish),
        }
        calls[code]()
