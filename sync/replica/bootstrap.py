"""Fetch a whole replica as one file: resumed where it broke off, checked before it counts.

Source: sync.md section 11.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.text import N_, Text
from app.trouble import Trouble
from sync.projection import SCHEMA_REV
from sync.replica.files import open_file
from sync.transport import Snapshot, Stopped, Transport


def fetch(transport: Transport, folder: Path) -> Path | None:
    """Download and check the hub's snapshot; None when it has none for this version.

    Raises:
        Trouble: the line broke (asked again, it goes on from there), or the file is not what it should be.
    """
    snapshot = transport.snapshot()
    if snapshot is None or not snapshot.sha256:
        return None
    part = folder / f"snapshot-{snapshot.sha256}.part"
    for stale in folder.glob("snapshot-*.part"):
        if stale != part:
            stale.unlink()
    _download(transport, snapshot, part)
    return part if _is_ours(part) else None


def _download(transport: Transport, snapshot: Snapshot, part: Path) -> None:
    start = part.stat().st_size if part.exists() else 0
    if start < snapshot.size:
        try:
            with part.open("ab") as file:
                for piece in transport.download(snapshot, start):
                    file.write(piece)
        except Stopped as stopped:
            if stopped.stop.code != "gone":
                raise
            raise _broken() from stopped
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != snapshot.sha256:
        if part.stat().st_size >= snapshot.size:
            part.unlink()
        raise _broken()


def _is_ours(part: Path) -> bool:
    """Check the file from end to end; tell whether this version can use it."""
    db = open_file(part, read_only=True)
    try:
        (verdict,) = db.execute("PRAGMA quick_check").fetchone()
        (rev,) = db.execute("SELECT value FROM meta WHERE key = 'schema_rev'").fetchone()
    finally:
        db.close()
    if verdict != "ok":
        part.unlink()
        raise _broken()
    return bool(rev == str(SCHEMA_REV))


def _broken() -> Trouble:
    return Trouble(
        "snapshot_broken",
        Text(N_("The copy from the hub did not arrive whole. Fetching it again.")),
        retry=True,
    )
