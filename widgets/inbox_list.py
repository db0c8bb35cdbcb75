"""The left side of the inbox: splits, filter, the list, and what stands where there is none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.inbox_state import State
from widgets import theme
from widgets.controls import Pane
from widgets.duty_words import SPLIT_TITLES, Spoken, lines_of
from widgets.empty import EmptyState
from widgets.filter_field import FilterField
from widgets.rows import RowList
from widgets.splits import Split, Splits
from widgets.words import count, tr

NEAR: Final = 40
"""So many rows before the end of what is loaded the next ones are asked for."""


class InboxList(Pane):
    """Rows of one split; a hand near an end of what is loaded asks for more by `edge` (-1 | 1)."""

    edge = Signal(int)
    jumped = Signal(int)

    def __init__(self) -> None:
        super().__init__("base")
        self._listed: tuple[object, ...] = ()  # what the lines on screen were made of
        self._said: dict[str, Spoken] = {}
        self._state = State()
        self.splits = Splits("inbox")
        self.filter = FilterField("inbox/filter")
        self.rows = RowList("")
        self.rows.setObjectName("inbox/rows")
        self.rows.picked.connect(lambda _key: self._look_near())
        self.rows.verticalScrollBar().valueChanged.connect(lambda _at: self._look_near())
        self.rows.ended.connect(self.jumped)
        self.no_rows = EmptyState("inbox")
        px = theme.current().px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splits)
        head = QVBoxLayout()
        head.setContentsMargins(px("space.3"), px("space.2"), px("space.3"), px("space.2"))
        head.addWidget(self.filter)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        column.addWidget(self.no_rows, 1)

    def say(self) -> None:
        """Take the words of the language again."""
        self.filter.say(tr("Filter: type, shop, person, number"), tr("Filter the exceptions"))
        self.rows.setAccessibleName(tr("Exceptions"))
        self._listed = ()
        self._said.clear()

    def draw(self, state: State) -> None:
        """Show what is loaded of the split."""
        self._state = state
        counts = dict(state.counts)
        self.splits.show_splits(
            [Split(code, tr(label), count(counts.get(code, 0))) for code, label in SPLIT_TITLES.items()],
            state.split,
        )
        listed = (state.rows, state.reasons, state.split, state.now, state.zone)
        if listed != self._listed:
            self._listed = listed
            self.rows.show_rows(lines_of(state, self._said))

    def follow(self, wanted: str) -> None:
        """Stand on the row of the card, unless the hand is ahead of it on its way to `wanted`."""
        card = self._state.card
        here = card.row.key if card is not None else ""
        if here and not wanted and self.rows.current_key() != here and not self.rows.pick(here):
            self.rows.show_held()  # what was taken back came in above
            self.rows.pick(here)

    def let_in(self) -> None:
        """Rows that a hand asked for are no news: they do not wait above."""
        if self.rows.held_count():
            self.rows.show_held()
            self.rows.scrollTo(self.rows.currentIndex())

    def say_empty(self) -> None:
        """Say why there is nothing, and what to do."""
        state = self._state
        self.rows.setVisible(bool(state.rows))
        self.no_rows.setVisible(not state.rows)
        if not state.is_loaded:
            self.no_rows.show_words("clock", tr("Reading the exceptions"))
        elif state.text:
            self.no_rows.show_words("search", tr("Nothing for {text}", text=state.text), tr("Esc clears it."))
        elif state.split != "group":
            self.no_rows.show_words("check", tr("Nothing in this split"), tr("Tab goes on to the next one."))
        else:
            self.no_rows.show_words("check", tr("No exceptions"), tr("New ones come in by themselves."))

    def _look_near(self) -> None:
        """Ask for what comes next before the hand or the wheel is there."""
        loaded, bar = len(self._state.rows), self.rows.verticalScrollBar()
        if not loaded or self.rows.rows.rowCount() < loaded:
            return
        at = self.rows.currentIndex().row()
        is_low = at >= loaded - NEAR or (bar.maximum() and bar.value() >= bar.maximum())
        is_high = 0 <= at < NEAR or bar.value() <= 0
        if is_low and self._state.has_more:
            self.edge.emit(1)
        elif is_high and not is_low and self._state.start:
            self.edge.emit(-1)
