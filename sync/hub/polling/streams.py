"""How far each list of a shop was read: one process at a time, and never past a page that failed.

The fence grows with every lease. Who writes a page looks at it in the same transaction, so a process that was
held up for longer than its lease neither writes nor moves the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select, update

from app.text import Text
from sync.connection_tables import stream
from sync.hub.bulk import Into
from sync.hub.one_clock import wall
from sync.hub.turns import Lost

LEASE = timedelta(seconds=60)
"""How long a list stays with a process that says nothing: longer than one call takes.

By the clock of the database: a lease is between processes.
"""
BACKOFF_S = (10, 60, 300, 900)
_ROWS = Into(stream, ("shop", "name"), skips=True)


AGAIN = " again"
"""Behind the name of a list: the nightly look at the last three days of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A list this process may read."""

    shop: str
    name: str
    fence: int
    read_to: datetime | None
    tries: int

    @property
    def list(self) -> str:
        """Return the list of the manifest: that of a night is the one it looks at again."""
        return self.name.removesuffix(AGAIN)


def hold(db: Connection, feed_id: int, shop: str, name: str, now: datetime) -> Held | None:
    """Take the lease of a list; None while another process has it, or it shall rest."""
    _ROWS.write(db, feed_id, [(shop, name)])
    row = _row(feed_id, shop, name)
    kept = db.execute(select(stream, wall(db).label("wall")).where(*row).with_for_update()).one()
    if kept.lease_until is not None and kept.wall < kept.lease_until <= kept.wall + LEASE:
        return None
    if kept.not_before is not None and now < kept.not_before:
        return None
    fence = kept.fence + 1
    db.execute(update(stream).where(*row).values(fence=fence, lease_until=wall(db, LEASE)))
    return Held(shop, name, fence, kept.read_to, kept.tries)


def renew(db: Connection, feed_id: int, held: Held) -> None:
    """Keep a list that is being read.

    Raises:
        Lost: another process has taken it.
    """
    _mine(db, feed_id, held, {"lease_until": wall(db, LEASE)})


def page_read(db: Connection, feed_id: int, held: Held, count: int, read_to: datetime | None) -> None:
    """Note a page that is being kept in this transaction; with the last one of a window the cursor moves.

    Raises:
        Lost: another process has taken the list.
    """
    changes: dict[str, Any] = {"lease_until": wall(db, LEASE), "orders": stream.c.orders + count}
    if read_to is not None:
        changes["read_to"] = read_to
    _mine(db, feed_id, held, changes)


def went_well(
    db: Connection,
    feed_id: int,
    held: Held,
    now: datetime,
    newest_at: datetime | None,
    told: Text | None = None,
    code: str = "",
) -> None:
    """Give a list back; no trouble is left, only what is `told`, with a code where somebody should look.

    Raises:
        Lost: another process has taken the list.
    """
    trouble = msgspec.json.encode(told).decode() if told is not None else ""
    changes: dict[str, Any] = {
        "tries": 0,
        "code": code,
        "trouble": trouble,
        "not_before": None,
        "well_at": now,
    }
    if newest_at is not None:
        changes["newest_at"] = newest_at
    if held.name != held.list:
        changes["read_to"] = None  # the next night begins anew
    _mine(db, feed_id, held, changes | {"lease_until": None})


def goes_on(db: Connection, feed_id: int, held: Held) -> None:
    """Give a list back that is read on at the next turn.

    Raises:
        Lost: another process has taken it.
    """
    _mine(db, feed_id, held, {"lease_until": None})


def went_wrong(db: Connection, feed_id: int, held: Held, now: datetime, code: str, text: Text) -> None:
    """Give a list back with what is wrong; it is asked again later, and later each time.

    Raises:
        Lost: another process has taken the list.
    """
    wait_s = BACKOFF_S[min(held.tries, len(BACKOFF_S) - 1)]
    changes = {
        "tries": held.tries + 1,
        "code": code,
        "trouble": msgspec.json.encode(text).decode(),
        "not_before": now + timedelta(seconds=wait_s),
        "lease_until": None,
    }
    _mine(db, feed_id, held, changes)


def read_again(db: Connection, feed_id: int, shop: str, names: Sequence[str]) -> None:
    """Let lists be read at once, and their last three days once more, as every night."""
    nights = [name + AGAIN for name in names]
    _ROWS.write(db, feed_id, [(shop, name) for name in nights])
    c = stream.c
    due = c.feed_id == feed_id, c.shop == shop, c.name.in_([*names, *nights])
    db.execute(update(stream).where(*due).values(not_before=None, well_at=None))
    nightly = c.feed_id == feed_id, c.shop == shop, c.name.in_(nights)
    db.execute(update(stream).where(*nightly).values(read_to=None))


def _mine(db: Connection, feed_id: int, held: Held, changes: dict[str, Any]) -> None:
    row = *_row(feed_id, held.shop, held.name), stream.c.fence == held.fence
    if db.execute(update(stream).where(*row).values(**changes)).rowcount != 1:
        raise Lost


def _row(feed_id: int, shop: str, name: str) -> tuple[Any, Any, Any]:
    return stream.c.feed_id == feed_id, stream.c.shop == shop, stream.c.name == name
