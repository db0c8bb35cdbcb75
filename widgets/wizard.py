"""The frame of a long guide with tables: steps at the left, one question over a body that fills the room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from widgets import theme
from widgets.action_bar import Action, ActionBar
from widgets.controls import Pane
from widgets.prose import QUIET, TITLE, Prose, Rich, plain
from widgets.step_rail import RailStep, StepRail


class Wizard(QWidget):
    """Rail, question, one body at a time, action bar; `foot` ends with the bar, as a page wants it."""

    step_asked = Signal(str)

    def __init__(self, page: str) -> None:
        super().__init__()
        px = theme.current().px
        self.rail = StepRail("")
        self.rail.picked.connect(self.step_asked)
        self._title, self._reason = Prose(style=TITLE), Prose(style=QUIET)
        self._bodies: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self.bar = ActionBar(page)
        head = QVBoxLayout()
        edge = px("space.5")
        head.setContentsMargins(edge, px("space.4"), edge, px("space.3"))
        head.setSpacing(px("space.half"))
        head.addWidget(self._title)
        head.addWidget(self._reason)
        self.sheet = Pane("base")
        self.foot = QVBoxLayout(self.sheet)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.foot.addLayout(head)
        self.foot.addWidget(self._stack, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.rail)
        columns.addWidget(self.sheet, 1)

    def add_body(self, code: str, body: QWidget) -> None:
        """Know what fills the room in a step."""
        self._bodies[code] = body
        self._stack.addWidget(body)

    def end_with(self, notice: QWidget) -> None:
        """Put what was refused over the action bar."""
        self.foot.addWidget(notice)
        self.foot.addWidget(self.bar)

    def show_body(self, code: str) -> bool:
        """Bring a body to the front; say whether it was another one before."""
        body = self._bodies[code]
        is_other = self._stack.currentWidget() is not body
        self._stack.setCurrentWidget(body)
        return is_other

    def show_steps(self, title: str, note: str, steps: Sequence[RailStep], foot: Rich = "") -> None:
        """Show where in the guide this is."""
        self.rail.show_steps(title, note, steps, foot)

    def show_question(self, title: Rich, reason: Rich = "") -> None:
        """Ask something, and say why it is asked; the room of the reason is kept."""
        self._title.show_words(title)
        self._reason.show_words(reason)

    def question(self) -> str:
        """What is asked."""
        return plain(self._title.words())

    def reason(self) -> str:
        """Why it is asked."""
        return plain(self._reason.words())

    def show_actions(self, actions: Sequence[Action]) -> None:
        """Show what can be done here."""
        self.bar.show_actions(actions)
