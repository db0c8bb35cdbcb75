"""Measures how long somebody is at which order: told each second where they are, and that something moved.

What was pressed is never told to it. Source: capabilities 10, focus with idle cut-off and no content.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from app.domain.focus import IDLE_S, SPANS_MOST, Span

IDLE = timedelta(seconds=IDLE_S)
NEAR = timedelta(minutes=10)
"""Two stays at one order no further apart are told as one."""
FULL, OLD = 20, timedelta(minutes=5)
"""So many stays, or one so old, are sent."""


class At(NamedTuple):
    """The order (or case) somebody is at, and for which type of exceptions."""

    subject: str
    kind: str = ""


class FocusMeter:
    """The stays of one person, condensed: one for each order and type as long as it comes again soon."""

    def __init__(self, kept: Sequence[Span] = ()) -> None:
        self._done = [one for one in kept if one.is_sound]
        self._at: At | None = None
        self._since = self._until = datetime.min.replace(tzinfo=UTC)
        self._acted: datetime | None = None

    def acted(self, now: datetime) -> None:
        """A key, a button or the wheel moved."""
        self._acted = now

    def is_resting(self, now: datetime) -> bool:
        """Tell whether nothing moved for so long that the clock stands."""
        return self._acted is None or not timedelta() <= now - self._acted < IDLE

    def tick(self, now: datetime, at: At | None) -> None:
        """Count what passed since the last tick for where somebody was, then look where they are."""
        if self._at is not None and self._acted is not None:
            self._until = max(self._until, min(now, self._acted + IDLE))
        rests = self.is_resting(now)
        if self._at is not None and (rests or at != self._at):
            self._close()
        if self._at is None and at is not None and not rests:
            self._at, self._since, self._until = at, now, now

    def left(self, now: datetime) -> None:
        """Nobody is at any order now."""
        self.tick(now, None)

    def kept(self) -> tuple[Span, ...]:
        """Return all there is to tell, the stay that is not over yet too."""
        here = self._here()
        return (*self._done, *((here,) if here is not None else ()))

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time to send."""
        return len(self._done) >= FULL or bool(self._done and now - self._done[0].since >= OLD)

    def take(self) -> tuple[Span, ...]:
        """Hand over stays that are over, as many as one batch holds."""
        some, self._done = self._done[:SPANS_MOST], self._done[SPANS_MOST:]
        return tuple(some)

    def _here(self) -> Span | None:
        at, since, until = self._at, self._since, self._until
        touch_s = round((until - since).total_seconds())
        if at is None or touch_s < 1:
            return None
        return Span(subject=at.subject, kind=at.kind, since=since, until=until, touch_s=touch_s)

    def _close(self) -> None:
        here, self._at = self._here(), None
        if here is None or not here.is_sound:
            return
        for i in range(len(self._done) - 1, -1, -1):
            one = self._done[i]
            is_same = (one.subject, one.kind) == (here.subject, here.kind)
            if is_same and timedelta() <= here.since - one.until <= NEAR:
                self._done[i] = msgspec.structs.replace(
                    one, until=here.until, touch_s=one.touch_s + here.touch_s
                )
                return
        self._done.append(here)
