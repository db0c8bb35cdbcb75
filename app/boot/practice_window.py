"""What is different about the window of whoever practises: one place more, nothing is asked at the end."""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import override

from app.boot.desk import SPINE
from widgets.leaving import Leaving
from widgets.rail import PLACES, PRACTICE, Place
from widgets.sync_line import SyncState


def places() -> tuple[Place, ...]:
    """Return the places of a live desk under their keys, and the lessons behind them."""
    spine = [place for place in PLACES if place.code in SPINE]
    above = [place for place in spine if not place.is_foot]
    return (*above, PRACTICE, *(place for place in spine if place.is_foot))


class AtOnce(Leaving):
    """Whoever leaves practice is asked nothing."""

    @override
    def sign_out(self, state: SyncState, call: Callable[[], object]) -> None:
        call()

    @override
    def may_close(self, state: SyncState, close: Callable[[], object]) -> bool:
        return True
