"""What comes next is drawn once where nobody sees it, so that its words are measured and shaped by then."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.inbox_state import State
from app.snag_card import Card
from widgets.evidence import Evidence
from widgets.snag_card import SnagCard
from widgets.snag_evidence import evidence_of


class Rehearsal:
    """A card and its evidence off stage, as large as those on it."""

    def __init__(self, card: QWidget, evidence: QWidget) -> None:
        self._on_stage = card, evidence
        self._card, self._evidence = SnagCard(), Evidence("")
        self._seen: tuple[Card, ...] = ()

    def draw(self, state: State, card: Card) -> None:
        """Draw a card; one that was drawn lately costs nothing."""
        if any(card is one for one in self._seen):
            return
        self._seen = (*self._seen[-3:], card)
        self._card.say()
        self._card.draw(state, card)
        self._evidence.show_sections(evidence_of(card, state.now))
        for shown, drawn in zip(self._on_stage, (self._card, self._evidence), strict=True):
            drawn.resize(shown.size())
            drawn.grab()
