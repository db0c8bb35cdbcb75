"""Imports at work in this hub: one at a time, watched, stopped, undone, gone on with after a restart."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.company import Shop
from app.imports import ImportRow, UndoPlan
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading, writing
from sync.hub.imports import records, withdrawing
from sync.hub.imports.importing import MISTAKE, Importing
from sync.hub.imports.records import Record
from sync.hub.imports.shop import find_shop
from sync.hub.imports.source import Source
from sync.hub.imports.taking import Taking, Tools
from sync.hub.turns import Turns

log = logging.getLogger(__name__)
REMEMBERED = 50
"""Rehearsals and imports that are over and still answered for from memory."""
JUST_BEGUN = timedelta(minutes=1)


@dataclass(slots=True)
class _Run:
    """An import or a rehearsal at work."""

    record: Record
    taking: Taking
    is_dry: bool
    begun_s: float
    turn: ExitStack = field(default_factory=ExitStack)
    """Other hubs see that this one is at it."""

    @property
    def is_moving(self) -> bool:
        return self.record.state == "running"


class Runs:
    """What is under way. `folder` holds the files of imports, each until its import ends."""

    def __init__(self, tools: Tools, folder: Path) -> None:
        self._tools, self._folder = tools, folder
        self.importing = Importing(tools)
        self._turns = Turns(tools.engine, tools.feed_id)
        self._undoing: set[str] = set()
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "import")

    def close(self) -> None:
        """Stop here; what was begun goes on when the hub starts again."""
        with self._lock:
            for run in self._runs.values():
                run.taking.leave()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for run in self._runs.values():
            run.turn.close()

    def begin(self, record: Record, source: Source, shop: Shop, *, is_dry: bool) -> str:
        """Put a run in line; return its id.

        Raises:
            Trouble: another file of this shop is going in, or another hub takes this very one.
        """
        room = self._folder / f"room-{record.id}"
        taking = self.importing.taking(record, source, shop, room)
        run = _Run(record, taking, is_dry, time.monotonic())
        with self._lock:
            others = [r for r in self._runs.values() if r.is_moving and not r.is_dry]
            if not is_dry and any(other.record.shop == record.shop for other in others):
                raise Trouble(
                    "busy",
                    Text(N_("Another file of this shop is going in. Wait until it is done.")),
                    retry=True,
                )
            if not is_dry:
                run.turn.enter_context(self._turns.alone(_turn(record.id), 0.0))
            over = [key for key, r in self._runs.items() if not r.is_moving]
            for key in over[:-REMEMBERED]:
                del self._runs[key]
            self._runs[record.id] = run
        self._pool.submit(self._work, run, room)
        return record.id

    def is_busy(self, name: str) -> bool:
        """Tell whether a file of this name in the folder belongs to an import at work."""
        with self._lock:
            return any(name in run.record.at for run in self._runs.values() if run.is_moving)

    def row(self, id: str) -> ImportRow:
        """Say how far an import is."""
        with self._lock:
            run = self._runs.get(id)
        if run is None:
            return self._shown(self.importing.find(id))
        record, taking = run.record, run.taking
        if not run.is_moving:
            return self._shown(record)
        state = "stopping" if taking.is_stopped else "running" if taking.rows else "waiting"
        rate = int(taking.done / max(0.001, time.monotonic() - run.begun_s))
        now = msgspec.structs.replace(record, account=taking.account, rows=taking.rows, state=state)
        left_s = max(0, (taking.rows - taking.done) // rate) if rate else 0
        return msgspec.structs.replace(self._shown(now), rate=rate, left_s=left_s)

    def past(self, limit: int) -> list[ImportRow]:
        """Return the imports so far, the newest first."""
        with reading(self._tools.engine) as db:
            found = records.past(db, self._tools.feed_id, limit)
        with self._lock:
            moving = {key for key, run in self._runs.items() if run.is_moving}
        return [self.row(one.id) if one.id in moving else self._shown(one) for one in found]

    def stop(self, id: str) -> ImportRow:
        """Take no further rows; what is in stays in."""
        with self._lock:
            run = self._runs.get(id)
        if run is not None:
            run.taking.stop()
        return self.row(id)

    def undo_plan(self, id: str) -> UndoPlan:
        """Say what taking a file back would do."""
        return withdrawing.plan_undo(self._tools, self.importing.find(id))

    def undo(self, id: str, by: str) -> ImportRow:
        """Begin to take a file back.

        Raises:
            Trouble: it is under way or undone.
        """
        if self.row(id).is_moving:
            raise Trouble("not_now", Text(N_("This import is under way. Stop it first.")))
        record = self.importing.begin_undo(id)
        with self._lock:
            self._runs.pop(id, None)
        self._undoing.add(id)
        self._pool.submit(self._undo, id, by)
        return self._shown(record)

    def left_behind(self) -> list[tuple[Record, timedelta]]:
        """Return imports a hub did not finish, each with how long none has been at it.

        Undos among them go on at once.
        """
        with reading(self._tools.engine) as db:
            found = records.past(db, self._tools.feed_id, REMEMBERED, ("running", "undoing"))
        silent = [(record, self._silent(record)) for record in found]
        for record, since in silent:
            if record.state == "undoing" and since is not None and record.id not in self._undoing:
                self._undoing.add(record.id)
                self._pool.submit(self._undo, record.id, record.by)
        return [
            (record, since) for record, since in silent
            if record.state == "running" and record.at and since is not None
        ]  # fmt: skip

    def _silent(self, record: Record) -> timedelta | None:
        """Return how long no hub has been at an import; None while one is, or is about to."""
        silent = self._turns.silent(_turn(record.id))
        if silent is None or silent:
            return silent
        age = self._tools.clock() - record.made_at
        return age if age > JUST_BEGUN else None

    def give_up(self, record: Record) -> None:
        """Note that an import cannot go on."""
        lost = Text(N_("The hub lost these files when it stopped. Import them again for the rest."))
        with writing(self._tools.engine) as db:
            failed = msgspec.structs.replace(record, state="failed", note=lost, at=())
            records.change(db, self._tools.feed_id, failed)

    def record(self, id: str) -> Record:
        """Return what is kept of an import."""
        return self.importing.find(id)

    def _work(self, run: _Run, room: Path) -> None:
        run.begun_s, names = time.monotonic(), run.record.at
        try:
            if run.is_dry:
                account = run.taking.rehearse()
                state = "stopped" if run.taking.is_stopped else "done"
                run.record = msgspec.structs.replace(run.record, account=account, state=state)
            else:
                run.record = self.importing.take(run.record, run.taking)
                if not run.is_moving:  # a run that was left goes on with its files when the hub starts again
                    self._forget(names)
        except Trouble as trouble:
            run.record = msgspec.structs.replace(run.record, state="failed", note=trouble.hint)
        except Exception:
            log.exception("import %s failed", run.record.id)
            run.record = msgspec.structs.replace(run.record, state="failed", note=Text(MISTAKE))
        finally:
            run.turn.close()
            shutil.rmtree(room, ignore_errors=True)

    def _undo(self, id: str, by: str) -> None:
        try:
            with self._turns.alone(_turn(id)):
                self.importing.undo(id, by)
        except Exception:
            log.exception("undo of import %s failed", id)
        finally:
            self._undoing.discard(id)

    def _forget(self, names: tuple[str, ...]) -> None:
        """Delete the files of an import that is over: they hold what buyers wrote."""
        for name in names:
            for path in self._folder.glob(f"{Path(name).stem}.*"):
                path.unlink(missing_ok=True)

    def _shown(self, record: Record) -> ImportRow:
        shop = find_shop(self._tools.engine, self._tools.feed_id, record.shop)
        return record.row(shop.title if shop else "")


def _turn(id: str) -> str:
    return f"import {id}"
