"""Coroutines from signals: clicks once, refreshes latest, errors to the hook."""

from __future__ import annotations

import asyncio
import sys

import pytest

from widgets.aio import Tasks


@pytest.fixture
def tasks():
    return Tasks()


@pytest.fixture
def hooked(monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, _: caught.append((kind, str(error))))
    return caught


async def idle(tasks, name):
    for _ in range(20):
        await asyncio.sleep(0)
    assert not tasks.is_running(name)


def test_a_second_click_is_dropped(aio, tasks):
    done = []

    async def work():
        await asyncio.sleep(0)
        done.append("once")

    async def click_twice():
        started = tasks.once("save", work), tasks.once("save", work)
        await idle(tasks, "save")
        return started

    assert aio(click_twice()) == (True, False)
    assert done == ["once"]


def test_of_many_refreshes_during_one_only_the_newest_runs_again(aio, tasks):
    done = []

    def refresh(n):
        async def work():
            await asyncio.sleep(0)
            done.append(n)

        return work

    async def ask():
        for n in range(4):
            tasks.latest("list", refresh(n))
        await idle(tasks, "list")

    aio(ask())

    assert done == [0, 3]


def test_an_error_reaches_the_crash_hook_and_the_name_is_free_again(aio, tasks, hooked):
    async def broken():
        raise ValueError("no such order")

    async def run():
        tasks.once("save", broken)
        await idle(tasks, "save")
        return tasks.is_running("save")

    assert aio(run()) is False
    assert hooked == [(ValueError, "no such order")]


def test_spawn_runs_any_number_side_by_side(aio, tasks):
    done = []

    async def work(n):
        await asyncio.sleep(0)
        done.append(n)

    async def run():
        for n in range(3):
            tasks.spawn(work(n))
        for _ in range(20):
            await asyncio.sleep(0)

    aio(run())

    assert done == [0, 1, 2]


def test_cancel_all_waits_until_everything_has_stopped_and_starts_nothing(aio, tasks, hooked):
    ends = []

    async def endless():
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("stopped")

    async def run():
        tasks.once("pull", endless)
        tasks.latest("pull", endless)
        await asyncio.sleep(0)
        await tasks.cancel_all()
        return tasks.is_running("pull")

    assert aio(run()) is False
    assert (ends, hooked) == (["stopped"], [])
