"""A lane on which chosen answers come late: what was asked after them may be answered before."""

from __future__ import annotations

import asyncio
from collections import defaultdict

TURNS = 200
"""Turns of the loop in which everything that waits for no late answer has come to rest."""


class LateLane:
    """Does its work when it is asked; an answer that is `held` is handed out when its event is set."""

    def __init__(self) -> None:
        self._held: defaultdict[str, list[asyncio.Event]] = defaultdict(list)

    def hold(self, name: str) -> asyncio.Event:
        """Hold the next answer of this name back until the event is set."""
        event = asyncio.Event()
        self._held[name].append(event)
        return event

    async def run(self, work, *args, **kwargs):
        answer = work(*args, **kwargs)
        await asyncio.sleep(0)
        if waiting := self._held[work.__name__]:
            await waiting.pop(0).wait()
        return answer


async def rest() -> None:
    """Let everything go on that waits for no late answer."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def play(script) -> None:
    """Run one scene to its end."""
    asyncio.run(asyncio.wait_for(script(), 10))
