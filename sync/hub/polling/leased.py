"""A list stays with the process that reads it, however long a channel makes it wait.

A call takes seconds, a budget may ask for minutes: the lease is renewed before each call and while waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from sync.hub.database import writing
from sync.hub.polling import streams
from sync.hub.polling.streams import Held
from sync.hub.polling.taking import Tools
from sync.manifest.caller import Answer, Line
from sync.manifest.request import Request

PARTS = 3
"""A lease is renewed when a third of it has passed."""


class Leased:
    """The lists this process reads, one of each shop at a time."""

    def __init__(self, tools: Tools, sleep: Callable[[float], None]) -> None:
        self._tools, self._sleep = tools, sleep
        self._held: dict[str, tuple[Held, float]] = {}

    def begin(self, held: Held) -> Held:
        """Keep a list that was just taken."""
        self._held[held.shop] = held, time.monotonic()
        return held

    def end(self, shop: str) -> None:
        """Keep it no longer: it was given back, or lost."""
        self._held.pop(shop, None)

    def wait(self, shop: str, seconds: float) -> None:
        """Wait, and keep the list meanwhile.

        Raises:
            Lost: another process has taken it.
        """
        while seconds >= _part_s():
            self._sleep(_part_s())
            seconds -= _part_s()
            self._renew(shop)
        if seconds > 0:
            self._sleep(seconds)
            self._renew_in_time(shop)

    def line(self, shop: str, line: Line) -> Line:
        """Return a line that looks after the list before each call."""
        return partial(self._call, shop, line)

    def _call(self, shop: str, line: Line, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        self._renew_in_time(shop)
        return line(request, timeout_s, most_bytes)

    def _renew_in_time(self, shop: str) -> None:
        _held, renewed = self._held.get(shop, (None, 0.0))
        if time.monotonic() - renewed >= _part_s():
            self._renew(shop)

    def _renew(self, shop: str) -> None:
        if shop not in self._held:
            return
        held, _ = self._held[shop]
        with writing(self._tools.engine) as db:
            streams.renew(db, self._tools.feed_id, held)
        self.begin(held)


def _part_s() -> float:
    return streams.LEASE.total_seconds() / PARTS
