"""What hands and scanners ask of the floor, one after the other, each for the order it was meant for.

Rows go for a moment while they are fetched anew, after somebody sat down or a right changed. What is pressed
then is neither lost nor done to another order: it waits, or it is said that it was not done.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from app.domain.order import Status
from app.presenters.warehouse import State
from app.text import N_, Text

READING: Final = Text(N_("The queue is still being read. Press or scan again once an order stands here."))
KEPT: Final = Text(
    N_("The queue is being read anew. What you press or scan is done once this order is back.")
)
OTHER: Final = Text(
    N_("Another order stands here by now, so nothing was done. Look, then press or scan again.")
)


@dataclass(frozen=True, slots=True)
class Meant:
    """A scan or a key that waits its turn; `order` is the only one it is meant for, empty for any.

    `code` is empty for a piece without a scan. `step`: how far the order was when the large key was pressed.
    """

    order: str = ""
    code: str = ""
    step: str = ""


class Turns:
    """A queue of what was meant, and the order it was meant for."""

    def __init__(self) -> None:
        self._meant: deque[Meant] = deque()
        self._seen = self._step = self._here = ""
        self.is_away = True
        """The order that stood here may come back: its rows are on their way."""

    def __len__(self) -> int:
        return len(self._meant)

    def see(self, state: State) -> None:
        """Know what is on screen from now on."""
        self._here = state.order.id if state.order is not None else ""
        self.is_away = state.order is None and not state.is_loaded
        if state.order is not None:
            self._seen, self._step = state.order.id, step_of(state)

    def forget(self) -> None:
        """Somebody left the page: nothing waits for them."""
        self._meant.clear()
        self._seen = self._step = ""

    def take(self, code: str = "") -> Text | None:
        """Take a scan, or a piece without one; return what is to be said meanwhile."""
        return self._take(Meant(self._seen if self.is_away else "", code))

    def take_forward(self) -> Text | None:
        """Take the large key for the order on screen; return what is to be said meanwhile."""
        return self._take(Meant(self._seen, step=self._step)) if self._here or self.is_away else None

    def _take(self, meant: Meant) -> Text | None:
        if self.is_away and not self._seen:
            return READING
        self._meant.append(meant)
        return KEPT if self.is_away else None

    def next(self) -> Meant | Text | None:
        """Return what comes next, the sentence why nothing does, or nothing."""
        if self.is_away or not self._meant:
            return None
        meant = self._meant.popleft()
        if meant.order in ("", self._here):
            return meant
        self._meant.clear()
        return OTHER


def step_of(state: State) -> str:
    """How far the order at hand is, as the large key goes on from it."""
    if state.order is None or state.order.status is not Status.PACKED:
        return "open"
    return "labelled" if state.is_labelled else "packed"
