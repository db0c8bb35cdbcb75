"""When somebody who looks at order after order should look at something else: advice, never a lock.

Source: capabilities 10, fatigue: 50 minutes, or a median time of decision that drifts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

import msgspec

from app.text import N_, Text

PAUSE_AFTER = timedelta(minutes=50)
REST = timedelta(minutes=10)
"""Who decided nothing for so long has had a pause."""
WINDOW = 6
"""Decisions of which the middle one is taken: at first, and of late."""
SLOWER_PCT, FASTER_PCT = 160, 50


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long the decisions since the last pause took, the oldest first. Units: milliseconds."""

    took_ms: tuple[int, ...] = ()
    since: datetime | None = None
    last_at: datetime | None = None

    def with_one(self, took_ms: int, now: datetime) -> Pace:
        """Return the pace with one more decision; after a rest it begins anew."""
        is_rested = self.last_at is None or now - self.last_at >= REST
        if is_rested or self.since is None:
            return Pace(took_ms=(took_ms,), since=now, last_at=now)
        kept = (*self.took_ms[:WINDOW], *self.took_ms[WINDOW:][-WINDOW:])
        return Pace(took_ms=(*kept, took_ms), since=self.since, last_at=now)

    def advice(self) -> Text | None:
        """Say what the pace tells; None while it is steady."""
        if self.since is not None and self.last_at is not None and self.last_at - self.since >= PAUSE_AFTER:
            minutes = (self.last_at - self.since) // timedelta(minutes=1)
            return Text(N_("{minutes} minutes without a pause. Ten minutes help."), {"minutes": minutes})
        if len(self.took_ms) < 2 * WINDOW:
            return None
        first, last = median(self.took_ms[:WINDOW]), median(self.took_ms[-WINDOW:])
        about: dict[str, str | int | Text] = {
            "first": round(first / 1_000), "last": round(last / 1_000)
        }  # fmt: skip
        if first > 0 and last * 100 >= first * SLOWER_PCT:
            return Text(N_("You take {last} s for one now, {first} s at first. A pause helps."), about)
        if first > 0 and last * 100 <= first * FASTER_PCT:
            return Text(N_("You take {last} s for one now, {first} s at first. Slow down, or pause."), about)
        return None
