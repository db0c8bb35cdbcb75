"""What was done today or since a number of the feed, and what each shop and warehouse is about."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.command import Refs
from app.domain.deck import OwnDeck
from app.domain.handover import Handover, Open
from app.domain.values import Key
from app.ports import Counts, CutOff, Login, ShopPulse
from sync.projection import TYPES
from sync.replica import figures, shift
from sync.replica.rows import decode

_TOUCHED = (
    "SELECT tbl, pk, doc FROM row WHERE seq > ? "
    "UNION SELECT row.tbl, row.pk, row.doc FROM row JOIN before USING (tbl, pk)"
)


class DayViews(ABC):
    """Figures of the day, by the clock, the small tables and the rows of whoever answers."""

    @abstractmethod
    def refs(self) -> Refs:
        """Return the small tables."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the time by the hub's clock."""

    @abstractmethod
    def _db(self) -> sqlite3.Connection: ...

    def repaired(self) -> int:
        """Count the orders somebody repaired today."""
        return figures.repaired(self._db(), self.refs(), self.now())

    def counts(self, login: Login) -> Counts:
        """Count what waits and what was done today."""
        return figures.counts(self._db(), self.refs(), login, self.now())

    def repaired_per_hour(self, user: str) -> Sequence[tuple[int, int]]:
        """Return this person's pace of the day."""
        return figures.repaired_per_hour(self._db(), self.refs(), user, self.now())

    def pulses(self) -> Sequence[ShopPulse]:
        """Return when each shop last sent something."""
        return figures.pulses(self._db(), self.refs(), self.now())

    def cut_offs(self) -> Sequence[CutOff]:
        """Return what each warehouse must still send today."""
        return figures.cut_offs(self._db(), self.refs(), self.now())

    def open_work(self, warehouse: str) -> Sequence[Open]:
        """Return what whoever comes must know of, in a warehouse or everywhere."""
        return shift.open_work(self._db(), warehouse)

    def handovers(self, warehouse: str, limit: int = 30) -> Sequence[Handover]:
        """Return the pages that were signed, the newest first."""
        return shift.handovers(self._db(), warehouse, limit)

    def touched(self, since: int) -> Mapping[Key, Any]:
        """Return every row as it is now that changed after this number of the feed, or is changed here."""
        rows = self._db().execute(_TOUCHED, (since,))
        return {(tbl, pk): decode(tbl, doc) for tbl, pk, doc in rows if tbl in TYPES}

    def own_decks(self) -> Sequence[OwnDeck]:
        """Return the lessons this company made of its own exceptions."""
        rows = self._db().execute("SELECT doc FROM row WHERE tbl = 'deck' ORDER BY pk")
        return [deck for (doc,) in rows if (deck := decode("deck", doc)).shapes]
