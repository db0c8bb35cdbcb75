"""What is asked under one `Idempotency-Key` is done once and answered alike for ever.

The key is written down before anything is done, its answer after. Whoever dies in between leaves a key
without an answer: what is asked again under it finds what was done by the name that follows from the key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update

from app.text import N_
from sync.hub.bulk import Into
from sync.hub.database import writing
from sync.hub.outward.problems import Problematic
from sync.tables import api_request, micros

KEPT = timedelta(days=30)
"""So long an answer is kept; the same key is a new request then."""
NAME_MOST = 64
_ASKED = Into(api_request, ("code", "name", "digest", "made_at"), skips=True)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is kept: JSON in words. `is_again`: it was given before."""

    status: int
    body: str
    is_again: bool = False


def once(
    engine: Engine,
    feed_id: int,
    caller: str,
    name: str,
    digest: bytes,
    now: datetime,
    do: Callable[[], Said],
) -> Said:
    """Answer what was asked under a key before, else do it and keep the answer.

    `do` may be called again for the same key after a crash; whatever it raises is not kept.

    Raises:
        Problematic: there is no key, or it was used for something else.
    """
    if not 0 < len(name) <= NAME_MOST or not name.isascii() or not name.isprintable():
        raise Problematic(
            400,
            "no_key",
            N_("Send an Idempotency-Key: up to 64 plain characters, a new one for each request."),
        )
    r = api_request.c
    mine = (r.feed_id == feed_id) & (r.code == caller) & (r.name == name)
    with writing(engine) as db:
        db.execute(delete(api_request).where(mine, r.made_at < now - KEPT))
        _ASKED.write(db, feed_id, [(caller, name, digest, micros(now))])
        asked = db.execute(select(r.digest, r.status, r.said).where(mine)).one()
    if bytes(asked.digest) != digest:
        raise Problematic(
            422, "other_request", N_("This Idempotency-Key was used for something else. Use a new one.")
        )
    if asked.status:
        return Said(asked.status, asked.said, is_again=True)
    done = do()
    with writing(engine) as db:
        db.execute(update(api_request).where(mine, r.status == 0).values(status=done.status, said=done.body))
        row = db.execute(select(r.status, r.said).where(mine)).one()
    return Said(row.status, row.said)


def forget_old(engine: Engine, feed_id: int, now: datetime) -> None:
    """Let go of answers nobody asks for again."""
    r = api_request.c
    with writing(engine) as db:
        db.execute(delete(api_request).where(r.feed_id == feed_id, r.made_at < now - KEPT))
