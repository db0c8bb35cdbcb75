"""What `work.db` keeps beside commands: who this desk is, its clock, drafts, settings, and who signed in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.instants import instant, micros
from sync.replica.files import free_reserve, is_full
from sync.replica.sealed import faults

_encode = msgspec.json.encode


def disk_full() -> Trouble:
    """Nothing was kept, the form still is."""
    hint = Text(N_("The disk is full; this was not saved. Free some space and do it again."))
    return Trouble("disk_full", hint, retry=True)


class Kept:
    """One durable file of small facts; whoever opens it gives it its tables."""

    path: Path
    _db: sqlite3.Connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all that is kept meanwhile reach the disk as one, or not at all.

        Raises:
            Trouble: `disk_full`: nothing of it was kept.
        """
        with self._transaction():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit all or nothing; inside of another it is part of that one.

        Raises:
            Trouble: `disk_full`: nothing was kept, the form still is.
        """
        is_inside = self._db.in_transaction
        if is_inside:
            yield
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except faults() as error:
            if not is_full(error):
                raise
            free_reserve(self.path)
            raise disk_full() from error

    @contextmanager
    def _unhurried(self) -> Iterator[None]:
        """Commit what the hub tells again after a power cut, without waiting for the disk.

        Source: SQLite, PRAGMA synchronous: in WAL mode the next FULL commit carries these to the disk too.
        """
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            with self._transaction():
                yield
        finally:
            self._db.execute("PRAGMA synchronous = FULL")

    # --- this desk, and its clock -------------------------------------------------------------------

    def meta(self, key: str) -> str:
        """Return a fact about this file; empty when unknown."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def set_meta(self, **facts: str) -> None:
        """Write facts about this file down."""
        with self._transaction():
            self._put_meta(facts)

    def keep_time(self, hub_at: datetime, wall_at: datetime) -> None:
        """Keep what the hub's time is by now, and what the clock of this PC says at that moment."""
        with self._transaction():
            self._put_meta(told_at(hub_at, wall_at))

    def last_time(self) -> tuple[datetime | None, datetime | None]:
        """Return the hub's time as it was last kept, and what the clock of this PC said then."""
        hub_at, wall_at = self.meta("hub_at"), self.meta("wall_at")
        return instant(int(hub_at)) if hub_at else None, instant(int(wall_at)) if wall_at else None

    def _put_meta(self, facts: dict[str, str]) -> None:
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    # --- drafts, settings, logins -------------------------------------------------------------------

    def save_draft(self, key: str, answers: dict[str, str]) -> None:
        """Keep a half-filled guide."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?)", (key, _encode(answers).decode()))

    def draft(self, key: str) -> dict[str, str]:
        """Return a half-filled guide; empty when there is none."""
        found = self._db.execute("SELECT answers FROM draft WHERE key = ?", (key,)).fetchone()
        return msgspec.json.decode(found[0], type=dict[str, str]) if found else {}

    def drop_draft(self, key: str) -> None:
        """Forget a half-filled guide."""
        with self._transaction():
            self._db.execute("DELETE FROM draft WHERE key = ?", (key,))

    def setting(self, key: str, default: str) -> str:
        """Return a setting of this desk."""
        found = self._db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else default

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting of this desk."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    def remember_login(self, user: str, verifier: str, login: bytes, at: datetime) -> None:
        """Keep what an offline sign-in is checked against."""
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO login VALUES (?, ?, ?, ?)",
                (user, verifier, login.decode(), micros(at)),
            )

    def login(self, user: str) -> tuple[str, bytes, datetime] | None:
        """Return the verifier, the login and when the hub confirmed it."""
        found = self._db.execute(
            "SELECT verifier, login, confirmed_at FROM login WHERE user = ?", (user,)
        ).fetchone()
        return (found[0], found[1].encode(), instant(found[2])) if found else None

    def forget_login(self, user: str) -> None:
        """The hub no longer knows this password: nobody signs in with it offline either."""
        with self._transaction():
            self._db.execute("DELETE FROM login WHERE user = ?", (user,))
            self._db.execute("DELETE FROM chain WHERE user = ?", (user,))

    def guesses(self, user: str) -> tuple[int, datetime | None]:
        """Return how many wrong passwords in a row were tried without the hub, and until when no more are."""
        wrong, _, until = self.meta(f"guesses/{user}").partition("/")
        return (int(wrong), instant(int(until))) if wrong else (0, None)

    def note_guess(self, user: str, wrong: int, until: datetime) -> None:
        """Keep how many wrong passwords in a row there were: a restart does not begin anew."""
        self.set_meta(**{f"guesses/{user}": f"{wrong}/{micros(until)}"})

    def keep_chain(self, user: str, salt: bytes, sealed: bytes) -> None:
        """Keep the refresh tokens of a person, sealed under their password."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO chain VALUES (?, ?, ?)", (user, salt, sealed))

    def chain(self, user: str) -> tuple[bytes, bytes] | None:
        """Return the salt and the sealed refresh tokens of a person."""
        found = self._db.execute("SELECT salt, sealed FROM chain WHERE user = ?", (user,)).fetchone()
        return (found[0], found[1]) if found else None


def told_at(hub_at: datetime, wall_at: datetime) -> dict[str, str]:
    """Say the hub's time as this desk knew it, and the wall clock then: a pair that stays together."""
    return {"hub_at": str(micros(hub_at)), "wall_at": str(micros(wall_at))}
