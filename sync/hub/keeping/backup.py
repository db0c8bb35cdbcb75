"""Back a hub's database up while it works: every table from one snapshot, checked before it counts.

A backup is a folder: the rows of each table, packed, and a manifest. It appears under its name only when it
has been restored into a scratch file and kept every promise there.

Source: sync.md sections 7 and 8.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from app import __version__
from app.text import N_, Text
from app.trouble import Trouble
from sync.durable import settle_names
from sync.hub.database import reading, writing
from sync.hub.keeping.manifest import FORMAT, Manifest, Moment, Part, read_manifest, write_manifest
from sync.hub.keeping.rehearsal import Rehearsed, rehearse
from sync.hub.keeping.rows import Shape, read_rows, shapes
from sync.keeping_tables import backup
from sync.tables import feed

PREFIX = "docket-"
UNFINISHED = ".part"
PACKING = 1
"""zlib's fastest: rows pack to a fifth, and the hub has other work."""
STALE = timedelta(days=1)


class Backup(msgspec.Struct, frozen=True):
    """One finished backup, and how its rehearsal went."""

    folder: Path
    manifest: Manifest
    rehearsed: Rehearsed

    @property
    def ok(self) -> bool:
        """Tell whether it kept every promise when it was restored."""
        return self.rehearsed.ok


def back_up(engine: Engine, into: Path, now: datetime) -> Backup:
    """Write a backup into a folder of its own below `into`, rehearse its restore, and give it its name.

    One that breaks a promise stays there as `….broken`: it may be all there is, but it does not count.

    Raises:
        Trouble: no_room: the disk is full or not to be written.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
        _clear(into, now)
        draft = into / f"{PREFIX}{now:%Y%m%dT%H%M%S%fZ}{UNFINISHED}"
        draft.mkdir(mode=0o700)
        with reading(engine) as db:
            manifest = _write(db, draft, now)
        write_manifest(draft, manifest)
        rehearsed = rehearse(draft, draft / "scratch")
        head = max((moment.seq for moment in manifest.moments), default=0)
        name = f"{draft.name.removesuffix(UNFINISHED)}-{head}"
        if rehearsed.ok:
            manifest = msgspec.structs.replace(manifest, verified_at=datetime.now(UTC))
            write_manifest(draft, manifest)
        folder = draft.rename(into / (name if rehearsed.ok else f"{name}.broken"))
        settle_names(into)
    except OSError as fault:
        raise Trouble(
            "no_room",
            Text(
                N_("The backup could not be written to {folder}: {reason}. The old ones stay."),
                {"folder": str(into), "reason": fault.strerror or "?"},
            ),
            retry=True,
        ) from fault
    return Backup(folder, manifest, rehearsed)


def count_as_protection(engine: Engine, made: Backup, now: datetime) -> None:
    """Tell every desk that what this backup holds has a second copy.

    Source: sync.md section 7, *Protected*.
    """
    with writing(engine) as db:
        for moment in made.manifest.moments:
            mine = (feed.c.feed_id == moment.feed_id) & (feed.c.epoch == moment.epoch)
            if db.execute(select(feed.c.feed_id).where(mine)).first() is None:
                continue  # the database was restored meanwhile: this backup is of its former life
            db.execute(
                insert(backup).values(
                    feed_id=moment.feed_id,
                    name=made.folder.name,
                    epoch=moment.epoch,
                    seq=moment.seq,
                    hash=bytes.fromhex(moment.hash),
                    made_at=now,
                )
            )
            db.execute(
                update(feed).where(mine, feed.c.protected_seq < moment.seq).values(protected_seq=moment.seq)
            )


def keep_newest(into: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` finished backups; return what is gone. Broken ones are left."""
    old = sorted(finished(into), reverse=True)[keep:]
    for folder in old:
        shutil.rmtree(folder)
    return old


def finished(into: Path) -> list[Path]:
    """Return the finished backups below a folder, oldest first."""
    return sorted(one for one in into.glob(f"{PREFIX}*") if one.suffix == "" and one.is_dir())


def newest(into: Path) -> Path:
    """Return the newest finished backup below a folder, or the folder itself if it is one.

    Raises:
        Trouble: not_a_backup.
    """
    found = finished(into)
    folder = found[-1] if found else into
    read_manifest(folder)
    return folder


def last_made(db: Connection, feed_id: int) -> datetime | None:
    """Return when the last backup that counts was made."""
    made_at = db.execute(select(func.max(backup.c.made_at)).where(backup.c.feed_id == feed_id)).scalar()
    return made_at if isinstance(made_at, datetime) else None


def _write(db: Connection, draft: Path, now: datetime) -> Manifest:
    """Write every table as it is in this one snapshot."""
    found = db.execute(select(feed.c.feed_id, feed.c.epoch, feed.c.head, feed.c.head_hash))
    moments = tuple(Moment(r.feed_id, r.epoch, r.head, bytes(r.head_hash).hex()) for r in found)
    revision = db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    parts = tuple(_part(draft, shape, read_rows(db, shape)) for shape in shapes(db))
    return Manifest(
        format=FORMAT,
        made_at=now,
        docket=__version__,
        database=db.dialect.name,
        revision=revision,
        moments=moments,
        parts=parts,
    )


def _part(draft: Path, shape: Shape, pieces: Iterable[bytes]) -> Part:
    path, rows = draft / f"{shape.table}.copy.gz", 0
    path.touch(0o600, exist_ok=False)
    with path.open("wb") as file:
        with gzip.GzipFile("", "wb", PACKING, file, mtime=0) as packed:
            for piece in pieces:
                packed.write(piece)
                rows += piece.count(b"\n")
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(path.name, shape, rows, path.stat().st_size, sha256)


def _clear(into: Path, now: datetime) -> None:
    """Remove what backups that were cut off left behind."""
    for left in into.glob(f"{PREFIX}*{UNFINISHED}"):
        if now.timestamp() - left.stat().st_mtime > STALE.total_seconds():
            shutil.rmtree(left)
