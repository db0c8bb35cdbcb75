"""What comes next is drawn once where nobody sees it, so that its words are measured and shaped by then."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.inbox_state import State
from app.snag_card import Card
from widgets.evidence import Evidence
from widgets.snag_card import SnagCard
from widgets.snag_evidence import evidence_of

REST_MS: Final = 40
"""So long after something was drawn for somebody to see: first what was asked for is on screen."""
MOST: Final = 4


class Rehearsal:
    """A card and its evidence off stage, as large as those on it."""

    def __init__(self, card: QWidget, evidence: QWidget) -> None:
        self._on_stage = card, evidence
        self._card, self._evidence = SnagCard(), Evidence("")
        self._seen: tuple[Card, ...] = ()
        self._waiting: list[tuple[State, Card]] = []
        self._rest = QTimer(card)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._draw_next)

    @property
    def is_over(self) -> bool:
        """Everything that was announced has been drawn."""
        return not self._waiting

    def announce(self, state: State, card: Card) -> None:
        """Draw a card as soon as there is rest; one that was drawn lately is not drawn again."""
        if any(card is one for one in self._seen):
            return
        self._seen = (*self._seen, card)[-MOST:]
        self._waiting = [*self._waiting, (state, card)][-MOST:]
        self._rest.start()

    def wait(self) -> None:
        """Something is drawn on stage: rest begins anew."""
        if self._waiting:
            self._rest.start()

    def _draw_next(self) -> None:
        state, card = self._waiting.pop(0)
        self._card.say()
        self._card.draw(state, card)
        self._evidence.show_sections(evidence_of(card, state.now))
        for shown, drawn in zip(self._on_stage, (self._card, self._evidence), strict=True):
            drawn.resize(shown.size())
            drawn.grab()
        self.wait()
