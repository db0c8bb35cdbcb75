"""The newest numbers of the feed in memory: desks at work ask for little else, each from a place of its own.

Rows are read once for all scopes and opened once for who reads names and once for who reads masks. They are
kept for seconds: a key that is destroyed opens nothing for longer than that.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Integer, bindparam, select

from sync import tables
from sync.wire import Change

NUMBERS = 256
"""How far back it is worth to remember; who is further behind reads the tables."""
ROWS = 2_000
KEPT_S = 5.0

_C, _B = tables.change.c, tables.audit_block.c
_ROWS = (
    select(_C.seq, _C.i, _C.tbl, _C.op, _C.pk, _C.row, _C.scope)
    .where(_C.feed_id == bindparam("feed"), _C.seq > bindparam("since"), _C.seq <= bindparam("to"))
    .order_by(_C.seq, _C.i)
    .limit(bindparam("limit", type_=Integer))
)
_ROOTS = (
    select(_B.root)
    .where(_B.feed_id == bindparam("feed"), _B.seq > bindparam("since"), _B.seq <= bindparam("to"))
    .order_by(_B.seq)
)
"""Asked at every commit, so made once: to build a statement costs more than to run it."""


class _Number(NamedTuple):
    """What was published under one number, its root, and when it was read."""

    seq: int
    rows: Sequence[Change]
    root: str
    read_s: float


class Tail:
    """Read by one thread at a time; its owner sees to that."""

    def __init__(self, feed_id: int, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._feed_id, self._clock_s = feed_id, clock_s
        self._epoch, self._start = "", 0
        self._numbers: deque[_Number] = deque()
        self._count = 0
        self._opened: dict[tuple[int, int, bool], Change] = {}

    def after(self, db: Connection, epoch: str, cursor: int, head: int) -> list[_Number] | None:
        """Return what stands after `cursor` up to `head`; None where that is too much to be remembered."""
        if head - cursor > NUMBERS:
            return None
        self._forget(self._clock_s() - KEPT_S)
        if epoch != self._epoch or cursor < self._start or head - self._end > NUMBERS:
            self._begin(epoch, cursor)
        if head > self._end and not self._read_on(db, head):
            self._begin(epoch, head)
            return None
        return [one for one in self._numbers if cursor < one.seq <= head]

    def opened(
        self, changes: Sequence[Change], open_: Callable[[Sequence[Change]], list[Change]], *, masked: bool
    ) -> list[Change]:
        """Return rows as people may read them; those not read so before are opened by `open_`."""
        known, first = self._opened, self._start
        missing = [one for one in changes if (one.seq, one.i, masked) not in known]
        fresh = {(one.seq, one.i, masked): one for one in (open_(missing) if missing else ())}
        known.update((key, one) for key, one in fresh.items() if key[0] > first)
        return [fresh.get(key) or known[key] for key in ((one.seq, one.i, masked) for one in changes)]

    @property
    def _end(self) -> int:
        return self._numbers[-1].seq if self._numbers else self._start

    def _begin(self, epoch: str, start: int) -> None:
        self._epoch, self._start, self._count = epoch, start, 0
        self._numbers.clear()
        self._opened.clear()

    def _forget(self, before_s: float) -> None:
        """Let go of what is old, and of the oldest where there is much."""
        numbers = self._numbers
        while numbers and (numbers[0].read_s < before_s or self._count > ROWS or len(numbers) > NUMBERS):
            gone = numbers.popleft()
            self._start, self._count = gone.seq, self._count - len(gone.rows)
            for row in gone.rows:
                self._opened.pop((row.seq, row.i, False), None)
                self._opened.pop((row.seq, row.i, True), None)

    def _read_on(self, db: Connection, head: int) -> bool:
        asked = {"feed": self._feed_id, "since": self._end, "to": head}
        rows = db.execute(_ROWS, {**asked, "limit": ROWS + 1}).all()
        roots = db.execute(_ROOTS, asked).scalars().all()
        first = self._end + 1
        if len(rows) > ROWS or len(roots) != head - self._end:
            return False
        by_number: dict[int, list[Change]] = {}
        for row in rows:
            by_number.setdefault(row.seq, []).append(change_of(row))
        now_s = self._clock_s()
        for seq, root in enumerate(roots, first):
            self._numbers.append(_Number(seq, by_number.get(seq, ()), bytes(root).hex(), now_s))
        self._count += len(rows)
        return True


def change_of(row: Any) -> Change:
    """Return a row of the feed as it travels."""
    return Change(
        row.seq, row.i, row.tbl, row.op, row.pk, msgspec.Raw((row.row or "null").encode()), row.scope
    )
