"""What was done today, and what each shop and warehouse is about: a part of what a screen may ask."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from app.command import Refs
from app.domain.handover import Handover, Open
from app.ports import Counts, CutOff, Login, ShopPulse
from sync.replica import figures, shift


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
