"""Bring a hub's file to newer tables: on a copy that is checked before it takes the file's place.

PostgreSQL changes its tables in one transaction that waits two seconds for a lock and otherwise gives up
(`sync.hub.database.migrate`). A file has no such safety against a fault of ours, so the old one stays.

Source: sync.md section 12, copy, migrate and verify the copy, rename.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, table

from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import connect_database, is_older, reading, revision_of, upgrade
from sync.hub.drifts import unasked
from sync.hub.finding import Finding
from sync.hub.keeping.rows import shapes
from sync.hub.verify import verify
from sync.tables import feed

DRAFT, BEFORE = ".upgrading", ".before-"


def upgrade_file(path: Path, *, anyway: bool = False) -> bool:
    """Upgrade a database file of an older revision; say whether it was one.

    The old one stays beside it as `….before-<revision>`. `anyway`: also when the copy breaks promises, as the
    old one may have done.

    Raises:
        Trouble: in_use: another hub has the file open; upgrade: the copy is not what the old one was.
    """
    engine = connect_database(f"sqlite:///{path.as_posix()}")
    try:
        was = revision_of(engine)
        if not is_older(engine):
            return False
        counts = _counted(engine)
    finally:
        engine.dispose()
    _settle(path)
    draft = path.with_name(path.name + DRAFT)
    _copy(path, draft)
    copy = connect_database(f"sqlite:///{draft.as_posix()}")
    try:
        upgrade(copy)
        findings = [] if anyway else _broken(copy, counts)
    finally:
        copy.dispose()
    if findings:
        raise Trouble(
            "upgrade",
            Text(
                N_(
                    "The upgraded copy {file} breaks {count} promises; the database is as it was. "
                    "docket verify says which; DOCKET_UPGRADE_ANYWAY=1 takes it all the same."
                ),
                {"file": str(draft), "count": len(findings)},
            ),
        )
    _settle(draft)
    path.rename(path.with_name(f"{path.name}{BEFORE}{was}"))
    draft.rename(path)
    return True


def _settle(path: Path) -> None:
    """Merge the write-ahead log into its file, which works only while nobody else has it open.

    Raises:
        Trouble: in_use.
    """
    db = sqlite3.connect(path, isolation_level=None, timeout=2)
    try:
        (mode,) = db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = "wal"
    finally:
        db.close()
    if mode == "wal":
        raise Trouble(
            "in_use",
            Text(N_("Another hub has {file} open. Stop it, then start the new one."), {"file": str(path)}),
            retry=True,
        )


def _copy(path: Path, draft: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + end).unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("VACUUM INTO ?", (str(draft),))
    finally:
        db.close()


def _counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as db:
        return {shape.table: _count(db, shape.table) for shape in shapes(db)}


def _count(db: Connection, name: str) -> int:
    return db.execute(select(func.count()).select_from(table(name))).scalar_one()


def _broken(copy: Engine, counts: dict[str, int]) -> list[Finding]:
    """Say what the copy lacks: every row there was, a sound file, every promise."""
    with reading(copy) as db:
        (sound,) = db.exec_driver_sql("PRAGMA quick_check").one()
        now = {shape.table: _count(db, shape.table) for shape in shapes(db)}
        feeds = db.execute(select(feed.c.feed_id)).scalars().all()
    findings = [Finding("upgrade", "file", str(sound))] if sound != "ok" else []
    findings += [
        Finding("upgrade", name, "rows are missing", f">= {count}", f"{now.get(name, 0)}")
        for name, count in counts.items()
        if now.get(name, 0) < count
    ]
    for feed_id in feeds:
        findings += unasked(copy, feed_id, verify(copy, feed_id).findings)
    return findings
