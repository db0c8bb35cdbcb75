"""Lanes: one named thread each, so that the screen never waits for a disk or a network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from app.known_types import know_types

P = ParamSpec("P")
R = TypeVar("R")


class Lane:
    """One named worker thread; calls run in the order they were made."""

    def __init__(self, name: str) -> None:
        know_types()
        self._name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `work` on this lane and wait for its answer."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _guarded, lambda: work(*args, **kwargs))

    def call(self, work: Callable[[], R]) -> R:
        """Run `work` on this lane and block until it is done: for threads, never for the window."""
        return self._pool.submit(_guarded, work).result()

    def check(self) -> None:
        """Refuse to go on unless the caller is on this lane.

        Raises:
            RuntimeError: the caller runs on another thread.
        """
        if not threading.current_thread().name.startswith(self._name):
            raise RuntimeError(f"must run on the {self._name} lane")

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _guarded(work: Callable[[], R]) -> R:
    # SystemExit in a pool thread would leave its awaiter pending for ever.
    try:
        return work()
    except (SystemExit, KeyboardInterrupt) as stop:
        raise RuntimeError("a lane was asked to exit") from stop
