"""Open the hub's database, SQLite or PostgreSQL, at the newest schema; read and write it in transactions."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_WAIT_MS = 10_000
MIGRATION_LOCK_WAIT = "2s"
_LIVELY = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A line whose other end is gone is known here within ten seconds; the server has settings of its own."""
LOG_MOST_BYTES = 64_000_000
LOG_WAIT_MS = 200
"""So long who writes may be held up while the log is emptied."""
_READS = "docket_reads"
_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


def open_database(url: str) -> Engine:
    """Return the database at `url`, created or brought up to date. `sqlite:///file` or `postgresql://…`."""
    engine = connect_database(url)
    try:
        upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect_database(url: str) -> Engine:
    """Return the database at `url` as it is; its faults are logged without the rows they met."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_WAIT_MS / 1000}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    import sync.hub.packed  # noqa: F401 - a connection knows what its driver was taught before it was made

    server = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        server,
        pool_size=10,
        max_overflow=10,
        hide_parameters=True,
        connect_args={"target_session_attrs": "read-write", **_LIVELY},
    )
    event.listen(engine, "handle_error", _leave_standby)
    return engine


class NewerSchema(Exception):
    """A newer Docket has used this database."""


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision; one that is there already is looked at and left.

    Source: sync.md section 12, lock_timeout 2 s.

    Raises:
        NewerSchema: it is of a revision nobody knows here.
    """
    was = revision_of(engine)
    if was and was not in revisions():
        raise NewerSchema(was)
    if was != revisions()[-1]:
        with writing(engine) as db:
            migrate(db, "head")


def migrate(db: Connection, revision: str) -> None:
    """Bring the schema to a revision, in the transaction at hand."""
    from alembic import command  # half of what a hub loads, and it is needed once in months
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"SET LOCAL lock_timeout = '{MIGRATION_LOCK_WAIT}'")
    config.attributes["connection"] = db
    command.upgrade(config, revision)


@cache
def revisions() -> tuple[str, ...]:
    """Name every revision of the schema, the oldest first: files of migrations begin with theirs."""
    return tuple(
        sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    )


def is_newest(engine: Engine) -> bool:
    """Tell whether the schema is the one of this program."""
    return revision_of(engine) == revisions()[-1]


def is_older(engine: Engine) -> bool:
    """Tell whether the schema is one that this program has left behind; it knows none that is newer."""
    return revision_of(engine) in revisions()[:-1]


def revision_of(engine: Engine) -> str:
    """Return the revision of the schema, empty where there is none."""
    with reading(engine) as db:
        if not inspect(db).has_table("alembic_version"):
            return ""
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


@contextmanager
def writing(engine: Engine, within_s: float = 0.0) -> Iterator[Connection]:
    """Write in one transaction; SQLite takes its write lock at the start (BEGIN IMMEDIATE).

    One that takes longer than `within_s` loses its line to PostgreSQL; 0 for no limit.
    """
    with _turn(engine), engine.connect() as db, _cut_after(db, within_s), db.begin():
        yield db


@contextmanager
def _cut_after(db: Connection, wait_s: float) -> Iterator[None]:
    """Cut the line of a transaction that never ends: a proxy may hold one up whose other half is gone."""
    if not wait_s or db.dialect.name == "sqlite":
        yield
        return
    driver: Any = db.connection.dbapi_connection
    with socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
        timer = threading.Timer(wait_s, _cut, (line,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it was closed this moment
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Let this process's threads queue for SQLite's lock: its own waiting sleeps up to 100 ms at a time."""
    if engine.dialect.name != "sqlite":
        yield
        return
    lock = _turns.setdefault(engine, threading.Lock())
    is_mine = lock.acquire(timeout=BUSY_WAIT_MS / 1000)
    try:
        yield
    finally:
        if is_mine:
            lock.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read everything from one snapshot.

    Source: sync.md section 6, REPEATABLE READ, READ ONLY.
    """
    with engine.connect() as db:
        if engine.dialect.name == "sqlite":
            db.execution_options(**{_READS: True})
        else:
            db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with db.begin():
            yield db


def trim_log(engine: Engine, most_bytes: int = LOG_MOST_BYTES) -> bool:
    """Empty SQLite's log where it has outgrown `most_bytes`; tell whether it was done.

    SQLite does so by itself only in a moment without readers, and desks that pull leave none.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return False
    log = Path(f"{engine.url.database}-wal")
    if not log.exists() or log.stat().st_size <= most_bytes:
        return False
    with _turn(engine), engine.connect() as db:
        driver: Any = db.connection.dbapi_connection
        driver.execute(f"PRAGMA busy_timeout={LOG_WAIT_MS}")
        try:
            is_busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout={BUSY_WAIT_MS}")
    return not is_busy


PASSING = ("40001", "40P01", "08", "57P0", "55P03", "53", "58")
"""What the database says of itself, not of what it was asked: lock lost, deadlock, line gone, going down or
coming up, no room, disk. Source: sync.md section 3; PostgreSQL, appendix A."""
_SQLITE_PASSING = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)
"""What locks and disks say; a system whose disk has failed may let it be read only, or find no file."""


def may_try_again(fault: DBAPIError) -> bool:
    """Tell whether the same transaction may simply run again later: nothing in it is wrong."""
    if fault.connection_invalidated:
        return True
    if isinstance(fault.orig, sqlite3.OperationalError):
        return fault.orig.sqlite_errorcode & 0xFF in _SQLITE_PASSING
    state = getattr(fault.orig, "sqlstate", None)
    if state is None:
        return isinstance(fault, OperationalError)  # psycopg could not even connect
    return bool(state.startswith(PASSING)) or _is_of_standby(fault.orig)


def _is_of_standby(fault: object) -> bool:
    """Tell whether a server that was primary a moment ago speaks."""
    state = getattr(fault, "sqlstate", None)
    return state == "25006" or (state == "0A000" and "during recovery" in str(fault))


def _leave_standby(context: ExceptionContext) -> None:
    """Throw such a connection away with all others of its age; the next one looks for who writes now."""
    if _is_of_standby(context.original_exception):
        context.is_disconnect = True


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver leaves BEGIN to us
    for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(db: Connection) -> None:
    db.exec_driver_sql("BEGIN" if db.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")
