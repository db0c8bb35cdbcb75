"""`replica.db` and `work.db` together: submit, apply what the hub says, answer for what was promised.

Everything here runs on the `store` lane, except the attributes `path`, `mark` and `waiting`, which are
replaced whole and may be read from anywhere. Source: sync.md sections 4 to 8.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app import engine
from app.command import Authority, Command, Refusal, Seen
from app.conflict import conflicts, merged, seen
from app.domain.events import fields_said
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.domain.values import Actor, Key, Keys, order_key
from app.ports import Changes, Login, Submitted
from app.text import N_, Text
from sync.instants import instant, micros
from sync.projection import MODULUS, SCHEMA_REV, Mark, Row, create, sum_of
from sync.replica.clock import HubClock
from sync.replica.entries import Entry, case_id
from sync.replica.files import open_file, remove
from sync.replica.outbox import Outbox
from sync.replica.overlay import Overlay, confirmed
from sync.replica.rows import REF_TABLES, RefsCache, decode, facts_of, load, mark_of, row_of
from sync.replica.sides import sides_of
from sync.replica.slices import Slice
from sync.replica.unsent import write_unsent
from sync.wire import Answer, new_id

MERGE_PAGES = 64
FORMER_ROWS = 512
"""Replaced orders kept in memory, so that a person who still looks at one is told what changed."""


class Diverged(Exception):
    """The replica is not what the hub says it should be: throw it away and build it again."""


class Store:
    """What a desk keeps; implements `app.ports.Replica`."""

    def __init__(
        self,
        folder: Path,
        *,
        gazetteer: Callable[[], Gazetteer | None] = lambda: None,
        key: bytes = b"",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.key = key
        self.desk = ""
        """The replica the hub knows this desk by."""
        self.on_submit: Callable[[], None] = lambda: None
        self.outbox = Outbox(folder / "work.db", key=key)
        told = self.outbox.meta("hub_at")
        self.clock = HubClock(instant(int(told)) if told else None)
        self._refs = RefsCache(gazetteer)
        self._overlay = Overlay(self._refs)
        self._former: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self.path = folder / (self.outbox.meta("replica_file") or "replica-1.db")
        self._db = self._open()
        self.mark = mark_of(self._db)
        self._kept: list[Entry] = []
        self.doubts: Mapping[int, Text] = {}
        """Pending commands that would not pass here any more, by number, and why."""
        self.waiting = self.outbox.waiting()
        self._renew_overlay()

    def close(self) -> None:
        """Close both files."""
        self.outbox.set_meta(hub_at=str(micros(self.clock.now())), wall_at=str(micros(datetime.now(UTC))))
        self._db.close()
        self.outbox.close()

    # --- the person ---------------------------------------------------------------------------------

    def submit(self, command: Command, login: Login, because: str, seen_ver: int | None) -> Submitted:
        """Decide over the view, keep durably, lay over the rows.

        Refuses: whatever the command refuses, `conflict` when what the person saw has changed meanwhile.

        Raises:
            Trouble: `disk_full`; nothing was kept.
        """
        spec = engine.spec_of(command)
        actor = Actor(login.user.code, login.user.role, login.grants, self.desk)
        facts = facts_of(self._db, command, self._refs.get(self._db), actor, self.clock.now())
        subject, order = self._subject(command)
        if spec.code not in actor.grants:
            refusal = Refusal("not_allowed", Text(N_("You are not allowed to do this. Ask your lead.")))
            return Submitted(refusal=refusal)
        saw = self._saw(command, order, seen_ver)
        if stale := conflicts(saw, order, command):
            text = Text(N_("Changed while you looked: {fields}. Look again."), {"fields": fields_said(stale)})
            return Submitted(refusal=Refusal("conflict", text))
        command = merged(command, saw, order)
        inverse = engine.inverse_of(command, facts)
        texts: tuple[Text, ...] = ()
        if spec.authority is Authority.DESK:
            decided = engine.apply(command, facts)
            if isinstance(decided, Refusal):
                return Submitted(refusal=decided)
            texts = tuple(said for event in decided if (said := event.says()) is not None)
        entry = Entry(
            id=new_id(facts.now),
            name=spec.code,
            rev=spec.rev,
            args=msgspec.json.encode(command),
            seen=seen(command, order),
            because=because,
            login=login.login_id,
            actor=actor,
            subject=subject[1],
            label=order.number if order else subject[1],
            texts=texts,
            confirmed=confirmed(facts),
            saved_at=facts.now,
            wall_at=datetime.now(UTC),
        )
        n = self.outbox.add(entry, sides_of(command, order, facts))
        entry = msgspec.structs.replace(entry, n=n)
        self._kept.append(entry)
        self.waiting = self.outbox.waiting()
        with self._transaction():
            keys = self._overlay.lay(self._db, entry, facts)
            mark = self._marked(keys)
        self.mark = mark
        self.on_submit()
        return Submitted(n=n, inverse=inverse, changes=_shown(keys | {subject}, sync=True))

    def _subject(self, command: Command) -> tuple[Key, Order | None]:
        """Say what a command is about: the order it names, before one that begins with it."""
        mine = order_key(getattr(command, "order", ""))
        needed = engine.spec_of(command).needs(command)
        keys = sorted(needed, key=lambda key: (key != mine, key[0] != "order", key))
        if not keys:
            return ("", ""), None
        row = load(self._db, keys[:1])[keys[0]]
        return keys[0], row if isinstance(row, Order) else None

    def _saw(self, command: Command, order: Order | None, seen_ver: int | None) -> Seen | None:
        if order is None or seen_ver is None or seen_ver == order.ver:
            return seen(command, order)
        docs = [doc for (key, _seq), doc in self._former.items() if key == order.id]
        former = (decode("order", doc) for doc in docs)
        return seen(command, next((old for old in former if old.ver == seen_ver), order))

    def save_draft(self, key: str, answers: dict[str, str]) -> None:
        """Keep a half-filled guide."""
        self.outbox.save_draft(key, answers)

    def draft(self, key: str) -> dict[str, str]:
        """Return a half-filled guide; empty when there is none."""
        return self.outbox.draft(key)

    def drop_draft(self, key: str) -> None:
        """Forget a half-filled guide."""
        self.outbox.drop_draft(key)

    def fresh_id(self) -> str:
        """Return an id nobody has used, for something a person begins on this desk."""
        return new_id(self.clock.now())

    def setting(self, key: str, default: str = "") -> str:
        """Return a setting of this desk."""
        return self.outbox.setting(key, default)

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting of this desk."""
        self.outbox.set_setting(key, value)

    def write_unsent(self, path: str) -> int:
        """Write what only this disk holds to a file, for the worst case; return how many commands.

        Raises:
            Trouble: the file cannot be written.
        """
        return write_unsent(self.outbox, Path(path))

    def clear(self) -> Changes:
        """Take everything off this PC that the hub has.

        Raises:
            Trouble: `unsent`: something is only saved here.
        """
        self.outbox.clear()
        self._former.clear()
        return self.adopt(None)

    # --- the hub ------------------------------------------------------------------------------------

    def apply(self, part: Slice) -> Changes:
        """Take a slice in: base rows, cursor, `last_n` and whatever stood on them, in one transaction.

        Raises:
            Diverged: at the head the sums are not the hub's.
        """
        page, was = part.page, self.mark
        mark = msgspec.structs.replace(was, cursor=max(was.cursor, part.cursor))
        if page is not None:
            mark = msgspec.structs.replace(
                mark, last_n=page.last_n, head=page.head, protected_seq=page.protected_seq, epoch=page.epoch
            )
        pending = self._pending(mark)
        with self._transaction():
            self._remember(part.rows)
            total = (int(was.total, 16) + self._difference(part.rows)) % MODULUS
            keys = self._overlay.rebase(self._db, part.rows, pending)
            refs_rev = was.refs_rev + any(key[0] in REF_TABLES for key in keys)
            mark = msgspec.structs.replace(mark, total=f"{total:016x}", refs_rev=refs_rev)
            self._put_mark(mark)
            if page is not None and page.sums and not page.more and page.to == page.head:
                expected = sum(int(value, 16) for value in page.sums.values()) % MODULUS
                if expected != total:
                    raise Diverged(f"{total:016x} is not {expected:016x} at {page.to}")
        self.mark, self.doubts = mark, self._overlay.doubts()
        if page is not None:
            self.clock.hear(page.hub_time)
            if mark.last_n != was.last_n or mark.protected_seq != was.protected_seq:
                self.outbox.settle(last_n=mark.last_n, protected_seq=mark.protected_seq, now=self.clock.now())
                self._count()
        return _shown(keys, sync=page is not None)

    def answered(self, answers: Sequence[Answer]) -> Changes:
        """Write the hub's answers down; a refused command is lifted from the rows and shown in the inbox."""
        changed = self.outbox.take_answers(answers)
        self._count()
        with self._transaction():
            keys = self._overlay.rebase(self._db, (), self._pending(self.mark))
            mark = self._marked(keys)
        self.mark, self.doubts = mark, self._overlay.doubts()
        orders = frozenset(order_key(entry.subject) for entry in changed)
        replica = self.outbox.meta("replica")
        cases = frozenset(
            ("snag", case_id(replica, entry.n)) for entry in changed if entry.refusal is not None
        )
        return _shown(keys | orders | cases, sync=True)

    def become_new(self) -> Changes:
        """Take a new replica id and new numbers: this file was copied or rolled back.

        Source: sync.md section 5, fork.
        """
        self.outbox.renumber()
        self._set_mark(msgspec.structs.replace(self.mark, last_n=0))
        self._renew_overlay()
        return Changes(sync=True)

    def send_again(self, expect: int) -> bool:
        """Make everything from number `expect` on unsent again; False when those numbers are gone."""
        if expect < 1:
            return False
        first = self.outbox.send_again(expect - 1)
        self._renew_overlay()
        unsent = self.outbox.unsent()
        return bool(first) or (bool(unsent) and unsent[0].n == expect)

    def adopt(self, ready: Path | None, epoch: str = "") -> Changes:
        """Replace the replica by a finished file, or an empty one of `epoch`; lay the outbox over it."""
        old, old_db = self.path, self._db
        number = int(old.stem.rpartition("-")[2]) + 1
        new = self.folder / f"replica-{number}.db"
        remove(new)
        if ready is not None:
            ready.replace(new)
        self.path = new
        self._db = self._open()
        refs_rev = self.mark.refs_rev + 1
        mark = msgspec.structs.replace(mark_of(self._db), refs_rev=refs_rev)
        self._set_mark(mark if ready is not None else msgspec.structs.replace(mark, epoch=epoch))
        self._renew_overlay()
        self.outbox.set_meta(replica_file=new.name)
        old_db.close()
        remove(old)
        return Changes(keys=frozenset((tbl, "") for tbl in _EVERYTHING), sync=True)

    def tidy(self) -> None:
        """Merge a little of the search index; cheap, called when the desk has caught up."""
        with self._transaction():
            self._db.execute("INSERT INTO find (find, rank) VALUES ('merge', ?)", (MERGE_PAGES,))

    # --- inside -------------------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
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
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _renew_overlay(self) -> None:
        self._count()
        self._overlay.desk = self.desk = self.outbox.meta("replica")
        with self._transaction():
            self._overlay.renew(self._db, self._pending(self.mark))
        self.doubts = self._overlay.doubts()

    def _marked(self, keys: Keys) -> Mark:
        """Tell readers to load the small tables again when an overlay touched one."""
        if not any(key[0] in REF_TABLES for key in keys):
            return self.mark
        mark = msgspec.structs.replace(self.mark, refs_rev=self.mark.refs_rev + 1)
        self._put_mark(mark)
        return mark

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
        self._kept = self.outbox.pending(self.mark.last_n, self.mark.cursor)
        self.waiting = self.outbox.waiting()

    def _difference(self, rows: Sequence[Row]) -> int:
        """Return what these rows change in the checksum of the base."""
        latest = {(row.tbl, row.pk): row for row in rows}
        difference = 0
        for key, row in latest.items():
            known = self._db.execute("SELECT seq, doc FROM before WHERE tbl = ? AND pk = ?", key).fetchone()
            if known is None:
                known = self._db.execute("SELECT seq, 1 FROM row WHERE tbl = ? AND pk = ?", key).fetchone()
            if known is not None and known[1] is not None:
                difference -= sum_of(*key, known[0])
            if row.doc is not None:
                difference += sum_of(*key, row.seq)
        return difference

    def _remember(self, rows: Sequence[Row]) -> None:
        """Keep what is about to be replaced, for a person who still looks at it."""
        for row in rows:
            if row.tbl == "order" and (old := row_of(self._db, order_key(row.pk))) is not None and old.doc:
                self._former[old.pk, old.seq] = old.doc
        while len(self._former) > FORMER_ROWS:
            self._former.popitem(last=False)


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
)


def _shown(keys: Keys, *, sync: bool) -> Changes:
    """Say which rows changed in the words of the screen: a snag of its own is a case there."""
    return Changes(frozenset(("case" if tbl == "snag" else tbl, pk) for tbl, pk in keys if tbl), sync)
