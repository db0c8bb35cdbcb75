"""What became of every row, counted: `read = new + changed + unchanged + rejected`, for each file, always."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from app.imports import Account, FileAccount, Reason
from app.text import Text
from sync.channel import Numbered
from sync.hub.imports.spool import CHANGED, FIRST_ROWS, NEW, REJECTED, UNCHANGED, Spool


@dataclass(slots=True)
class _Told:
    """One reason: how many rows, and the first of them."""

    text: Text
    count: int = 0
    rows: list[int] = field(default_factory=list)


class Tally:
    """Counts rows as they are decided. A row that several orders share counts as the best of them."""

    def __init__(self, names: Sequence[str], spool: Spool | None, *, is_joined: bool) -> None:
        self._names, self._spool = names, spool if is_joined else None
        self._counts: dict[tuple[int, int], int] = {}
        self._reasons: dict[int, dict[bytes, _Told]] = {}
        self.orders = self.lines = 0
        self.orders_new = self.orders_changed = 0

    def note(self, rows: Iterable[Numbered], fate: int, reason: Text | None = None) -> None:
        """Note what became of rows that nobody noted before."""
        if self._spool is not None:
            self._spool.note(rows, fate, reason)
            return
        for row in rows:
            at = row.file, fate
            self._counts[at] = self._counts.get(at, 0) + 1
            if reason is not None:
                told = self._reasons.setdefault(row.file, {}).setdefault(_mark(reason), _Told(reason))
                told.count += 1
                if len(told.rows) < FIRST_ROWS:
                    told.rows.append(row.row_no)

    def order(self, fate: int, lines: int) -> None:
        """Note an order that went in."""
        self.orders, self.lines = self.orders + 1, self.lines + lines
        self.orders_new += fate == NEW
        self.orders_changed += fate == CHANGED

    def account(self) -> Account:
        """Return the counts as they stand."""
        counts = self._spool.counts() if self._spool is not None else self._counts
        reasons = self._told()
        files = tuple(self._file(i, name, counts, reasons) for i, name in enumerate(self._names))
        every: dict[bytes, Reason] = {}
        for file in files:
            for reason in file.reasons:
                mark = _mark(reason.text)
                before = every.get(mark, Reason(text=reason.text, count=0))
                rows = (*before.rows, *reason.rows)[:FIRST_ROWS]
                every[mark] = Reason(text=reason.text, count=before.count + reason.count, rows=rows)
        return Account(
            read=sum(file.read for file in files),
            new=sum(file.new for file in files),
            changed=sum(file.changed for file in files),
            unchanged=sum(file.unchanged for file in files),
            rejected=sum(file.rejected for file in files),
            orders=self.orders,
            lines=self.lines,
            reasons=tuple(sorted(every.values(), key=lambda one: -one.count)),
            files=files,
        )

    def _told(self) -> dict[int, list[Reason]]:
        found: dict[int, list[Reason]] = {}
        if self._spool is not None:
            for file, text, count, rows in self._spool.reasons():
                found.setdefault(file, []).append(Reason(text=text, count=count, rows=rows))
            return found
        for file, told in self._reasons.items():
            found[file] = [
                Reason(text=one.text, count=one.count, rows=tuple(one.rows)) for one in told.values()
            ]
        return found

    @staticmethod
    def _file(
        i: int, name: str, counts: dict[tuple[int, int], int], reasons: dict[int, list[Reason]]
    ) -> FileAccount:
        new, changed, unchanged, rejected = (
            counts.get((i, fate), 0) for fate in (NEW, CHANGED, UNCHANGED, REJECTED)
        )
        return FileAccount(
            name=name,
            read=new + changed + unchanged + rejected,
            new=new,
            changed=changed,
            unchanged=unchanged,
            rejected=rejected,
            reasons=tuple(sorted(reasons.get(i, ()), key=lambda one: -one.count)),
        )


def _mark(text: Text) -> bytes:
    """Name a sentence: equal ones are counted together."""
    return msgspec.json.encode(text)
