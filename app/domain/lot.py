"""Lots (批次): pieces of one article that were made together and keep until the same day.

A shelf is kept in lots as soon as one of its lots is named; then its lots always come to what is on hand, and
the lot without a number holds the pieces whose lot nobody has named yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from app.text import N_

OLD, RECALLED = "old", "recalled"
BARRED: dict[str, str] = {OLD: N_("Too old to sell"), RECALLED: N_("Recalled")}
"""Why nobody is promised the pieces of a lot."""

NO_MOST = 20
"""So many characters has a lot number. Source: GS1 General Specifications, AI (10)."""
DAYS_MOST = 3_650
_LAST = date.max


class InLots(msgspec.Struct, frozen=True, kw_only=True):
    """How an article is kept in lots.

    `is_strict`: nobody takes another lot than the one that expires first, whatever the reason.
    Units: `min_days` days a piece must still keep when it is sold; `warn_days` before that it is told of.
    """

    min_days: int = 0
    warn_days: int = 14
    is_strict: bool = False


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """A lot that nobody may get any more (召回), wherever it lies."""

    lot: str
    reason: str
    by: str
    at: datetime


class Lot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of one lot lies on one shelf; `0 <= picked <= qty` always.

    Units: pieces. `picked` is in somebody's hands for orders and has not left; `adjusted` is what corrections
    without a paper came to; `barred` is one of `BARRED`.
    """

    no: str
    best_before: date | None = None
    qty: int = 0
    picked: int = 0
    adjusted: int = 0
    barred: str = ""

    @property
    def free(self) -> int:
        """What of it lies there, in nobody's hands. Units: pieces."""
        return self.qty - self.picked

    def last_day(self, min_days: int) -> date | None:
        """Return the last day on which it may be sold; None where nobody knows its day."""
        return self.best_before - timedelta(days=min_days) if self.best_before is not None else None

    def is_old(self, min_days: int, today: date) -> bool:
        """Tell whether it keeps too short a time to be sold today."""
        last = self.last_day(min_days)
        return last is not None and today > last


class FromLot(msgspec.Struct, frozen=True, omit_defaults=True):
    """Pieces of one line that come from one lot of one warehouse. Units: pieces; negative: put back."""

    warehouse: str
    no: str
    qty: int
    best_before: date | None = None


def lot_of(lots: Iterable[Lot], no: str) -> Lot | None:
    """Return one lot of a shelf."""
    return next((lot for lot in lots if lot.no == no), None)


def kept_lots(lots: tuple[Lot, ...], on_hand: int) -> tuple[Lot, ...]:
    """Return the lots of a shelf, also of one on which no lot is named yet. Units: `on_hand` pieces."""
    return lots or ((Lot(no="", qty=on_hand),) if on_hand else ())


def first_to_go(lots: Iterable[Lot], min_days: int, today: date) -> list[Lot]:
    """Return the lots that may be sold today, the one that expires first before the others (先到期先出)."""
    free = [lot for lot in lots if lot.free > 0 and not lot.barred and not lot.is_old(min_days, today)]
    return sorted(free, key=lambda lot: (lot.best_before or _LAST, lot.no))


def booked(
    lots: tuple[Lot, ...], on_hand: int, no: str, qty: int, best_before: date | None = None, *, paper: bool
) -> tuple[Lot, ...]:
    """Put pieces into a lot, or take them out; `on_hand` is what lay on the shelf before.

    Without a `paper` the lot itself remembers what it was corrected by.
    """
    if not qty or not (no or lots):
        return lots
    rows = {lot.no: lot for lot in kept_lots(lots, on_hand)}
    was = rows.get(no) or Lot(no=no, best_before=best_before)
    adjusted = was.adjusted + (qty if no and not paper else 0)
    rows[no] = msgspec.structs.replace(was, qty=was.qty + qty, adjusted=adjusted)
    return _sorted(rows.values())


def in_hand(lots: tuple[Lot, ...], warehouse: str, taken: Iterable[FromLot]) -> tuple[Lot, ...]:
    """Take pieces of lots into somebody's hands, or lay them back."""
    rows = {lot.no: lot for lot in lots}
    for one in taken:
        if one.warehouse == warehouse and one.no in rows:
            was = rows[one.no]
            rows[one.no] = msgspec.structs.replace(was, picked=was.picked + one.qty)
    return _sorted(rows.values())


def gone(lots: tuple[Lot, ...], warehouse: str, taken: Iterable[FromLot]) -> tuple[Lot, ...]:
    """Let pieces that were in somebody's hands leave the house."""
    rows = {lot.no: lot for lot in lots}
    for one in taken:
        if one.warehouse == warehouse and one.no in rows:
            was = rows[one.no]
            rows[one.no] = msgspec.structs.replace(was, qty=was.qty - one.qty, picked=was.picked - one.qty)
    return _sorted(rows.values())


def with_papers(lots: tuple[Lot, ...], papers: Iterable[tuple[str, int, int]]) -> tuple[Lot, ...]:
    """Set lots to what their papers come to: number, pieces, pieces in hand."""
    rows = {lot.no: lot for lot in lots}
    for no, qty, picked in papers:
        rows[no] = msgspec.structs.replace(rows.get(no) or Lot(no=no), qty=qty, picked=picked)
    return _sorted(rows.values())


def with_taken(known: tuple[FromLot, ...], taken: Iterable[FromLot]) -> tuple[FromLot, ...]:
    """Add to what a line has of its lots; what is put back leaves it."""
    rows = {(one.warehouse, one.no): one for one in known}
    for one in taken:
        was = rows.get((one.warehouse, one.no))
        qty = one.qty + (was.qty if was is not None else 0)
        rows[one.warehouse, one.no] = msgspec.structs.replace(one, qty=qty)
    return tuple(one for one in rows.values() if one.qty)


def _sorted(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """Put lots in the order in which they go; one that holds nothing and knows nothing is forgotten."""
    kept = (lot for lot in lots if lot.qty or lot.picked or lot.adjusted or lot.barred == RECALLED)
    return tuple(sorted(kept, key=lambda lot: (lot.best_before or _LAST, lot.no)))


def lot_fault(no: str) -> str:
    """Say what is wrong with the number of a lot, or nothing."""
    if not no or len(no) > NO_MOST or not no.isascii() or not no.isprintable() or " " in no:
        return N_("A lot number has up to 20 letters, digits and signs, and no space.")
    return ""
