"""One at a time, in whichever hub: who has the turn says so again and again, and a hub that died loses it.

Threads of one hub queue in memory; hubs that share PostgreSQL also queue by a row. A file of SQLite has one
hub, and pays nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from secrets import token_hex

from sqlalchemy import Connection, Engine, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import turn
from sync.hub.database import reading, writing
from sync.hub.one_clock import wall

LEASE = timedelta(seconds=30)
"""How long a turn stays with a hub that says nothing."""
PARTS = 3
"""A turn is renewed when a third of it has passed."""
WAIT_S = 40.0
"""Longer than a lease: what a dead hub had comes free meanwhile."""
LOOK_S = 0.1
KEPT = timedelta(days=1)
log = logging.getLogger(__name__)


class Lost(Exception):
    """Another process has it now."""


def forget_silent(db: Connection, feed_id: int) -> None:
    """Let go of turns that nobody has had for long."""
    if db.dialect.name != "sqlite":
        db.execute(delete(turn).where(turn.c.feed_id == feed_id, turn.c.until < wall(db, -KEPT)))


class Turns:
    """The turns of one process."""

    def __init__(self, engine: Engine, feed_id: int, lease: timedelta | None = None) -> None:
        self._engine, self._feed_id, self._lease = engine, feed_id, lease or LEASE
        self._longest = max(LEASE, self._lease)
        """Nobody has a turn for longer: one that says so is from before the database's clock was set back."""
        self._locks: dict[str, threading.Lock] = {}

    def silent(self, name: str) -> timedelta | None:
        """Return how long nobody has had this turn, 0 where nobody knows; None while somebody has it."""
        lock = self._locks.get(name)
        if lock is not None and lock.locked():
            return None
        return timedelta.max if self._engine.dialect.name == "sqlite" else self._silent_elsewhere(name)

    def _silent_elsewhere(self, name: str) -> timedelta | None:
        with reading(self._engine) as db:
            mine = turn.c.feed_id == self._feed_id, turn.c.name == name
            row = db.execute(select(turn.c.until, wall(db).label("now")).where(*mine)).one_or_none()
        if row is None or row.until > row.now + self._longest:
            return timedelta(0)
        return None if row.now < row.until else row.now - row.until

    @contextmanager
    def alone(self, name: str, wait_s: float | None = None) -> Iterator[None]:
        """Do something while nobody else does anything of this name.

        Raises:
            Trouble: others are at it for too long.
        """
        with self._here(name, -1 if wait_s is None else wait_s):
            if self._engine.dialect.name == "sqlite":
                yield
                return
            holder = token_hex(8)
            self._wait(name, holder, WAIT_S if wait_s is None else wait_s)
            try:
                with renewed(lambda: self._renew(name, holder), self._lease / PARTS):
                    yield
            finally:
                self._end(name, holder)

    @contextmanager
    def _here(self, name: str, wait_s: float) -> Iterator[None]:
        """Queue among the threads of this hub."""
        lock = self._locks.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=wait_s):
            raise _busy()
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def offered(self, name: str) -> Iterator[bool]:
        """Tell whether this turn is ours now; somebody else may have it, who is not waited for."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self.alone(name, 0.0))
            except Trouble:
                is_ours = False
            else:
                is_ours = True
            yield is_ours

    def _wait(self, name: str, holder: str, wait_s: float) -> None:
        """Take a turn; who only waits for it looks and writes nothing."""
        until_s, is_free = time.monotonic() + wait_s, True
        while not (is_free and self._take(name, holder)):
            if time.monotonic() >= until_s:
                raise _busy()
            time.sleep(LOOK_S)
            is_free = self._silent_elsewhere(name) is not None

    def _take(self, name: str, holder: str) -> bool:
        with writing(self._engine) as db:
            until, now = wall(db, self._lease), wall(db)
            row = insert(turn).values(feed_id=self._feed_id, name=name, holder=holder, until=until)
            taken = row.on_conflict_do_update(
                index_elements=["feed_id", "name"],
                set_={"holder": holder, "until": until},
                where=or_(turn.c.until <= now, turn.c.until > wall(db, self._longest)),
            )
            return db.execute(taken.returning(turn.c.name)).scalar() is not None

    def _renew(self, name: str, holder: str) -> None:
        with writing(self._engine) as db:
            longer = update(turn).where(*self._mine(name, holder)).values(until=wall(db, self._lease))
            if db.execute(longer).rowcount != 1:
                raise Lost

    def _end(self, name: str, holder: str) -> None:
        try:
            with writing(self._engine) as db:
                db.execute(update(turn).where(*self._mine(name, holder)).values(until=wall(db)))
        except DBAPIError as fault:  # it ends by time
            log.info("a turn could not be given back: %s", type(fault).__name__)

    def _mine(self, name: str, holder: str) -> tuple[ColumnElement[bool], ...]:
        return turn.c.feed_id == self._feed_id, turn.c.name == name, turn.c.holder == holder


def _busy() -> Trouble:
    return Trouble("busy", Text(N_("Another hub is doing this. It is tried again.")), retry=True)


@contextmanager
def renewed(renew: Callable[[], None], every: timedelta) -> Iterator[None]:
    """Keep a lease while something is done that takes as long as it takes; one that was lost stays lost."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(every.total_seconds()):
            try:
                renew()
            except Lost:
                log.info("a lease is over, or was lost to another hub")
                return
            except DBAPIError as fault:  # the next time, unless it is over by then
                log.info("a lease could not be renewed: %s", type(fault).__name__)

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
