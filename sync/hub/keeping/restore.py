"""Restore a backup into an empty database, and begin a new life there.

Source: sync.md section 8, hub database restored from backup; section 13, a restored hub announces the head it
continues from.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select, update

from sync.hub.database import writing
from sync.hub.effect_rows import doubt_all
from sync.hub.finding import Finding
from sync.hub.keeping.load import load
from sync.hub.keeping.manifest import Manifest, check_parts, read_manifest
from sync.hub.keeping.rehearsal import checked
from sync.keeping_tables import life
from sync.tables import account, feed


def restore(engine: Engine, folder: Path, now: datetime) -> tuple[Manifest, tuple[Finding, ...]]:
    """Fill an empty database from a backup, check it, and begin its new life; say what it breaks.

    Raises:
        Trouble: not_a_backup, damaged_backup, not_empty.
    """
    manifest = read_manifest(folder)
    check_parts(folder, manifest)
    with writing(engine) as db:
        load(db, folder, manifest)
        for moment in manifest.moments:
            begin_life(db, moment.feed_id, now, is_protected=True)
    return manifest, checked(engine, manifest)


def begin_life(db: Connection, feed_id: int, now: datetime, *, is_protected: bool) -> str:
    """Give a restored feed a new epoch, which names the head it continues from; return it.

    What was about to happen in the world outside may have happened: it is looked up, never simply done again.
    Whoever read a channel then does not read now.
    `is_protected`: all that is here came out of a backup that is still there.
    """
    was = db.execute(
        select(feed.c.epoch, feed.c.head, feed.c.head_hash).where(feed.c.feed_id == feed_id).with_for_update()
    ).one()
    epoch = uuid4().hex
    db.execute(
        insert(life).values(
            feed_id=feed_id,
            epoch=epoch,
            before=was.epoch,
            from_seq=was.head,
            from_hash=bytes(was.head_hash),
            begun_at=now,
        )
    )
    protected = {"protected_seq": was.head} if is_protected else {}
    db.execute(update(feed).where(feed.c.feed_id == feed_id).values(epoch=epoch, **protected))
    doubt_all(db, feed_id, now)
    db.execute(
        update(account)
        .where(account.c.feed_id == feed_id)
        .values(lease_until=None, fence=account.c.fence + 1)
    )
    return epoch
