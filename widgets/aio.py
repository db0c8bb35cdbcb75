"""Start coroutines from Qt signals: a second click is dropped, no refresh is lost, no error hides."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


class Tasks:
    """The running coroutines of one desk, kept by name until they end."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, Work] = {}
        self._numbers = count(1)

    def is_running(self, name: str) -> bool:
        """Whether the work of this name has not ended yet."""
        return name in self._running

    def once(self, name: str, work: Work) -> bool:
        """Start `work` unless `name` still runs; say whether it started."""
        if name in self._running:
            return False
        task = asyncio.get_running_loop().create_task(work(), name=name)
        self._running[name] = task
        task.add_done_callback(self._finished)
        return True

    def latest(self, name: str, work: Work) -> None:
        """Start `work`, or run it once more when the present run ends: only the newest of many waits."""
        if not self.once(name, work):
            self._again[name] = work

    def spawn(self, coro: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine of which any number may be under way."""
        self.once(f"spawned-{next(self._numbers)}", lambda: coro)

    async def cancel_all(self) -> None:
        """Stop everything and wait until it has stopped: the last act of the window."""
        self._again.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        name = task.get_name()
        del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            sys.excepthook(type(error), error, error.__traceback__)
        if (work := self._again.pop(name, None)) is not None and not task.cancelled():
            self.once(name, work)
