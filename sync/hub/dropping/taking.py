"""Takes the files out of a shop's folder: each once by what is in it, none that is still being written.

A file is read as files of these columns were read before; one whose columns are new, or lost some since, is
put before a person with its rows, and what they say counts for the next one. What was taken goes to `done`,
what was not to `failed`, once its import has ended: after a crash a file is known by its bytes.
Source: channels.md section 6; capabilities 9.5.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter as Tally
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.domain.company import Shop
from app.imports import Account, ImportRow, Matching, Reading, lacking
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Rejected
from sync.hub.database import reading, writing
from sync.hub.dropping.folder import DONE, FAILED, Folder, Lying, check_size, shown
from sync.hub.imports import records
from sync.hub.imports.counter import Counter
from sync.hub.imports.importing import MISTAKE, digest_of
from sync.hub.imports.plan import Plan
from sync.hub.imports.shop import find_shop
from sync.hub.intake import PAGE, ask_case, keep_unreadable, open_account
from sync.hub.polling import streams
from sync.hub.polling.streams import Held, hold, went_well, went_wrong
from sync.hub.turns import PARTS, Lost, renewed
from sync.import_tables import file_import
from sync.tables import snag

BY = "folder"
"""Who brings these files, where people stand elsewhere."""
LIST = "files"
"""What the page of channels calls it."""
TRIES = 3
ROWS_KEPT = 20_000
"""Of a file nobody could read so many rows are kept; the file itself lies in `failed`."""
NEW_COLUMNS = N_("Its columns are new. Say once which is which; files like it are then taken by themselves.")
LOST_COLUMNS = N_("It lacks the columns {names}, by which earlier files were read. Say which stand for them.")
log = logging.getLogger(__name__)


class Dropped:
    """One folder of one shop, for one process; where several hubs look, one has its lease."""

    def __init__(self, counter: Counter, shop: str, folder: Folder) -> None:
        self._counter, self._shop, self._folder = counter, shop, folder
        self._tools = counter.tools
        self._held: Held | None = None
        self._seen: set[Lying] = set()
        self._under_way: dict[Lying, str] = {}
        self._failed: Tally[Lying] = Tally()
        """How often a file could not be fetched or read: others go first."""

    def step(self) -> bool:
        """Look once and begin with one file; tell whether there may be more."""
        tools, now = self._tools, self._tools.clock()
        with writing(tools.engine) as db:
            held = hold(db, tools.feed_id, self._shop, LIST, now)
        if held is None:
            return False
        self._held, trouble, is_more = held, None, False
        try:
            with renewed(self._renew, streams.LEASE / PARTS):
                is_more = self._look()
        except Lost:
            log.info("the folder of %s is read by another hub", self._shop)
            return False
        except Trouble as fault:
            trouble = fault
        self._end(held, trouble)
        return is_more

    def _renew(self) -> None:
        """Keep the lease; looked at too before anything that cannot be taken back.

        Raises:
            Lost: another hub has taken it.
        """
        if self._held is None:
            raise Lost
        with writing(self._tools.engine) as db:
            streams.renew(db, self._tools.feed_id, self._held)

    def _end(self, held: Held, trouble: Trouble | None = None) -> None:
        tools = self._tools
        try:
            with writing(tools.engine) as db:
                if trouble is None:
                    went_well(db, tools.feed_id, held, tools.clock(), None)
                else:
                    went_wrong(db, tools.feed_id, held, tools.clock(), trouble.code, trouble.hint)
        except Lost:
            log.info("the folder of %s is read by another hub", self._shop)

    def _look(self) -> bool:
        lying = list(self._folder.lying())
        self._renew()
        self._put_away(lying)
        ready = [one for one in lying if one in self._seen and one not in self._under_way]
        self._seen = set(lying)
        if not ready or any(row.is_moving for row in self._imports()):
            return False
        one = min(ready, key=lambda each: self._failed[each])
        self._failed = Tally({each: self._failed[each] for each in lying if self._failed[each]})
        self._failed[one] += 1
        self._take(one)
        del self._failed[one]
        return len(ready) > 1

    def _imports(self) -> Iterator[ImportRow]:
        return (row for row in self._counter.runs.past(50) if row.shop == self._shop)

    def _put_away(self, lying: list[Lying]) -> None:
        """Move what is in; what was begun and failed is tried again."""
        for one, begun in list(self._under_way.items()):
            row = self._counter.runs.row(begun)
            if row.is_moving:
                continue
            del self._under_way[one]
            if row.state != "failed" and one in lying:
                self._folder.put_away(one.name, DONE)
                lying.remove(one)

    def _take(self, one: Lying) -> None:
        """Copy a file and begin its import, or put it before a person."""
        shop = find_shop(self._tools.engine, self._tools.feed_id, self._shop)
        if shop is None:
            words = N_("There is no shop {shop}. Set it up first.")
            raise Trouble("no_shop", Text(words, {"shop": self._shop}))
        copy = self._counter.folder / f"dropped-{secrets.token_hex(8)}.part"
        self._counter.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy.touch(mode=0o600)
        try:
            check_size(one.name, one.size)
            self._folder.fetch(one.name, copy)
            if copy.stat().st_size != one.size:
                return  # it grew meanwhile: the next look finds another one
            self._take_copy(one, copy, shop)
        except Trouble as trouble:
            if trouble.retry:
                raise
            self._refuse(one, shop, repr(one).encode(), trouble.hint)
        except Exception as fault:
            if isinstance(fault, (Lost, DBAPIError, OSError)):
                raise
            log.exception("a file of %s cannot be read", self._shop)
            self._refuse(one, shop, repr(one).encode(), Text(MISTAKE))
        finally:
            copy.unlink(missing_ok=True)

    def _take_copy(self, one: Lying, copy: Path, shop: Shop) -> None:
        mark = digest_of([copy])
        known = self._known(mark)
        if any(state != "failed" for _, state in known):
            begun = next(name for name, state in known if state != "failed")
            self._under_way[one] = begun  # the very same bytes: moved once that import is over
            return
        if len(known) >= TRIES:
            said = Text(N_("Its import failed {count} times. Import it by hand."), {"count": len(known)})
            self._refuse(one, shop, mark, said)
            return
        try:
            case, is_open = self._case(f"file:{shop.code}", mark)
            asked = case if is_open else ""  # it ends with this import
            look = self._counter.lay_out(shown(one.name)[-200:], copy, asked, BY, Reading())
            matching = self._counter.match(self._shop, [look.id], {}, BY)
        except Trouble as trouble:
            if trouble.retry:
                raise
            self._refuse(one, shop, mark, trouble.hint)
            return
        if (doubt := self._doubt(look.id, matching)) is not None:
            self._refuse(one, shop, mark, doubt, file=look.id, matching=matching)
            return
        self._renew()
        self._under_way[one] = self._counter.begin(self._shop, [look.id], matching.plan, BY)
        log.info("a file of %s is taken", self._shop)

    def _known(self, mark: bytes) -> list[tuple[str, str]]:
        """Return the imports of these very bytes that a person did not end, each with how it stands.

        One that took nothing does not count: the mapping may have been mended since.
        """
        c = file_import.c
        mine = c.feed_id == self._tools.feed_id, c.shop == self._shop, c.digest == mark
        ours = select(c.import_id, c.state, c.doc).where(*mine, c.state.not_in(("undone", "stopped")))
        with reading(self._tools.engine) as db:
            rows = db.execute(ours.order_by(c.made_at)).all()
        return [(row.import_id, row.state) for row in rows if row.state != "done" or _took_any(row.doc)]

    def _doubt(self, file: str, matching: Matching) -> Text | None:
        """Say why nobody should take these rows unseen: columns that are new, lost or unclear."""
        sheet, _ = self._counter.sheet(file, BY)
        with reading(self._tools.engine) as db:
            kept = records.kept_mapping(db, self._tools.feed_id, self._shop, [sheet])
        if kept is not None and kept.lost:
            names = ", ".join(column for _, column in kept.lost)
            return Text(LOST_COLUMNS, {"names": names[:300]})
        if said := lacking(matching):
            return said[0]
        return None if matching.is_kept or matching.title else Text(NEW_COLUMNS)

    def _refuse(
        self,
        one: Lying,
        shop: Shop,
        mark: bytes,
        why: Text,
        *,
        file: str = "",
        matching: Matching | None = None,
    ) -> None:
        """Keep the rows, put them before a person, and move the file out of the way."""
        self._renew()
        tools, account = self._tools, f"file:{shop.code}"
        with writing(tools.engine) as db:
            open_account(db, tools.feed_id, account, tools.clock())
        case, is_open = self._case(account, mark)
        if not is_open:
            name = shown(one.name)
            import_id = self._kept(shop, file, matching, why) if file and matching is not None else ""
            text = Text(N_("{file} was not taken. {why}"), {"file": name[:100], "why": why})
            ask_case(
                tools.engine, tools.feed_id, tools.seal, account, shop, name[:200], case, text, tools.clock(),
                import_id=import_id,
            )  # fmt: skip
        self._folder.put_away(one.name, FAILED)
        log.info("a file of %s was not taken: %s", self._shop, why.message)

    def _case(self, account: str, mark: bytes) -> tuple[str, bool]:
        """Name the case of a file, and tell whether it is open; one that was answered has a successor."""
        tools, c = self._tools, snag.c
        with reading(tools.engine) as db:
            for n in count():
                said = mark + (b" %d" % n if n else b"")
                case = f"{account}:{tools.seal.args_hash('case', said)[:8].hex()}"
                found = select(c.state).where(c.feed_id == tools.feed_id, c.subject == "raw", c.id == case)
                state = db.execute(found).scalar()
                if state is None or state == "open":
                    return case, state == "open"
        raise LookupError(account)

    def _kept(self, shop: Shop, file: str, matching: Matching, why: Text) -> str:
        """Keep the rows of a file as an import that took none of them."""
        tools, (sheet, path) = self._tools, self._counter.sheet(file, BY)
        plan = msgspec.json.decode(matching.plan, type=Plan)
        record = self._counter.runs.importing.open([sheet], plan, shop, BY, [path], keep=False)
        rows, read = islice(sheet.rows(), ROWS_KEPT), 0
        while page := [Rejected(row=row, reason=why) for row in islice(rows, PAGE)]:
            read += len(page)
            keep_unreadable(
                tools.engine, tools.feed_id, tools.seal, f"file:{shop.code}", shop, sheet.name, page,
                tools.clock(), record.id,
            )  # fmt: skip
        account = Account(read=read, rejected=read)
        with writing(tools.engine) as db:
            ended = msgspec.structs.replace(record, state="done", account=account, rows=read, note=why)
            records.change(db, tools.feed_id, ended)
        return record.id


def _took_any(doc: str) -> bool:
    account = msgspec.json.decode(doc, type=records.Record).account
    return account.read > account.rejected
