"""What a synchronous standby has on its disk is protected: the hub asks PostgreSQL and moves the mark.

Source: sync.md section 7; PostgreSQL, pg_stat_replication (`sync_state`, `flush_lsn`).
"""

from __future__ import annotations

from sqlalchemy import Engine, text, update

from sync.hub.database import reading, writing
from sync.tables import feed

_STANDS = text(
    "SELECT head, protected_seq, CAST(pg_current_wal_insert_lsn() AS text) AS lsn"
    " FROM feed WHERE feed_id = :feed"
)
"""The snapshot is taken before the position is read, so the position lies behind everything in it."""
_HOLDS = text(
    "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
    " AND state = 'streaming' AND flush_lsn >= CAST(:lsn AS pg_lsn)"
)


class Standby:
    """Follows one feed; `step` is cheap and called again and again."""

    def __init__(self, engine: Engine, feed_id: int) -> None:
        self._engine, self._feed_id = engine, feed_id
        self._asked: tuple[int, str] | None = None

    def step(self) -> bool:
        """Move the mark to what a standby holds by now; say whether it moved.

        A head is remembered with the position it was written before; once a standby has flushed beyond that
        position, it holds the head.
        """
        if self._engine.dialect.name != "postgresql":
            return False
        with reading(self._engine) as db:
            stands = db.execute(_STANDS, {"feed": self._feed_id}).one()
            if self._asked is None and stands.head > stands.protected_seq:
                self._asked = (stands.head, stands.lsn)
            if self._asked is None:
                return False
            seq, lsn = self._asked
            holds = bool(db.execute(_HOLDS, {"lsn": lsn}).scalar_one())
        if not holds:
            return False
        self._asked = None
        with writing(self._engine) as db:
            mine = feed.c.feed_id == self._feed_id, feed.c.protected_seq < seq
            db.execute(update(feed).where(*mine).values(protected_seq=seq))
        return True
