"""What a desk remembers of its looks, read before anything else is loaded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sync.replica.files import open_file


def remembered(folder: Path) -> dict[str, str]:
    """Return the settings in the `work.db` of this folder; none where no desk has worked yet."""
    path = folder / "work.db"
    if not path.exists():
        return {}
    with closing(open_file(path, read_only=True)) as db:
        try:
            return dict(db.execute("SELECT key, value FROM setting"))
        except sqlite3.OperationalError:  # the first start was cut short before there were tables
            return {}
