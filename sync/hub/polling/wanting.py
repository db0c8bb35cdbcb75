"""Orders that shall be read again: because somebody asks, or a channel says that something changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from sync.connection_tables import wanted
from sync.hub.bulk import Into
from sync.tables import micros

_ROWS = Into(
    wanted,
    ("shop", "ext_id", "why", "asked_at", "not_before", "tries"),
    replaces=("why", "asked_at", "not_before", "tries"),
)
_MORE = Into(wanted, ("shop", "ext_id", "why", "asked_at", "not_before", "tries"), replaces=("asked_at",))
"""A channel that says more of an order does not make it answer sooner."""
PAGE = 20
MOST_TRIES = 8
ASKED = "asked"
"""A person asks for it."""


class Wanted(NamedTuple):
    """One order to read, and since when it is wanted: whoever wants it again meanwhile gets it again."""

    ext_id: str
    why: str
    asked_at: datetime
    tries: int


def want(db: Connection, feed_id: int, shop: str, ext_id: str, why: str, now: datetime) -> None:
    """Let an order be read again soon; one that failed is tried at once only if a person asks."""
    into = _ROWS if why == ASKED else _MORE
    into.write(db, feed_id, [(shop, ext_id, why, micros(now), micros(now), 0)])


def next_wanted(db: Connection, feed_id: int, shop: str, now: datetime) -> list[Wanted]:
    """Return the orders of a shop that are to be read now, the longest wanted first."""
    c = wanted.c
    found = select(c.ext_id, c.why, c.asked_at, c.tries).where(
        c.feed_id == feed_id, c.shop == shop, c.not_before <= now
    )
    return [Wanted(*row) for row in db.execute(found.order_by(c.asked_at, c.ext_id).limit(PAGE))]


def was_read(db: Connection, feed_id: int, shop: str, one: Wanted) -> None:
    """Note that an order was read; who wants it since then still does."""
    db.execute(delete(wanted).where(*_row(feed_id, shop, one)))


def try_later(db: Connection, feed_id: int, shop: str, one: Wanted, now: datetime) -> None:
    """Read it later, and later each time; at last not at all: the list will bring it."""
    if one.tries + 1 >= MOST_TRIES:
        was_read(db, feed_id, shop, one)
        return
    later = now + timedelta(seconds=10 * 2**one.tries)
    db.execute(update(wanted).where(*_row(feed_id, shop, one)).values(tries=one.tries + 1, not_before=later))


def _row(feed_id: int, shop: str, one: Wanted) -> tuple[Any, ...]:
    c = wanted.c
    return c.feed_id == feed_id, c.shop == shop, c.ext_id == one.ext_id, c.asked_at == one.asked_at
