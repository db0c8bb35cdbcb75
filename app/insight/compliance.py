"""Of all orders that went to the warehouse, how many went with every gate green; those answered for apart.

Two ways lead to one figure: what was written down at each move, and the holds of the journal played again.
Source: capabilities 4.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.order import EDITABLE, TITLES, Status
from app.domain.order_events import MOVED, MOVED_BECAUSE
from app.domain.snag_events import ASKED_LATER, HELD, PASSED
from app.text import Text

_RELEASED = TITLES[Status.RELEASED]
_BEFORE = {TITLES[status] for status in EDITABLE}
"""Who comes back from the shelves was released before and is not counted again."""


class Compliance(msgspec.Struct, frozen=True, kw_only=True):
    """`moves` to the warehouse, `green` of them with every gate met, `waived` of these by somebody's word."""

    moves: int = 0
    green: int = 0
    waived: int = 0

    @property
    def share(self) -> float | None:
        """The share of green ones; nothing where none moved."""
        return self.green / self.moves if self.moves else None


Entry = tuple[datetime, Sequence[Text]]
"""When something was done to an order, and what it led to."""


class Move(NamedTuple):
    """One move to the warehouse, as it was written down; `unmet` None: it says nothing of its gates."""

    at: datetime
    unmet: int | None
    waived: int


def moves(journal: Sequence[Entry], since: datetime, until: datetime) -> list[Move]:
    """Return the moves of one order within a time."""
    return [
        Move(at, _count(text.params.get("unmet")), _count(text.params.get("waived")) or 0)
        for at, texts in journal
        if since <= at < until
        for text in texts
        if _is_release(text)
    ]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None


def written(journals: Iterable[Sequence[Entry]], since: datetime, until: datetime) -> Compliance:
    """Count what was written down at each move; one that says nothing of its gates was not green."""
    found = [move for journal in journals for move in moves(journal, since, until)]
    green = [move for move in found if move.unmet == 0]
    return Compliance(moves=len(found), green=len(green), waived=sum(move.waived > 0 for move in green))


def played_again(journals: Iterable[Sequence[Entry]], since: datetime, until: datetime) -> Compliance:
    """Count the moves of orders that stood behind no gate then, by the holds that opened and closed."""
    count = green = 0
    for journal in journals:
        held: set[str] = set()
        for at, texts in journal:
            for text in texts:
                gate = text.params.get("gate")
                if text.message == HELD and isinstance(gate, str):
                    held.add(gate)
                elif text.message in (PASSED, ASKED_LATER) and isinstance(gate, str):
                    held.discard(gate)
                elif _is_end(text):
                    held.clear()
            if since <= at < until:  # what one command led to is one moment
                released = sum(map(_is_release, texts))
                count += released
                green += released if not held else 0
    return Compliance(moves=count, green=green)


def _is_release(text: Text) -> bool:
    return text.message == MOVED and _said(text, "after") == _RELEASED and _said(text, "before") in _BEFORE


def _is_end(text: Text) -> bool:
    return text.message in (MOVED, MOVED_BECAUSE) and _said(text, "after") not in _BEFORE


def _said(text: Text, name: str) -> str:
    value = text.params.get(name)
    return value.message if isinstance(value, Text) else ""
