"""Waiting for news: told at once after a silence, together when much comes, never missed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sync.hub.watch import SPACING_S, Watch


async def _unmoved() -> int:
    return 0


async def _told(watch: Watch) -> int:
    await watch.wait(watch.next(), 60.0)
    return watch.told


def _play(scene: Callable[[Watch], Awaitable[None]], look: Callable[[], Awaitable[int]] = _unmoved) -> None:
    async def play() -> None:
        await scene(Watch(look))

    asyncio.run(play())


def test_after_a_silence_news_is_told_at_once_and_what_follows_closely_is_told_together():
    async def scene(watch: Watch) -> None:
        now_s = asyncio.get_running_loop().time
        watch.ring(1)
        assert await _told(watch) == 1
        told_s = now_s()
        watch.ring(2)
        watch.ring(3)
        assert await _told(watch) == 3
        assert now_s() - told_s > SPACING_S / 2

    _play(scene)


def test_a_head_that_is_heard_late_does_not_turn_the_news_back():
    async def scene(watch: Watch) -> None:
        watch.ring(7)
        assert await _told(watch) == 7
        watch.ring(5)
        watch.ring(8)
        assert await _told(watch) == 8

    _play(scene)


def test_what_another_hub_committed_is_found_by_looking():
    async def scene(watch: Watch) -> None:
        assert await _told(watch) == 9

    _play(scene, lambda: asyncio.sleep(0, 9))
