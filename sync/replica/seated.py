"""The replica under a desk, and whose it is: it holds what the person may hold who sits here, and no more.

Source: sync.md sections 4 and 11; DECISIONS 16.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from app.choices import CHOICES
from app.domain.gazetteer import Gazetteer
from app.domain.scopes import Reach, holds, keeps_orders
from app.domain.values import Keys
from app.ports import Changes
from app.sourcing.ways import Ways
from app.text import Text
from sync.mark import Mark
from sync.private import private_folder
from sync.projection import SCHEMA_REV, Row, create
from sync.replica.clock import HubClock
from sync.replica.entries import Entry
from sync.replica.files import open_file, remove
from sync.replica.image import Image
from sync.replica.news import news_of
from sync.replica.outbox import Outbox
from sync.replica.overlay import Overlay
from sync.replica.remembered import remember
from sync.replica.rows import REF_TABLES, RefsCache, mark_of, readable
from sync.replica.sealed import seal_in_place
from sync.replica.shelf import forget_others, fresh_path, narrowed, others, purge

log = logging.getLogger(__name__)


class Seated:
    """The open replica, the outbox laid over it, and the reach of the person both are shown to."""

    def __init__(
        self,
        folder: Path,
        *,
        gazetteer: Callable[[], Gazetteer | None] = lambda: None,
        key: bytes = b"",
        ways: Ways | None = None,
    ) -> None:
        self.folder = private_folder(folder)
        self.key = key
        self.desk = ""
        """The replica the hub knows this desk by."""
        self.on_submit: Callable[[], None] = lambda: None
        self.outbox = Outbox(folder / "work.db", key=key)
        self.clock = HubClock(*self.outbox.last_time())
        self._refs = RefsCache(gazetteer, ways)
        self._overlay = Overlay(self._refs)
        self._former: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self.path = folder / (self.outbox.meta("replica_file") or "replica-1.db")
        self._db = self._open()
        self.mark = mark_of(self._db)
        self._overlay.reach = self.mark.reach
        self._kept: list[Entry] = []
        self.doubts: Mapping[int, Text] = {}
        """Pending commands that would not pass here any more, by number, and why."""
        self.waiting = self.outbox.waiting()
        self.sent_to = self.outbox.meta("epoch")
        """The life of the hub that the outbox is written for; it outlives a replica that is thrown away."""
        self._recount()
        self._renew_overlay()
        remember(folder, {name: self.outbox.setting(name, "") for name in CHOICES})

    def close(self) -> None:
        """Close both files."""
        self.outbox.keep_time(self.clock.now(), self.clock.wall())
        self._db.close()
        self.outbox.close()

    def adopt(self, ready: Path | None, epoch: str = "") -> Changes:
        """Replace the replica by a finished file, or an empty one of `epoch`; lay the outbox over it.

        A file made for another reach than the person's at this desk is not taken.
        """
        reach = self.mark.reach
        if ready is not None:
            with closing(open_file(ready, key=self.key, read_only=True)) as found:
                made_for = mark_of(found).reach
            if reach is not None and made_for is not None and made_for != reach.common:
                remove(ready)
                return Changes()
        old, old_db = self.path, self._db
        self._move_to(fresh_path(self.folder), ready)
        mark = msgspec.structs.replace(
            mark_of(self._db), reach=reach, refs_rev=self.mark.refs_rev + 1, lacks_own=reach is not None
        )
        self._sit_down(mark if ready is not None else msgspec.structs.replace(mark, epoch=epoch))
        old_db.close()
        remove(old)
        return ALL_CHANGED

    # --- whose it is --------------------------------------------------------------------------------

    def seat(self, reach: Reach) -> Changes:
        """Make this the desk of a person who just sat down: nothing the one before held is left to read.

        Who works on the same orders shares a replica; another keeps one of their own, found again later.
        """
        was = self.mark.reach
        if was == reach:
            return Changes()
        if was is None or was.user == reach.user or _same_orders(was, reach):
            return self.become(reach)
        return self._switch(reach)

    def become(self, reach: Reach) -> Changes:
        """Hold what the person may hold from now on: drop the rest at once, remember what is to be fetched.

        Where orders must go, the whole file goes: not one of its pages keeps what stood in them.
        """
        was, mark = self.mark.reach, self.mark
        if was == reach:
            return Changes()
        if was is None or (mark.had is None and keeps_orders(was, reach)):
            self._drop_outside(reach)
            return ALL_CHANGED
        return self._begin_anew(reach)

    def take_in(self, rows: Sequence[Row], reach: Reach | None) -> Changes:
        """Take in rows the desk lacked for `reach`, out of a file of the hub; what is newer here stays."""
        if reach != self.mark.reach:
            return Changes()
        with self._transaction(), readable(rows):
            image = Image(self._db)
            news, sums = news_of(image, self.mark.sums, rows)
            keys = self._overlay.rebase(image, news, self._pending(self.mark))
            refs_rev = self.mark.refs_rev + any(key[0] in REF_TABLES for key in keys)
            mark = msgspec.structs.replace(self.mark, sums=sums, refs_rev=refs_rev)
            self._put_mark(mark)
        self.mark = mark
        return shown(keys, sync=False)

    def complete(self, reach: Reach | None) -> None:
        """Note that all the desk lacked for `reach` is here."""
        if reach == self.mark.reach:
            self._set_mark(msgspec.structs.replace(self.mark, had=None))

    def _drop_outside(self, reach: Reach) -> None:
        """Drop what is outside of a reach, in the transaction that stores it.

        Source: sync.md section 11, a revocation purges.
        """
        outside = [scope for scope in self.mark.sums if scope and not holds(reach, scope)]
        mark = narrowed(self.mark, reach, outside)
        self._db.execute("PRAGMA secure_delete = ON")
        with self._transaction():
            self._overlay.renew(self._db, ())
            purge(self._db, outside)
            self._put_mark(mark)
            self._overlay.reach = reach
            self._overlay.renew(self._db, self._pending(mark))
        self._db.execute("PRAGMA secure_delete = OFF")
        if outside:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.mark = mark

    def _begin_anew(self, reach: Reach) -> Changes:
        """Throw the replica away, and begin an empty one for a reach."""
        forget_others(self.path, self.key, lambda mark: _is_of(mark, reach))
        old, old_db, epoch = self.path, self._db, self.mark.epoch
        self._move_to(fresh_path(self.folder), None)
        self._sit_down(msgspec.structs.replace(self._mark_here(), epoch="", reach=reach, lacks_own=True))
        old_db.close()
        remove(old)
        log.info("replica of %s thrown away: it held more than it may", epoch)
        return ALL_CHANGED

    def _switch(self, reach: Reach) -> Changes:
        """Put this replica aside and open the one of people like this person, or an empty one."""
        old_db = self._db
        found = next(
            (
                path
                for path, mark in others(self.path, self.key)
                if mark.reach is not None and mark.had is None and _same_orders(mark.reach, reach)
            ),
            None,
        )
        self._move_to(found or fresh_path(self.folder), None)
        if found is None:
            self._sit_down(msgspec.structs.replace(self._mark_here(), reach=reach, lacks_own=True))
        else:
            self._sit_down(self._mark_here())
            self.become(reach)
        old_db.close()
        forget_others(self.path, self.key, lambda mark: _is_of(mark, reach))
        return ALL_CHANGED

    def _mark_here(self) -> Mark:
        """Return the mark of the open file, under a number of the small tables nobody has seen."""
        return msgspec.structs.replace(mark_of(self._db), refs_rev=self.mark.refs_rev + 1)

    def _move_to(self, path: Path, ready: Path | None) -> None:
        if ready is not None:
            ready.replace(path)
        self.path = path
        self._db = self._open()

    def _sit_down(self, mark: Mark) -> None:
        """Begin to work on the open file."""
        self._former.clear()
        self._overlay.reach = mark.reach
        self._set_mark(mark)
        self._recount()
        self._renew_overlay()
        self.outbox.set_meta(replica_file=self.path.name)

    # --- inside -------------------------------------------------------------------------------------

    def _recount(self) -> None:
        """Let no number of a former name stand for one of ours: a power cut brings back older rows."""
        if self.mark.counted not in ("", self.outbox.meta("replica")):
            self._set_mark(msgspec.structs.replace(self.mark, last_n=0, counted=""))

    def _open(self) -> sqlite3.Connection:
        seal_in_place(self.path, self.key)
        db = open_file(self.path, key=self.key)
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
        if tables:
            found = db.execute("SELECT value FROM meta WHERE key = 'schema_rev'").fetchone()
            if found is not None and found[0] == str(SCHEMA_REV):
                return db
            db.close()
            remove(self.path)
            db = open_file(self.path, key=self.key)
        create(db)
        return db

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit all or nothing; inside of another it is a part of that one, which fails by itself."""
        is_inside = self._db.in_transaction
        if is_inside:
            with self._savepoint():
                yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK TO part")
            raise
        finally:
            if self._db.in_transaction:
                self._db.execute("RELEASE part")

    def _renew_overlay(self) -> None:
        self._count()
        self._overlay.desk = self.desk = self.outbox.meta("replica")
        with self._transaction():
            self._overlay.renew(self._db, self._pending(self.mark))
        self.doubts = self._overlay.doubts()

    def _put_mark(self, mark: Mark) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('mark', ?)", (msgspec.json.encode(mark).decode(),)
        )

    def _set_mark(self, mark: Mark) -> None:
        with self._transaction():
            self._put_mark(mark)
        self.mark = mark

    def _pending(self, mark: Mark) -> list[Entry]:
        """Return the commands rows as of `mark` do not hold yet, in order. Source: sync.md section 0.6."""
        return [e for e in self._kept if e.n > mark.last_n and not 0 < e.seq <= mark.cursor]

    def _count(self) -> None:
        """Look at the outbox again after anything but a submit changed it."""
        self._kept = self.outbox.pending(self.mark.last_n, self.mark.cursor, self._kept)
        self.waiting = self.outbox.waiting()


def _is_of(mark: Mark, reach: Reach) -> bool:
    """Tell whether a replica was the one of a person before they had this reach, or nobody's."""
    return mark.reach is None or mark.reach.user == reach.user


def _same_orders(one: Reach, other: Reach) -> bool:
    """Tell whether two people may read the very same orders, in the same way."""
    return keeps_orders(one, other) and keeps_orders(other, one)


_EVERYTHING = (
    "order",
    "case",
    "stock",
    "stock_doc",
    "sku",
    "sku_map",
    "shop",
    "warehouse",
    "rules",
    "user",
    "history",
    "revision",
    "customer",
    "price_list",
    "snag_rule",
    "order_class",
    "carrier",
    "template",
    "wording",
    "outlet",
    "stock_policy",
    "source_policy",
    "gate_profile",
    "sign_policy",
    "screening",
    "bookings",
    "load",
    "account",
)


ALL_CHANGED = Changes(keys=frozenset((tbl, "") for tbl in _EVERYTHING), sync=True)


def shown(keys: Keys, *, sync: bool) -> Changes:
    """Say which rows changed in the words of the screen: a snag of its own is a case there."""
    return Changes(frozenset(("case" if tbl == "snag" else tbl, pk) for tbl, pk in keys if tbl), sync)
