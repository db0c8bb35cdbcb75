"""Takes the files out of a shop's folder: each once by what is in it, none that is still being written.

A file is read as files of these columns were read before; one whose columns are new, or lost some since, is
put before a person with its rows, and what they say counts for the next one. What was taken goes to `done`,
what was not to `failed`, once its import has ended: after a crash a file is known by its bytes.
Source: channels.md section 6; capabilities 9.5.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import select

from app.domain.company import Shop
from app.imports import Account, ImportRow, Matching, Reading, lacking
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Rejected
from sync.hub.database import reading, writing
from sync.hub.dropping.folder import DONE, FAILED, Folder, Lying, check_size
from sync.hub.imports import records
from sync.hub.imports.counter import Counter
from sync.hub.imports.importing import digest_of
from sync.hub.imports.plan import Plan
from sync.hub.imports.shop import find_shop
from sync.hub.intake import PAGE, ask_case, keep_unreadable, open_account
from sync.hub.polling.streams import Held, hold, went_well, went_wrong
from sync.hub.turns import Lost
from sync.import_tables import file_import

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
        self._seen: set[Lying] = set()
        self._under_way: dict[Lying, str] = {}

    def step(self) -> bool:
        """Look once and begin with one file; tell whether there may be more."""
        tools, now = self._tools, self._tools.clock()
        with writing(tools.engine) as db:
            held = hold(db, tools.feed_id, self._shop, LIST, now)
        if held is None:
            return False
        try:
            is_more = self._look()
        except Trouble as trouble:
            self._end(held, trouble)
            return False
        self._end(held)
        return is_more

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
        self._put_away(lying)
        ready = [one for one in lying if one in self._seen and one not in self._under_way]
        self._seen = set(lying)
        if not ready or any(row.is_moving for row in self._imports()):
            return False
        self._take(ready[0])
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
            self._refuse(one, shop, one.name.encode() + str(one.size).encode(), trouble.hint)
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
            look = self._counter.lay_out(one.name[-200:], copy, "", BY, Reading())
            matching = self._counter.match(self._shop, [look.id], {}, BY)
        except Trouble as trouble:
            if trouble.retry:
                raise
            self._refuse(one, shop, mark, trouble.hint)
            return
        if (doubt := self._doubt(look.id, matching)) is not None:
            self._refuse(one, shop, mark, doubt, file=look.id, matching=matching)
            return
        self._under_way[one] = self._counter.begin(self._shop, [look.id], matching.plan, BY)
        log.info("a file of %s is taken", self._shop)

    def _known(self, mark: bytes) -> list[tuple[str, str]]:
        """Return the imports of these very bytes that a person did not end, each with how it stands."""
        c = file_import.c
        mine = c.feed_id == self._tools.feed_id, c.shop == self._shop, c.digest == mark
        ours = select(c.import_id, c.state).where(*mine, c.state.not_in(("undone", "stopped")))
        with reading(self._tools.engine) as db:
            rows = db.execute(ours.order_by(c.made_at)).all()
        return [(row.import_id, row.state) for row in rows]

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
        tools, account = self._tools, f"file:{shop.code}"
        with writing(tools.engine) as db:
            open_account(db, tools.feed_id, account, tools.clock())
        import_id = self._kept(shop, file, matching, why) if file and matching is not None else ""
        case = f"{account}:{tools.seal.args_hash('case', mark)[:8].hex()}"
        text = Text(N_("{file} was not taken. {why}"), {"file": one.name[:100], "why": why})
        ask_case(
            tools.engine, tools.feed_id, tools.seal, account, shop, one.name[:200], case, text, tools.clock(),
            import_id=import_id,
        )  # fmt: skip
        self._folder.put_away(one.name, FAILED)
        log.info("a file of %s was not taken: %s", self._shop, why.message)

    def _kept(self, shop: Shop, file: str, matching: Matching, why: Text) -> str:
        """Keep the rows of a file as an import that took none of them."""
        tools, (sheet, path) = self._tools, self._counter.sheet(file, BY)
        plan = msgspec.json.decode(matching.plan, type=Plan)
        record = self._counter.runs.importing.open([sheet], plan, shop, BY, [path], keep=False)
        rows, count = islice(sheet.rows(), ROWS_KEPT), 0
        while page := [Rejected(row=row, reason=why) for row in islice(rows, PAGE)]:
            count += len(page)
            keep_unreadable(
                tools.engine, tools.feed_id, tools.seal, f"file:{shop.code}", shop, sheet.name, page,
                tools.clock(), record.id,
            )  # fmt: skip
        account = Account(read=count, rejected=count)
        with writing(tools.engine) as db:
            ended = msgspec.structs.replace(record, state="done", account=account, rows=count, note=why)
            records.change(db, tools.feed_id, ended)
        return record.id
