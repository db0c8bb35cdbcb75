"""Fetch a whole replica as one file, or what one lacks: resumed where it broke off, checked before it counts.

Source: sync.md section 11.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.domain.scopes import Reach
from app.text import N_, Text
from app.trouble import Trouble
from sync.mark import Snapshot
from sync.projection import SCHEMA_REV
from sync.replica.files import open_file
from sync.replica.sealed import cipher, is_plain, seal
from sync.transport import CHUNK_BYTES, Stopped, Transport

ASKED_MOST = 4
"""How often a file is asked for: hubs that answer at one address in turn keep files of their own."""
PIECE_BYTES = CHUNK_BYTES * 16
WINDOW_BYTES = 2**23
"""How much of what came before may be pointed back to: whoever asks for more wants the memory."""
_ZSTD = b"\x28\xb5\x2f\xfd"
"""Source: RFC 8878, section 3.1.1."""


def fetch(
    transport: Transport, folder: Path, had: Reach | None = None, since: int = 0, *, key: bytes = b""
) -> Path | None:
    """Download, check and unpack the hub's snapshot of what is lacking; None when the hub has none.

    `since`: the number up to which the rows of what was `had` are here.

    With a key it is sealed before anybody opens it for good.

    Raises:
        Trouble: the line broke (asked again, it goes on from there), the file is not what it should be, or a
            newer program made it.
    """
    begun = next(folder.glob("snapshot-*.part"), None)
    snapshot = transport.snapshot(had, begun.stem.partition("-")[2] if begun is not None else "", since)
    if snapshot is None or not snapshot.sha256:
        return None
    part = folder / f"snapshot-{snapshot.sha256}.part"
    for stale in folder.glob("snapshot-*"):
        if stale != part:
            stale.unlink()
    _download(transport, snapshot, part, had, since)
    ready = _unpacked(part, snapshot)
    if not key or cipher() is None:
        return ready
    sealed = folder / "snapshot-sealed.db"
    seal(ready, sealed, key)
    ready.unlink()
    return sealed


def _download(transport: Transport, snapshot: Snapshot, part: Path, had: Reach | None, since: int) -> None:
    start = part.stat().st_size if part.exists() else 0
    for left in reversed(range(ASKED_MOST if start < snapshot.packed else 0)):
        try:
            with part.open("ab") as file:
                for piece in transport.download(snapshot, start, had, since):
                    file.write(piece)
            break
        except Stopped as stopped:
            if stopped.stop.code != "gone":
                raise
            if not left:
                raise _broken() from stopped
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != snapshot.sha256:
        if part.stat().st_size >= snapshot.packed:
            part.unlink()
        raise _broken()


def _unpacked(part: Path, snapshot: Snapshot) -> Path:
    """Unpack a checked download, no further than the hub said it reaches, and check the database in it."""
    ready = part.with_suffix(".db")
    left = snapshot.size
    try:
        with ready.open("wb") as plain:
            for piece in _pieces(part):
                left -= len(piece)
                if left < 0:
                    break
                plain.write(piece)
    except (OSError, EOFError, zlib.error, Damaged) as fault:
        part.unlink()
        ready.unlink(missing_ok=True)
        raise _broken() from fault
    if left or not _is_sound(ready):
        part.unlink()
        ready.unlink()
        raise _broken()
    part.unlink()
    return ready


class Damaged(ValueError):
    """What was packed does not unpack."""


def _pieces(part: Path) -> Iterator[bytes]:
    """Unpack a file piece by piece, as its first bytes say it was packed.

    Raises:
        Damaged, OSError, EOFError, zlib.error: it was packed in no way that ends well.
    """
    with part.open("rb") as raw:
        is_zstd = raw.read(len(_ZSTD)) == _ZSTD
        raw.seek(0)
        if not is_zstd:
            with gzip.open(raw, "rb") as packed:
                while piece := packed.read(PIECE_BYTES):
                    yield piece
            return
        import zstandard  # a desk that has its rows starts without it

        try:
            yield from zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES).read_to_iter(
                raw, read_size=PIECE_BYTES, write_size=PIECE_BYTES
            )
        except zstandard.ZstdError as fault:
            raise Damaged(str(fault)) from fault


def _is_sound(ready: Path) -> bool:
    """Check the file from end to end.

    Raises:
        Trouble: newer: another version of this program is needed to read it.
    """
    if not is_plain(ready):
        return False
    try:
        with closing(open_file(ready, read_only=True)) as db:
            (verdict,) = db.execute("PRAGMA quick_check").fetchone()
            (rev,) = db.execute("SELECT max(value) FROM meta WHERE key = 'schema_rev'").fetchone()
    except sqlite3.DatabaseError:
        return False
    if rev is None:
        return False
    if verdict == "ok" and rev != str(SCHEMA_REV):
        raise Trouble("newer", Text(N_("This Docket is too old for the hub. Update it; your work is kept.")))
    return bool(verdict == "ok")


def _broken() -> Trouble:
    return Trouble(
        "snapshot_broken",
        Text(N_("The copy from the hub did not arrive whole. Fetching it again.")),
        retry=True,
    )
