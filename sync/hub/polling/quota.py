"""A budget that several hubs share: each call takes the next place of a ring, free again after its time.

So no stretch of that time ever holds more calls than the channel allows, whoever makes them. Of a large
budget one place stands for several calls in a row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, func, update

from sync.connection_tables import quota, quota_place
from sync.hub.bulk import at_once
from sync.hub.database import writing
from sync.hub.one_clock import wall
from sync.manifest.blocks import Budget
from sync.manifest.durations import duration
from sync.manifest.pace import owed_s

PLACES_MOST = 500
MICROSECOND = timedelta(microseconds=1)
TAKE = """
WITH counted AS (
    INSERT INTO quota AS q (feed_id, name, calls, rests_until) VALUES (%(feed_id)s, %(name)s, 1, 0)
    ON CONFLICT (feed_id, name) DO UPDATE SET calls = q.calls + 1
    RETURNING q.calls - 1 AS nth, q.rests_until,
        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + %(ahead)s AS now,
        set_config('synchronous_commit', 'off', TRUE)
)
INSERT INTO quota_place AS p (feed_id, name, place, free_at)
    SELECT %(feed_id)s, %(name)s, (nth / %(in_a_place)s) %% %(places)s, greatest(now, rests_until) + %(every)s
    FROM counted
ON CONFLICT (feed_id, name, place) DO UPDATE SET free_at = greatest(
    excluded.free_at,
    p.free_at + CASE WHEN (SELECT nth %% %(in_a_place)s FROM counted) = 0 THEN %(every)s ELSE 0 END
)
RETURNING p.free_at - %(every)s - (SELECT now FROM counted)
"""
"""One statement for each call: who waits for its row sees what was written before. A crash of the database
may forget the last calls. `ahead`: by so much a simulated clock differs from that of its machine.
"""
KEPT = timedelta(days=1)
"""Places that have been free for so long are forgotten."""


class Shared:
    """One budget of one shop, or of all shops of one app, kept in the database."""

    def __init__(
        self,
        engine: Engine,
        feed_id: int,
        clock: Callable[[], datetime],
        manifest: str,
        whose: str,
        budget: Budget,
    ) -> None:
        self.budget = budget
        self._engine, self._clock, self._every = engine, clock, duration(budget.every)
        said = msgspec.json.encode((manifest, whose, budget))
        self._row = {"feed_id": feed_id, "name": f"{manifest} {hashlib.sha256(said).hexdigest()[:24]}"}
        self._in_a_place = -(-budget.calls // PLACES_MOST)
        self._places = budget.calls // self._in_a_place

    def hear(self, data: Any) -> None:
        """Read what an answer says of the points that are left: all hubs rest until they are back."""
        rests = owed_s(self.budget, data)
        if not rests:
            return
        with writing(self._engine) as db:
            until = wall(db, _ahead(self._clock) + timedelta(seconds=rests))
            mine = quota.c.feed_id == self._row["feed_id"], quota.c.name == self._row["name"]
            later = func.greatest(quota.c.rests_until, until)
            db.execute(update(quota).where(*mine).values(rests_until=later))

    def take(self, clock: Callable[[], datetime]) -> float:
        """Count one more call; return how long it must wait first. Units: seconds."""
        asked = self._row | {
            "ahead": _ahead(clock) // MICROSECOND,
            "every": self._every // MICROSECOND,
            "places": self._places,
            "in_a_place": self._in_a_place,
        }
        return int(at_once(self._engine, TAKE, asked)) / 1_000_000


def forget_free(db: Connection, feed_id: int) -> None:
    """Let go of places that nobody has taken for long: budgets come and go with manifests."""
    if db.dialect.name == "sqlite":
        return
    old = quota_place.c.feed_id == feed_id, quota_place.c.free_at < wall(db, -KEPT)
    db.execute(delete(quota_place).where(*old))


def _ahead(clock: Callable[[], datetime]) -> timedelta:
    return clock() - datetime.now(UTC)
