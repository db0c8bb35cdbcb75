"""Desk files that nobody reads without their key: SQLCipher, where this platform has it.

A file of an older desk, and a snapshot from the hub, are plain: they are copied into a sealed file, looked
over and renamed, so a crash leaves either the one or the other.
Source: sync.md section 14; SQLCipher `sqlcipher_export`.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from app.text import N_, Text
from app.trouble import Trouble

MAGIC = b"SQLite format 3\0"


@cache
def cipher() -> ModuleType | None:
    """Return the module that seals; None where there is none for this platform: files stay plain there."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        return None
    found: ModuleType = dbapi2
    return found


def is_plain(path: Path) -> bool:
    """Tell whether anybody can read this file; one that is empty or not there is nothing to read."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError:
        return False


def connect(path: Path, key: bytes, **more: Any) -> sqlite3.Connection:
    """Open a sealed file, or a plain one where nothing can be sealed.

    Raises:
        Trouble: sealed_file: it was sealed with another key, or cannot be opened on this platform.
    """
    module = cipher() if key else None
    if module is None:
        if path.exists() and path.stat().st_size and not is_plain(path):
            raise _locked(path)
        plain: sqlite3.Connection = sqlite3.connect(_address(path, more), uri=True, **more)
        return plain
    db: sqlite3.Connection = module.connect(_address(path, more), uri=True, **more)
    try:
        db.execute(f"PRAGMA key = {_literal(key)}")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except module.DatabaseError as fault:
        db.close()
        if "not a database" not in str(fault):
            raise
        raise _locked(path) from fault
    return db


def is_sealed(db: sqlite3.Connection) -> bool:
    """Tell whether a connection unseals what it reads."""
    return not isinstance(db, sqlite3.Connection)


def faults(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what a desk file may raise, sealed or not, and `more`: for an except clause."""
    module = cipher()
    return (sqlite3.Error, *more) if module is None else (sqlite3.Error, module.Error, *more)


def _address(path: Path, more: dict[str, Any]) -> str:
    return f"{path.resolve().as_uri()}?mode={more.pop('mode', 'rwc')}"


def seal(plain: Path, target: Path, key: bytes) -> None:
    """Copy a plain file into a sealed one, whole and on disk when this returns.

    Raises:
        OSError: the copy is not what the original is.
    """
    module = cipher()
    if module is None:
        raise OSError("nothing seals files on this platform")
    target.unlink(missing_ok=True)
    with closing(module.connect(str(plain), isolation_level=None)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute(f"ATTACH DATABASE ? AS sealed KEY {_literal(key)}", (str(target),))
        db.execute("PRAGMA sealed.journal_mode = OFF")
        db.execute("PRAGMA sealed.synchronous = OFF")
        db.execute("SELECT sqlcipher_export('sealed')").fetchall()
        db.execute(f"PRAGMA sealed.user_version = {int(version)}")
        counted = [_counts(db, name) for name in ("main", "sealed")]
        db.execute("DETACH DATABASE sealed")
    if counted[0] != counted[1]:
        target.unlink()
        raise OSError(f"the copy of {plain.name} is not whole")
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def seal_in_place(path: Path, key: bytes) -> None:
    """Seal a file of an older desk, once; nothing of it is lost whenever this is broken off."""
    if not key or cipher() is None or not is_plain(path):
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")  # everything in one file, and none beside it to mistake
    draft = path.with_name(f"{path.name}.sealing")
    seal(path, draft, key)
    with closing(connect(draft, key)) as db:
        faults = db.execute("PRAGMA cipher_integrity_check").fetchall()
        (verdict,) = db.execute("PRAGMA quick_check").fetchone()
    if faults or verdict != "ok":
        draft.unlink()
        raise OSError(f"the copy of {path.name} is not whole")
    draft.replace(path)


def _counts(db: Any, schema: str) -> dict[str, int]:
    """Count the rows of every table that has pages of its own."""
    names = db.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND rootpage > 0")
    return {
        name: db.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()[0]
        for (name,) in names.fetchall()
    }


def _literal(key: bytes) -> str:
    return f"\"x'{key.hex()}'\""


def _locked(path: Path) -> Trouble:
    hint = N_("The files of this desk are sealed, and this is not their key: {name}. Ask your administrator.")
    return Trouble("sealed_file", Text(hint, {"name": path.name}))
