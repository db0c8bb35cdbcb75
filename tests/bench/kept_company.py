"""What a bench built before and uses again: a hub's database, the key to it, and the large replica of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from databases import Place

from app.boot.places import keep_key, master_key
from sync import projection

HUB, KEY, REPLICA = "hub.db", "hub.key", "replica.db"


def fits(folder: Path, orders: int, exceptions: int) -> bool:
    """Tell whether the replica there has the present tables and as many of everything."""
    if not all((folder / name).is_file() for name in (HUB, KEY, REPLICA)):
        return False
    with closing(sqlite3.connect(folder / REPLICA)) as db:
        (revision,) = db.execute("SELECT value FROM meta WHERE key = 'schema_rev'").fetchone()
        (held,) = db.execute("SELECT count(*) FROM orders").fetchone()
        (open_,) = db.execute("SELECT count(*) FROM snag").fetchone()
    return revision == str(projection.SCHEMA_REV) and 0 <= held - orders <= 1 and open_ >= exceptions


def put_back(folder: Path, place: Place) -> None:
    """Let a hub at this place go on from what was kept."""
    shutil.copyfile(folder / HUB, place.folder / HUB)
    keep_key(place.url, (folder / KEY).read_bytes())


def keep(folder: Path, place: Place, replica: Path) -> None:
    """Keep what was built; the hub may run on meanwhile: a desk pulls what the replica lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(replica, folder / REPLICA)
    (folder / HUB).unlink(missing_ok=True)
    with closing(sqlite3.connect(place.folder / HUB)) as live, closing(sqlite3.connect(folder / HUB)) as copy:
        live.backup(copy)
    (folder / KEY).write_bytes(master_key(place.url))
