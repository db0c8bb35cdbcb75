"""Restore a backup into a scratch file and check every promise there: the only proof that it is one."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
from sqlalchemy import Engine, select

from sync.hub.database import connect_database, reading, writing
from sync.hub.drifts import unasked
from sync.hub.finding import Finding
from sync.hub.keeping.load import load
from sync.hub.keeping.manifest import Manifest, check_parts, read_manifest
from sync.hub.verify import verify
from sync.tables import feed


class Rehearsed(msgspec.Struct, frozen=True):
    """How a restore went. Units: `took_s` seconds."""

    rows: int
    took_s: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Tell whether every promise was kept."""
        return not self.findings


def rehearse(folder: Path, scratch: Path) -> Rehearsed:
    """Restore a backup beside the living one, verify it, and leave nothing behind.

    Raises:
        Trouble: not_a_backup, damaged_backup.
    """
    begun_s = time.monotonic()
    manifest = read_manifest(folder)
    check_parts(folder, manifest)
    engine = connect_database(f"sqlite:///{scratch.as_posix()}")
    try:
        with writing(engine) as db:
            load(db, folder, manifest)
        findings = checked(engine, manifest)
    finally:
        engine.dispose()
        for name in (scratch, *(scratch.with_name(scratch.name + end) for end in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)
    return Rehearsed(manifest.rows, round(time.monotonic() - begun_s, 2), findings)


def checked(engine: Engine, manifest: Manifest) -> tuple[Finding, ...]:
    """Say which promises a restored database breaks that nobody is asked about; it stands where it says."""
    findings: list[Finding] = []
    with reading(engine) as db:
        rows = db.execute(select(feed.c.feed_id, feed.c.head, feed.c.head_hash)).all()
    stands = {(row.feed_id, row.head, bytes(row.head_hash).hex()) for row in rows}
    told = {(moment.feed_id, moment.seq, moment.hash) for moment in manifest.moments}
    findings += [Finding("backup", f"feed {feed_id}", "does not stand where the manifest says")
                 for feed_id, *_ in sorted(stands ^ told)]  # fmt: skip
    for row in rows:
        findings += unasked(engine, row.feed_id, verify(engine, row.feed_id).findings)
    return tuple(findings)
