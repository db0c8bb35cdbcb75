"""A hand of which every key, move, scan and decision is counted, and what that comes to in seconds.

The keystroke-level model of Card, Moran and Newell: a key or a click K 0.28 s, a move of the mouse to a
target P 1.1 s, a hand that changes between keyboard, mouse and scanner H 0.4 s, a decision M 1.2 s. What is
held with a key (Ctrl, Alt, Shift) is a key of its own. To aim a scanner takes as long as to aim a mouse; its
characters are not keys. What the machine itself takes is measured elsewhere and not part of this.

Where a decision stands (the placement rules of the same authors):

* before each command that is chosen, and none within what one types: `press` has one, `type` has none;
* keys that belong together, like `/` and then what one looks for, or a line of arrows, are one decision: they
  are given to one `press`, or follow it with `go_on`;
* a key that must follow, like Enter after a word or Tab to the next field, is no decision: `go_on`;
* what has to be read before one can act, like the card of an exception, is one more: `read`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.boot.hand import Hand
from widgets.shell import Shell

KEY_S, POINT_S, HOME_S, MIND_S = 0.28, 1.1, 0.4, 1.2
PATIENCE_S = 20.0


@dataclass(slots=True)
class Count:
    """What one task took."""

    keys: int = 0
    points: int = 0
    clicks: int = 0
    scans: int = 0
    homings: int = 0
    decisions: int = 0

    @property
    def seconds(self) -> float:
        """The time a practised person needs, without the machine's."""
        aimed = self.points + self.scans
        hands_s = KEY_S * (self.keys + self.clicks) + POINT_S * aimed + HOME_S * self.homings
        return round(hands_s + MIND_S * self.decisions, 1)


class CountedHand(Hand):
    """Works like any hand, and is counted."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        super().__init__(shell, folder, "hands", PATIENCE_S)
        self._count = Count()
        self._at = "keys"

    def begin(self) -> Count:
        """Count from nothing, both hands on the keyboard; what is returned grows with what the hand does."""
        self._count, self._at = Count(), "keys"
        return self._count

    def read(self) -> None:
        """Look at what one has to understand before acting."""
        self._count.decisions += 1

    @override
    async def press(self, *keys: str) -> None:
        """Decide, then press keys that belong together."""
        self._count.decisions += 1
        await self.go_on(*keys)

    async def go_on(self, *keys: str) -> None:
        """Press keys that follow from what was decided already."""
        self._take("keys")
        self._count.keys += sum(keys_of(key) for key in keys)
        await super().press(*keys)

    @override
    async def type(self, text: str) -> None:
        """Type a word; no input method, whose keys nobody could count."""
        if not text.isascii():
            raise NotImplementedError(text)
        self._take("keys")
        self._count.keys += keys_in(text)
        await super().type(text)

    async def paste(self, text: str) -> None:
        """Put in what was copied in another program."""
        QApplication.clipboard().setText(text)
        await self.press("Ctrl+V")

    @override
    async def scan(self, code: str) -> None:
        self._take("scanner")
        self._count.scans += 1
        await super().scan(code)

    @override
    async def click_on(self, widget: QWidget) -> None:
        self._take("mouse")
        self._count.points += 1
        self._count.clicks += 1
        self._count.decisions += 1
        await super().click_on(widget)

    @override
    async def focus(self, name: str) -> NoReturn:
        """A program can set the focus; a hand goes there.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(name)

    @override
    async def answer(self, name: str, words: str) -> NoReturn:
        raise NotImplementedError(name)

    def _take(self, what: str) -> None:
        if what != self._at:
            self._at = what
            self._count.homings += 1


def keys_of(key: str) -> int:
    """How many keys go down for one of a key table: `Ctrl+Enter` are two, and so is `?`."""
    return len(key.split("+")) + (key == "?")


def keys_in(text: str) -> int:
    """How many keys a word takes, capitals with Shift."""
    return len(text) + sum(sign.isupper() for sign in text)
