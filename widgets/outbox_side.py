"""One command of this desk: how safe it is in three words, what was asked, what the hub made of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QVBoxLayout

from app.ports import OutboxRow
from widgets import theme
from widgets.controls import MarkLabel, Pane
from widgets.phrases import OUTBOX_STATES
from widgets.prose import HEADING, NOTE, SECTION, Prose
from widgets.words import tr, trn

_ROAD: Final = ("saved", "accepted", "protected")
_AT: Final = {"saved": 0, "doubtful": 0, "accepted": 1, "protected": 2}


class OutboxSide(Pane):
    """The road of one command, its sentence and what to do; the same lines at the same place for all."""

    def __init__(self) -> None:
        super().__init__("alt")
        px = theme.current().px
        self.heading, self.about = Prose(style=SECTION), Prose(style=NOTE)
        self.steps = [MarkLabel("", "", size="body") for _ in _ROAD]
        self.verdict, self.advice = MarkLabel("", "", size="body", role="text"), Prose(style=NOTE)
        self._made = Prose(style=HEADING)
        self.made = Prose(style=NOTE)
        column = QVBoxLayout(self)
        column.setContentsMargins(px("space.4"), px("space.4"), px("space.4"), px("space.4"))
        column.setSpacing(px("space.1"))
        for part in (self.heading, self.about):
            column.addWidget(part)
        column.addSpacing(px("space.3"))
        for label in (*self.steps, self.verdict):
            column.addWidget(label)
        column.addSpacing(px("space.2"))
        column.addWidget(self.advice)
        column.addSpacing(px("space.3"))
        for part in (self._made, self.made):
            column.addWidget(part)
        column.addStretch(1)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self._made.show_words(tr("What the hub made of it"))

    def draw(self, row: OutboxRow | None, advice: str, when: str, names: dict[str, str]) -> None:
        """Show one command, or nothing."""
        said = trn(row.said) if row is not None and row.said is not None else ""
        self.heading.show_words(said)
        who = names.get(row.who, row.who) if row is not None else ""
        self.about.show_words(" · ".join(part for part in (row.subject, who, when) if part) if row else "")
        at = _AT.get(row.state, -1) if row is not None else -1
        for step, (place, state) in zip(self.steps, enumerate(_ROAD), strict=True):
            mark, words = OUTBOX_STATES[state]
            is_reached = place <= at
            step.show_mark(
                mark if is_reached else "not_yet",
                tr(words),
                "text" if is_reached else "text3",
                bold=place == at,
            )
            step.setVisible(at >= 0)
        error = trn(row.error) if row is not None and row.error is not None else ""
        mark = OUTBOX_STATES[row.state][0] if row is not None else ""
        self.verdict.show_mark(mark, error, "text", bold=True)
        self.verdict.setVisible(bool(error))
        self.advice.show_words(advice)
        made = [trn(text) for text in row.changed] if row is not None else []
        self.made.show_words("\n".join(made))
        for part in (self._made, self.made):
            part.setVisible(bool(made))
