"""What is usual of articles and buyers, learned from the newest orders this desk knows to have left."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from app.domain.order import Order
from app.domain.usual import Usual, usual_of
from sync.replica.rows import decode

ORDERS_MOST = 3_000
FRESH = timedelta(minutes=15)
"""What is usual does not change from one order to the next."""


class Usuals:
    """What was learned, kept for a while. Used on the read lane only."""

    def __init__(self) -> None:
        self._learned: Usual | None = None
        self._at: datetime | None = None

    def of(self, db: sqlite3.Connection, now: datetime) -> Usual:
        """Return what is usual, learned anew where that is long ago."""
        if self._learned is None or self._at is None or not timedelta() <= now - self._at < FRESH:
            self._learned, self._at = usual_of(_left(db)), now
        return self._learned


def _left(db: sqlite3.Connection) -> list[Order]:
    newest = (
        "SELECT r.doc FROM orders o JOIN row r ON r.tbl = 'order' AND r.pk = o.id"
        " WHERE o.released_at IS NOT NULL ORDER BY o.released_at DESC LIMIT ?"
    )
    found = (decode("order", doc) for (doc,) in db.execute(newest, (ORDERS_MOST,)))
    return [order for order in found if isinstance(order, Order)]
