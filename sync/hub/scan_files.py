"""Scans by files in a folder: a carrier's own program, or a person, puts `scans-….csv` there.

Each row names a tracking number, a state, perhaps a reason, and when. Rows are taken as commands of a worker,
so a file read twice says nothing new; a file that is taken goes, rows nobody understands stay beside it.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.commands.record_scan import RecordScan
from app.domain.scan import FAILED_REASONS, Scan, ScanKind
from app.domain.spreadsheet import neutral
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.outgoing import write_sheet
from sync.tables import shipment
from sync.wire import PUSH_LIMIT

COLUMNS = ("tracking_no", "state", "reason", "at")
FILE_BYTES = 4_000_000
"""A larger file is not opened: some forty thousand scans."""
ROWS_MOST = 50_000
CELL_MOST = 200
WORKER = "worker:scans"
UNKNOWN_STATE, UNKNOWN_TIME = "state", "time"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScanFiles:
    """Takes one file at a time out of `folder`."""

    worker: Worker
    folder: Path
    clock: Callable[[], datetime]

    def step(self) -> bool:
        """Take the oldest file; tell whether there was one. One that cannot be taken now waits."""
        path = min(self.folder.glob("scans-*.csv"), default=None, key=lambda one: one.name)
        if path is None:
            return False
        try:
            rows, rejected = self._read(path)
            asked = self._commands(rows, rejected)
            for at in range(0, len(asked), PUSH_LIMIT):
                if not self.worker.ask(asked[at : at + PUSH_LIMIT], self.clock(), "scan"):
                    return False
            if rejected:
                write_sheet(self.folder / f"rejected-{path.name}", [("why", *COLUMNS), *rejected])
            path.unlink()
        except OSError as fault:
            log.info("scans wait: %s", fault.strerror or fault)
            return False
        return True

    def _read(self, path: Path) -> tuple[list[tuple[str, Scan]], list[list[str]]]:
        """Return numbers with their scans, and the rows that are none, each with why."""
        if path.stat().st_size > FILE_BYTES:
            return [], [["the file is larger than 4 MB"]]
        try:
            text = path.read_bytes().decode("utf-8-sig")
            table = list(csv.DictReader(io.StringIO(text), restkey="more"))[:ROWS_MOST]
        except (UnicodeDecodeError, csv.Error):
            return [], [["no table in UTF-8"]]
        rows: list[tuple[str, Scan]] = []
        rejected: list[list[str]] = []
        for line in table:
            cells = [str(line.get(name) or "").strip() for name in COLUMNS]
            scan = _scan(*cells[1:])
            if isinstance(scan, Scan):
                rows.append((cells[0], scan))
            else:
                rejected.append([scan, *(neutral(cell[:CELL_MOST]) for cell in cells)])
        return rows, rejected

    def _commands(self, rows: list[tuple[str, Scan]], rejected: list[list[str]]) -> list[RecordScan]:
        found = dict(self._orders([number for number, _ in rows]))
        rejected += [["number", neutral(number[:CELL_MOST])] for number, _ in rows if number not in found]
        return [RecordScan(order=found[number], scan=scan) for number, scan in rows if number in found]

    def _orders(self, numbers: list[str]) -> Iterator[tuple[str, str]]:
        s, known = shipment.c, list(dict.fromkeys(numbers))
        with reading(self.worker.engine) as db:
            for at in range(0, len(known), PUSH_LIMIT):
                page = known[at : at + PUSH_LIMIT]
                asked = select(s.tracking_no, s.order_id).where(
                    s.feed_id == self.worker.feed_id, s.tracking_no.in_(page)
                )
                yield from ((row.tracking_no, row.order_id) for row in db.execute(asked))


def _scan(state: str, reason: str, at: str) -> Scan | str:
    """Read a row; return which cell is not understood otherwise."""
    try:
        kind = ScanKind(state)
    except ValueError:
        return UNKNOWN_STATE
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return UNKNOWN_TIME
    if moment.tzinfo is None:
        return UNKNOWN_TIME
    if kind is not ScanKind.FAILED:
        return Scan(kind=kind, at=moment)
    return Scan(kind=kind, at=moment, reason=reason if reason in FAILED_REASONS else "other")
