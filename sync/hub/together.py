"""Questions that many ask at the same moment, answered together: one thread, one transaction for all.

Whoever asks first is answered at once; those that come meanwhile wait for the next round. When the head
moves, fifty desks wake in one moment: a transaction for each costs more than what is asked (measured).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Together(Generic[K, V]):
    """Gathers questions of the event loop; `answer` runs on a thread and returns one value for each."""

    def __init__(self, answer: Callable[[Sequence[K]], Sequence[V]], threads: Executor) -> None:
        self._answer, self._threads = answer, threads
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._round: asyncio.Task[None] | None = None

    async def ask(self, question: K) -> V:
        """Return the answer; a fault of the round is everybody's who asked in it."""
        told: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, told))
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._rounds())
        return await told

    async def _rounds(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                answers = await loop.run_in_executor(
                    self._threads, self._answer, [question for question, _ in asked]
                )
            except Exception as fault:  # noqa: BLE001 - whoever asked hears of it
                for _, told in asked:
                    if not told.done():
                        told.set_exception(fault)
            else:
                for (_, told), answer in zip(asked, answers, strict=True):
                    if not told.done():  # nobody waits for it any more
                        told.set_result(answer)
