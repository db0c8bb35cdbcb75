"""What a channel says of an order beyond what every order has: one block, closed until it is asked for."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.beside import Extra
from app.presenters.order import State
from widgets import theme
from widgets.controls import Button
from widgets.facts import Fact, FactGroup, Facts
from widgets.prose import HEADING, NOTE, Prose
from widgets.words import count, day_there, moment, money, named, tr

KEY = "F7"


class BesideBlock(QWidget):
    """A heading with how many there are, and the facts below it while it is open; nothing where none is."""

    def __init__(self) -> None:
        super().__init__()
        self._heading, self.note = Prose(style=HEADING, wraps=False), Prose(style=NOTE, wraps=False)
        self.turn = Button("", KEY, "quiet")
        self.turn.setObjectName("order/beside")
        self.facts = Facts("")
        self.facts.setObjectName("order/beside_facts")
        px = theme.current().px
        head = QHBoxLayout()
        head.setSpacing(px("space.2"))
        head.addWidget(self._heading)
        head.addWidget(self.note)
        head.addStretch(1)
        head.addWidget(self.turn)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, px("space.3"), 0, 0)
        box.setSpacing(px("space.1"))
        box.addLayout(head)
        box.addWidget(self.facts)

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self._heading.show_words(tr("Also from the channel"))
        self.facts.setAccessibleName(tr("Also from the channel"))

    def draw(self, state: State) -> None:
        """Show those of this order."""
        self.setVisible(bool(state.beside))
        self.note.show_words(count(len(state.beside)))
        words = tr("Hide") if state.is_beside_open else tr("Show")
        self.turn.setText(words)
        self.turn.setAccessibleName(f"{words}: {tr('Also from the channel')}")
        self.facts.setVisible(state.is_beside_open)
        facts = [_fact(extra, state) for extra in state.beside]
        half = (len(facts) + 1) // 2
        self.facts.show_groups([FactGroup("", tuple(part)) for part in (facts[:half], facts[half:]) if part])


def _fact(extra: Extra, state: State) -> Fact:
    return Fact(named(extra.label), _value(extra, state))


def _value(extra: Extra, state: State) -> str:
    try:
        if extra.kind == "money" and state.order is not None:
            return money(int(extra.value), state.order.currency)
        if extra.kind == "time" and state.now is not None:
            at = datetime.fromisoformat(extra.value)
            return moment(at, state.zone, day_there(state.now, state.zone))
    except ValueError:
        return extra.value
    if extra.kind == "yes":
        return tr("Yes")
    return ", ".join(named(one) for one in extra.value.split(", ")) if extra.kind == "word" else extra.value
