"""`work.db`: what this desk promised and the hub has not made safe yet; precious, additive only.

Source: sync.md sections 4, 5, 7.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from app.command import Refusal
from app.domain.events import fields_said
from app.text import N_, Text
from app.trouble import Trouble
from sync.instants import instant, micros
from sync.replica.entries import (
    ACCEPTED,
    COLUMNS,
    CONFLICT,
    PENDING,
    REFUSED,
    SAVED,
    Entry,
    entries,
    pending_entries,
)
from sync.replica.files import keep_reserve, open_file
from sync.replica.kept import Kept, told_at
from sync.replica.parcels import size_of
from sync.replica.sealed import seal_in_place
from sync.wire import PUSH_BYTES, PUSH_LIMIT, Answer, Wish

VERSION = 3

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  rev INTEGER NOT NULL, args BLOB NOT NULL, args_hash TEXT NOT NULL, seen BLOB, because TEXT NOT NULL,
  login TEXT NOT NULL, actor BLOB NOT NULL, subject TEXT NOT NULL, label TEXT NOT NULL, texts BLOB NOT NULL,
  saved_at INTEGER NOT NULL, wall_at INTEGER NOT NULL, state TEXT NOT NULL, seq INTEGER NOT NULL,
  refusal BLOB);
CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, n);
CREATE TABLE IF NOT EXISTS draft (key TEXT PRIMARY KEY, answers TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS login (user TEXT PRIMARY KEY, verifier TEXT NOT NULL, login TEXT NOT NULL,
  confirmed_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chain (user TEXT PRIMARY KEY, salt BLOB NOT NULL,
  sealed BLOB NOT NULL) WITHOUT ROWID;
"""
_LATER = {"sides": "BLOB", "fields": "BLOB", "confirmed": "BLOB"}
"""Columns of `outbox` that files of an older Docket lack; they are added, nothing is ever taken away."""
YOUNG = timedelta(hours=24)
"""So long a person sees what became of their own work, even when it needs no keeping any more."""
REFUSED_FOR = timedelta(days=30)
_encode = msgspec.json.encode


class Waiting(msgspec.Struct, frozen=True):
    """How much is not at the hub yet, and since when; how much of what is there has no second copy."""

    count: int = 0
    oldest_at: datetime | None = None
    unprotected: int = 0


