"""The one door to the desk's two files. Source: sync.md section 4."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sync.replica.sealed import connect, is_sealed

RESERVE_BYTES = 16 * 1024 * 1024
CACHE_KB = 16 * 1024
READ_CACHE_KB = 24 * 1024
"""The rest is left to the system's own cache of the file: a large replica must not make the desk large."""
SEALED_CACHE_KB = 32 * 1024
"""What is sealed is unsealed page by page, and no other cache holds it open."""
CHECKPOINT_PAGES = 20_000
"""A bound only: `checkpoint` is called when the desk rests, so that no commit waits for one."""


def open_file(
    path: Path, *, key: bytes = b"", durable: bool = False, read_only: bool = False
) -> sqlite3.Connection:
    """Open a desk file. `durable` commits survive a power cut; others may roll back to an earlier commit.

    Raises:
        Trouble: sealed_file: it was sealed with another key.
    """
    mode = "ro" if read_only else "rwc"
    db = connect(path, key, mode=mode, timeout=10, isolation_level=None, check_same_thread=False)
    cache_kb = CACHE_KB if not read_only else SEALED_CACHE_KB if is_sealed(db) else READ_CACHE_KB
    db.execute(f"PRAGMA cache_size = -{cache_kb}")
    db.execute("PRAGMA temp_store = MEMORY")
    if read_only:
        db.execute("PRAGMA query_only = ON")
    else:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    return db


def checkpoint(path: Path, *, key: bytes = b"") -> None:
    """Move the write-ahead log into its file, on a connection of its own: nobody waits for it."""
    db = open_file(path, key=key)
    try:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        db.close()


def keep_reserve(beside: Path) -> None:
    """Hold back disk space beside a file: on a full disk even DELETE needs room."""
    path = _reserve(beside)
    try:
        if path.exists() and path.stat().st_size >= RESERVE_BYTES:
            return
        path.write_bytes(bytes(RESERVE_BYTES))
    except OSError:
        path.unlink(missing_ok=True)


def free_reserve(beside: Path) -> bool:
    """Give the held-back space away; tell whether there was any."""
    path = _reserve(beside)
    if not path.exists():
        return False
    path.unlink()
    return True


def is_full(error: Exception) -> bool:
    """Tell a full disk from every other fault."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def is_of_disk(error: Exception) -> bool:
    """Tell a disk that is full or fails from every other fault."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def remove(path: Path) -> None:
    """Delete a database with its side files; one that a reader still holds stays for the next start."""
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        try:
            name.unlink(missing_ok=True)
        except PermissionError:
            return


def _reserve(beside: Path) -> Path:
    return beside.with_name(beside.name + ".reserve")
