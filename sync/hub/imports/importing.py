"""An import from its first row to its record, and back: begun, gone on with, stopped, undone."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from app.domain.company import Shop
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Rejected
from sync.hub.database import reading, writing
from sync.hub.imports import records, withdrawing
from sync.hub.imports.plan import Plan
from sync.hub.imports.records import Record
from sync.hub.imports.sheets import Sheet, as_read
from sync.hub.imports.source import Source
from sync.hub.imports.taking import PATIENCE_S, Left, Taking, Tools
from sync.wire import new_id

CHUNK = 1_000_000
SAVE_EVERY_S = 2.0
STAYS_KEPT = 200
"""Of the orders an undo left as they are, so many are named."""
MISTAKE = N_("Docket made a mistake here. Import the file again.")
STOPPED = N_("Stopped by hand. What is in stays in; import the files again for the rest.")

log = logging.getLogger(__name__)


class Importing:
    """What is done with whole files; one process of a hub, or a console."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def open(
        self,
        sheets: Sequence[Sheet],
        plan: Plan,
        shop: Shop,
        by: str,
        paths: Sequence[Path],
        *,
        keep: bool,
        case: str = "",
    ) -> Record:
        """Note that an import begins. With `keep` its files lie where a restarted hub finds them.

        `case`: the rows are those of a case, which ends with them.
        """
        tools, now = self._tools, self._tools.clock()
        record = Record(
            id=new_id(now),
            files=tuple(sheet.name for sheet in sheets),
            headers=tuple(sheet.header for sheet in sheets),
            shop=shop.code,
            by=by,
            made_at=now,
            state="running",
            plan=plan,
            at=tuple(path.name for path in paths) if keep else (),
            readings=tuple(as_read(sheet) for sheet in sheets),
            case=case,
        )
        with writing(tools.engine) as db:
            records.add(db, tools.feed_id, record, digest_of(paths))
        return record

    def taking(
        self,
        record: Record,
        source: Source,
        shop: Shop,
        folder: Path,
        *,
        patience_s: float = PATIENCE_S,
        tell: Callable[[Taking], None] = lambda _taking: None,
        on_rejected: Callable[[Rejected], None] = lambda _one: None,
    ) -> Taking:
        """Return the run over an import's rows."""
        saved_s = time.monotonic()

        def told() -> None:
            nonlocal saved_s
            tell(taking)
            if time.monotonic() - saved_s > SAVE_EVERY_S:
                saved_s = time.monotonic()
                self._save(msgspec.structs.replace(record, account=taking.account, rows=taking.rows))

        taking = Taking(
            self._tools, shop, source, folder, import_id=record.id, case=record.case, patience_s=patience_s,
            tell=told, on_rejected=on_rejected,
        )  # fmt: skip
        return taking

    def take(self, record: Record, taking: Taking) -> Record:
        """Take the rows in and note how it ended.

        Raises:
            Trouble: what stopped it; the record says it too.
        """
        try:
            account = taking.take()
        except Left:
            return record
        except Trouble as trouble:
            self._end(record, taking, "failed", trouble.hint)
            raise
        except Exception:
            self._end(record, taking, "failed", Text(MISTAKE))
            raise
        if taking.is_left:
            return record
        note = Text(STOPPED) if taking.is_stopped else None
        record = msgspec.structs.replace(record, account=account)
        return self._end(record, taking, "stopped" if taking.is_stopped else "done", note)

    def undo(self, id: str, by: str, *, patience_s: float = PATIENCE_S) -> Record:
        """Call an import's untouched orders off, list the others, mark its receipts withdrawn.

        Source: architecture section 9, undo of a file import.

        Raises:
            Trouble: no such import, or one that is under way or undone.
        """
        tools, record = self._tools, self.begin_undo(id)
        ended = withdrawing.withdraw(tools, record, by, patience_s)
        stays = ended.stays
        return self._save(
            msgspec.structs.replace(
                record,
                state="undone",
                cancelled=ended.cancelled,
                stays=stays[:STAYS_KEPT],
                stays_count=len(stays),
                note=Text(
                    N_("{count} orders called off, {stays} stay as they are."),
                    {"count": ended.cancelled, "stays": len(stays)},
                ),
                at=(),
            )
        )

    def begin_undo(self, id: str) -> Record:
        """Note that an import is being undone.

        Raises:
            Trouble: no such import, or one that is under way or undone.
        """
        record = self.find(id)
        if record.state not in ("done", "stopped", "failed", "undoing"):
            raise Trouble(
                "not_now", Text(N_("This import is under way or undone. There is nothing to undo."))
            )
        return self._save(msgspec.structs.replace(record, state="undoing"))

    def find(self, id: str) -> Record:
        """Return an import.

        Raises:
            Trouble: no such import.
        """
        with reading(self._tools.engine) as db:
            record = records.find(db, self._tools.feed_id, id)
        if record is None:
            raise Trouble("no_import", Text(N_("There is no such import. Look at the list of imports.")))
        return record

    def _end(self, record: Record, taking: Taking, state: str, note: Text | None) -> Record:
        account = record.account if record.account.read else taking.account
        return self._save(
            msgspec.structs.replace(record, state=state, account=account, rows=taking.rows, note=note, at=())
        )

    def _save(self, record: Record) -> Record:
        with writing(self._tools.engine) as db:
            records.change(db, self._tools.feed_id, record)
        return record


def digest_of(paths: Sequence[Path]) -> bytes:
    """Name the bytes of files, so that the very same ones are recognised."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    return digest.digest()