class Outbox(Kept):
    """The precious file of one desk; every commit is on disk before it is promised."""

    def __init__(self, path: Path, *, key: bytes = b"") -> None:
        self.path = path
        seal_in_place(path, key)
        self._db = open_file(path, key=key, durable=True)
        if self._db.execute("PRAGMA user_version").fetchone()[0] > VERSION:
            raise Trouble("desk_too_old", Text(N_("A newer Docket has worked here. Update this one.")))
        self._db.executescript(_TABLES)
        known = {name for _, name, *_ in self._db.execute("PRAGMA table_info(outbox)")}
        for name, kind in _LATER.items():
            if name not in known:
                self._db.execute(f"ALTER TABLE outbox ADD COLUMN {name} {kind}")
        self._db.execute(f"PRAGMA user_version = {VERSION}")
        keep_reserve(path)
        if not self.meta("replica"):
            self.set_meta(replica=str(uuid.uuid4()), next_n="1")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # --- commands -----------------------------------------------------------------------------------

    def add(self, entry: Entry, sides: bytes | None = None) -> int:
        """Keep a command; its number is taken in the transaction that stores it, so numbers have no gaps.

        `sides`: what it overwrites and by what, see `sides.py`.

        Raises:
            Trouble: `disk_full`.
        """
        with self._transaction():
            n = int(self.meta("next_n"))
            self._db.execute(
                f"INSERT INTO outbox ({COLUMNS}, args_hash, sides) VALUES (?{', ?' * 20})",
                (
                    n,
                    entry.id,
                    entry.name,
                    entry.rev,
                    entry.args,
                    _encode(entry.seen),
                    entry.because,
                    entry.login,
                    _encode(entry.actor),
                    entry.subject,
                    entry.label,
                    _encode(entry.texts),
                    micros(entry.saved_at),
                    micros(entry.wall_at),
                    SAVED,
                    0,
                    b"null",
                    b"[]",
                    _encode(entry.confirmed),
                    hashlib.sha256(entry.args).hexdigest(),
                    sides,
                ),
            )
            self._put_meta({"next_n": str(n + 1), **told_at(entry.saved_at, entry.wall_at)})
        return n

    def unsent(self, most: int = PUSH_LIMIT) -> list[Wish]:
        """Return the next commands to push, in order: at most `most`, or 1 MB of them on the line."""
        wishes: list[Wish] = []
        size = 0
        for entry in self._entries("state = 'saved' ORDER BY n LIMIT ?", most):
            wish = entry.wish()
            size += size_of(wish)
            if wishes and size > PUSH_BYTES:
                break
            wishes.append(wish)
        return wishes

    def put_aside(self, n: int, refusal: Refusal) -> None:
        """Take a command out of the way that no hub takes: refused, kept for its author, numbered below 1.

        The hub has heard of neither this number nor any behind it, so those move up.
        """
        with self._transaction():
            (lowest,) = self._db.execute("SELECT min(0, min(n)) FROM outbox").fetchone()
            self._db.execute(
                "UPDATE outbox SET n = ?, state = 'refused', refusal = ? WHERE n = ? AND state = 'saved'",
                (lowest - 1, _encode(refusal), n),
            )
            behind = self._db.execute("SELECT n FROM outbox WHERE n > ? ORDER BY n", (n,)).fetchall()
            self._db.executemany("UPDATE outbox SET n = n - 1 WHERE n = ?", behind)
            self._put_meta({"next_n": str(int(self.meta("next_n")) - 1)})

    def let_go(self, n: int) -> None:
        """Note that somebody has dealt with a command that was put aside; it stays readable as long."""
        with self._transaction():
            self._db.execute("UPDATE outbox SET seq = -1 WHERE n = ? AND n < 1 AND seq = 0", (n,))

    def aside(self, n: int | None) -> Entry | None:
        """Return a command that was put aside and nobody has dealt with, if it is one."""
        found = next(self._entries("n = ?", n), None)
        return found if found is not None and found.is_aside else None

    def saved(self) -> list[Entry]:
        """Return every command the hub has not answered, in order."""
        return list(self._entries("state = 'saved' ORDER BY n"))

    def pending(self, last_n: int, cursor: int, known: Iterable[Entry] = ()) -> list[Entry]:
        """Return the commands that rows as of there do not hold yet, in order; `known` are not read again."""
        have = {entry.n: entry for entry in known}
        now = self._db.execute(
            f"SELECT n, id, state, seq FROM outbox WHERE {PENDING}", (last_n, cursor)
        ).fetchall()
        news = {n for n, id_, _, _ in now if n not in have or have[n].id != id_}
        if len(news) > len(now) // 2:
            return list(pending_entries(self._db, last_n, cursor))
        for n in news:
            have[n] = next(self._entries("n = ?", n))
        found = (
            have[n]
            if have[n].state == state and have[n].seq == seq
            else msgspec.structs.replace(have[n], state=state, seq=seq)
            for n, _, state, seq in now
        )
        return sorted(found, key=lambda entry: entry.n)

    def take_answers(self, answers: Iterable[Answer]) -> list[Entry]:
        """Write the hub's answers down; return what changed. A repeated answer changes nothing."""
        states = {"applied": ACCEPTED, "refused": REFUSED, "conflict": CONFLICT}
        changed: list[Entry] = []
        with self._unhurried():
            for answer in answers:
                state = states[answer.status]
                refusal = answer.refusal or (_conflict(answer.fields) if state == CONFLICT else None)
                done = self._db.execute(
                    "UPDATE outbox SET state = ?, seq = ?, refusal = ?, fields = ? "
                    "WHERE n = ? AND state = 'saved'",
                    (state, answer.seq, _encode(refusal), _encode(answer.fields), answer.n),
                )
                if done.rowcount:
                    changed += self._entries("n = ?", answer.n)
        return changed

    def settle(self, *, last_n: int, protected_seq: int, now: datetime) -> None:
        """Forget what is protected, pulled and no longer young; mark what is protected only.

        What is not answered is asked again even when its rows are here: the stored answer may be a refusal.
        A refused command stays for longer: its author may want to do it again.
        """
        old = (
            "n <= ? AND seq > 0 AND seq <= ? AND saved_at < ? "
            "AND (state IN ('accepted', 'protected') OR saved_at < ?)"
        )
        gone = old, (last_n, protected_seq, micros(now - YOUNG), micros(now - REFUSED_FOR))
        with self._unhurried():
            (pruned,) = self._db.execute(f"SELECT max(seq) FROM outbox WHERE {gone[0]}", gone[1]).fetchone()
            if pruned is not None:
                self._put_meta({"pruned_seq": str(pruned)})
            self._db.execute(f"DELETE FROM outbox WHERE {gone[0]}", gone[1])
            aside = "n < 1 AND seq < 1 AND state = 'refused' AND saved_at < ?"
            self._db.execute(f"DELETE FROM outbox WHERE {aside}", (micros(now - REFUSED_FOR),))
            self._db.execute(
                "UPDATE outbox SET state = 'protected' WHERE state = 'accepted' AND seq > 0 AND seq <= ?",
                (protected_seq,),
            )

    def send_again(self, above: int) -> int:
        """Make everything above `above` unsent again, after the hub lost it; return how many."""
        with self._transaction():
            return self._unsend("n > ?", above)

    def begin_epoch(self, epoch: str, shared: int) -> None:
        """Ask everything again that was done after `shared`, the last number the restored hub still knows.

        That it was restored stands on disk together with what follows from it.
        """
        with self._transaction():
            self._unsend("n > 0 AND seq > ?", shared)
            self._put_meta({"epoch": epoch})

    def _unsend(self, where: str, value: int) -> int:
        done = self._db.execute(
            "UPDATE outbox SET state = 'saved', seq = 0, refusal = x'6e756c6c' "
            f"WHERE {where} AND state <> 'saved'",
            (value,),
        )
        self._put_meta({"pruned_seq": "0"})  # of the life that ended
        return done.rowcount

    def renumber(self) -> int:
        """Become a new replica: what has no second copy yet is numbered from 1 and sent again.

        What the hub had accepted it knows by its id and does not do again; a hub that is restored needs it.
        Source: sync.md section 5, fork. Returns how many commands kept waiting.
        """
        with self._transaction():
            self._db.execute("DELETE FROM outbox WHERE state = 'protected'")
            self._db.execute("UPDATE outbox SET state = 'saved', seq = 0 WHERE state = 'accepted'")
            (lowest,) = self._db.execute("SELECT min(0, min(n)) FROM outbox").fetchone()
            self._db.execute("UPDATE outbox SET n = ? - n WHERE n > 0", (lowest,))
            kept = [
                n for (n,) in self._db.execute("SELECT n FROM outbox WHERE state = 'saved' ORDER BY n DESC")
            ]
            self._db.executemany("UPDATE outbox SET n = ? WHERE n = ?", list(enumerate(kept, 1)))
            self._put_meta({"replica": str(uuid.uuid4()), "next_n": str(len(kept) + 1)})
        return len(kept)

    def promised(self) -> tuple[int, int]:
        """Return the largest number the screen calls accepted, and the largest change it has let go of."""
        accepted = "SELECT max(n) FROM outbox WHERE state IN ('accepted', 'protected')"
        return self._db.execute(accepted).fetchone()[0] or 0, int(self.meta("pruned_seq") or 0)

    def waiting(self) -> Waiting:
        """Count what is not at the hub yet."""
        count, oldest = self._db.execute(
            "SELECT count(*), min(saved_at) FROM outbox WHERE state = 'saved'"
        ).fetchone()
        (open_,) = self._db.execute("SELECT count(*) FROM outbox WHERE state = 'accepted'").fetchone()
        return Waiting(count, instant(oldest) if oldest is not None else None, open_)

    def clear(self, *, needs_copies: bool = False) -> None:
        """Forget every person, draft and command of this desk, and begin under a new name.

        `needs_copies`: the hub makes copies, and what has none yet is kept until it has.

        Raises:
            Trouble: `unsent`: something is only saved here; `unprotected`: the hub has no copy of something.
        """
        if count := self.waiting().count:
            hint = N_("{count} are only saved here and would be lost. Reach the hub, or export them first.")
            raise Trouble("unsent", Text(hint, {"count": count}))
        if needs_copies and self.waiting().unprotected:
            hint = N_("The hub has no second copy of your latest work yet. Try again after its next backup.")
            raise Trouble("unprotected", Text(hint), retry=True)
        with self._transaction():
            for table in ("outbox", "draft", "login", "chain"):
                self._db.execute(f"DELETE FROM {table}")
            self._db.execute("DELETE FROM setting WHERE instr(key, '/') OR key = 'last_user'")
            self._db.execute("DELETE FROM meta WHERE instr(key, '/')")
            self._put_meta({"replica": str(uuid.uuid4()), "next_n": "1"})
        self._db.execute("VACUUM")  # what is deleted is gone from the disk too
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _entries(self, where: str, *values: object) -> Iterator[Entry]:
        return entries(self._db, where, values)


def _conflict(fields: tuple[str, ...]) -> Refusal:
    text = Text(N_("Changed in the meantime: {fields}"), {"fields": fields_said(fields)})
    return Refusal("conflict", text)
