"""Waiting for news: told at once after a silence, together when much comes, never missed."""

from __future__ import annotations

import asyncio
import contextlib

from sync.hub.watch import SPACING_S, Watch


async def _unmoved() -> int:
    return 0


def _woken_by(heads: list[int], pause_s: float) -> list[int]:
    """Let one pull wait again and again while heads come; return what was told each time it woke."""
    woken: list[int] = []

    async def scene() -> None:
        watch = Watch(_unmoved)

        async def wait_on() -> None:
            while True:
                await watch.wait(watch.next(), 60.0)
                woken.append(watch.told)

        waiter = asyncio.create_task(wait_on())
        await asyncio.sleep(0)
        for head in heads:
            watch.ring(head)
            await asyncio.sleep(pause_s)
        await asyncio.sleep(3 * SPACING_S)
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter

    asyncio.run(scene())
    return woken


def test_the_first_news_after_a_silence_is_told_alone_and_what_follows_it_closely_together():
    assert _woken_by([1, 2, 3, 4, 5], pause_s=0.001) == [1, 5]


def test_every_head_is_told_when_they_come_one_by_one():
    assert _woken_by([1, 2, 3], pause_s=1.5 * SPACING_S) == [1, 2, 3]


def test_a_head_that_came_late_does_not_turn_the_news_back():
    assert _woken_by([7, 5], pause_s=0.001) == [7]


def test_what_another_hub_committed_is_found_by_looking():
    async def scene() -> int:
        watch = Watch(lambda: asyncio.sleep(0, 9))
        await watch.wait(watch.next(), 5.0)
        return watch.told

    assert asyncio.run(scene()) == 9
