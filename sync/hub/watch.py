"""Waiting for news of the feed: a bell for our own commits, one glance for all at those of other hubs.

Source: sync.md section 6, while waiting the hub holds no database connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

LOOK_S = 0.25
"""How often the head is looked at while anybody waits."""
SPACING_S = 0.2
"""Fifty desks that each wake for each of fifty commands a second would read 2,500 pages of one row: news that
follow news within this time are told together. The first after a silence is told at once."""


class Watch:
    """Wakes every waiting pull when the head moves. Made and used inside the event loop, but for `ring`."""

    def __init__(self, look: Callable[[], Awaitable[int]]) -> None:
        self.told = -1
        """The newest head that waiting pulls were woken for; whoever stands there has nothing to read yet."""
        self._look = look
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._head = -1
        self._waiting = 0
        self._told_s = -SPACING_S
        self._later: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None

    def ring(self, head: int) -> None:
        """Say, from any thread, that this process committed something."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self.hear, head)

    def waiting(self) -> int:
        """Count who waits."""
        return self._waiting

    def next(self) -> asyncio.Event:
        """Return what the next news will set; ask before reading, so that nothing falls in between."""
        return self._news

    async def wait(self, news: asyncio.Event, timeout_s: float) -> None:
        """Wait for the next news, at most `timeout_s`."""
        self._waiting += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_around())
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), timeout_s)
        finally:
            self._waiting -= 1

    def hear(self, head: int) -> None:
        """Tell of a head soon, together with what else comes until then."""
        self._head = max(head, self._head)
        if self._later is None and self._head > self.told:
            left_s = self._told_s + SPACING_S - self._loop.time()
            self._later = self._loop.call_later(max(0.0, left_s), self._tell)

    def _tell(self) -> None:
        self._later, self._told_s, self.told = None, self._loop.time(), self._head
        self._news.set()
        self._news = asyncio.Event()

    async def _look_around(self) -> None:
        while self._waiting:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(Exception):  # the database is away: the waiting pulls will say so
                self.hear(await self._look())
