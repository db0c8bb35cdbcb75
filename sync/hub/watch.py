"""Waiting for news of the feed: a bell for our own commits, one glance for all at those of other hubs.

Source: sync.md section 6, while waiting the hub holds no database connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

LOOK_S = 0.25
"""How often the head is looked at while anybody waits."""


class Watch:
    """Wakes every waiting pull when the head moves. Made and used inside the event loop, but for `ring`."""

    def __init__(self, look: Callable[[], Awaitable[int]]) -> None:
        self._look = look
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None

    def ring(self, _head: int) -> None:
        """Say, from any thread, that this process committed something."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._ring)

    def next(self) -> asyncio.Event:
        """Return what the next news will set; ask before reading, so that nothing falls in between."""
        return self._news

    async def wait(self, news: asyncio.Event, head: int, timeout_s: float) -> None:
        """Wait until the head is no longer `head`, at most `timeout_s`."""
        self._waiting += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_around(head))
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), timeout_s)
        finally:
            self._waiting -= 1

    def _ring(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _look_around(self, head: int) -> None:
        while self._waiting:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(Exception):  # the database is away: the waiting pulls will say so
                seen = await self._look()
                if seen != head:
                    head = seen
                    self._ring()
