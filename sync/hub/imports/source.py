"""Files and the plan they are read by, as one run of orders; nothing here keeps a whole file in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from app.domain.company import Shop
from sync.channel import Channel, Draft, Numbered, Rejected, grouped, read_groups
from sync.hub.imports import cancellations
from sync.hub.imports.delivery import CHANNELS
from sync.hub.imports.mapped import Reader, filled_down
from sync.hub.imports.plan import Plan
from sync.hub.imports.sheets import Sheet
from sync.hub.imports.spool import Spool

SEEN_BITS = 1 << 26
"""Room to remember order numbers in, 8 MB whatever the file: two that share a place cost a detour only."""
SCATTERED_MOST = 2_000
"""Orders whose rows do not stand together and are kept until the end; more are put together on disk."""


@dataclass(slots=True)
class Run:
    """A file being read: how many rows there are, the orders in it, and the disk it needed, if any."""

    rows: int
    found: Iterator[Draft | Rejected]
    spool: Spool | None = None


Lost = Callable[[Sequence[Rejected], Reader], Iterable[Draft | Rejected]]
"""Makes the best of rows that take back what is not in their file."""


def given_back(lost: Sequence[Rejected], _reader: Reader) -> Iterable[Draft | Rejected]:
    """Know of no other files."""
    return lost


@dataclass(frozen=True, slots=True)
class Source:
    """One or several files and how they are understood."""

    sheets: tuple[Sheet, ...]
    plan: Plan
    channel: Channel
    reader: Reader | None

    @property
    def name(self) -> str:
        """What the files are called."""
        return " + ".join(sheet.name for sheet in self.sheets)

    def read(self, shop: Shop, folder: Path, earlier: Lost = given_back) -> Run:
        """Begin to read orders; `folder` takes what has to be put together on disk.

        `earlier` looks for the originals of rows that take back what is not in this file.
        """
        if len(self.sheets) > 1 and self.reader is not None:
            return self._joined(shop, folder)
        count, scattered = scattered_numbers(self.channel.group, self._rows())
        taken_back = self._taken_back()
        rows = cancellations.without(self._rows(), self.plan) if taken_back is not None else self._rows()
        if len(scattered) > SCATTERED_MOST:
            spool = Spool(folder)
            spool.load(0, self.channel.group, rows)
            groups: Iterable[tuple[Numbered, ...]] = spool.groups(0, ())
        else:
            spool, groups = None, grouped(rows, self.channel.group, scattered)
        if taken_back is None or self.reader is None:
            return Run(count, read_groups(self.channel, groups, shop), spool)
        with_returns = _with_returns(groups, self.channel.group, taken_back)
        late = earlier(taken_back.lost, self.reader)
        return Run(count, chain(read_groups(self.channel, with_returns, shop), late), spool)

    def _rows(self) -> Iterator[Numbered]:
        rows = self.sheets[0].rows()
        return filled_down(rows, self.plan) if self.plan.fill_down else rows

    def _taken_back(self) -> cancellations.Cancellations | None:
        if not self.plan.cancels or self.reader is None:
            return None
        return cancellations.find(self._rows(), self._rows(), self.plan)

    def _joined(self, shop: Shop, folder: Path) -> Run:
        spool, plan = Spool(folder), self.plan
        columns = {plan.main: self.channel.group} | {join.file: join.column for join in plan.joins}
        count = 0
        for sheet in self.sheets:
            rows = sheet.rows()
            if sheet.file == plan.main and plan.fill_down:
                rows = filled_down(rows, plan)
            count += spool.load(sheet.file, columns.get(sheet.file, ""), rows)
        groups = spool.groups(plan.main, plan.joins)
        return Run(count, read_groups(self.channel, groups, shop), spool)


def source_of(sheets: Sequence[Sheet], plan: Plan) -> Source:
    """Put files and their plan together; a plan with a reader is read by the program's own."""
    if plan.reader:
        return Source(tuple(sheets), plan, CHANNELS[plan.reader], None)
    reader = Reader(plan)
    return Source(tuple(sheets), plan, reader.channel, reader)


def scattered_numbers(group: str, rows: Iterable[Numbered]) -> tuple[int, set[str]]:
    """Return how many rows there are, and which order numbers come back after other rows."""
    count, last, seen, scattered = 0, "", bytearray(SEEN_BITS // 8), set[str]()
    for row in rows:
        count += 1
        number = row.cells.get(group, "")
        if number and number != last:
            place, bit = divmod(hash(number) % SEEN_BITS, 8)
            if seen[place] >> bit & 1:
                scattered.add(number)
            seen[place] |= 1 << bit
        last = number
    return count, scattered


def _with_returns(
    groups: Iterable[tuple[Numbered, ...]], header: str, found: cancellations.Cancellations
) -> Iterator[tuple[Numbered, ...]]:
    """Put to each order the rows that take something of it back."""
    for group in groups:
        yield (*group, *found.of.pop(group[0].cells.get(header, ""), ()))
