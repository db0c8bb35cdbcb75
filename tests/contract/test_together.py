"""Many who ask at once are answered together, each their own; the newest numbers are read once for all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hub_world import ALL, FEED, SEAL, HubWorld, bought

from app.commands.hold import Hold
from app.domain.scopes import Reach
from sync.hub.database import reading
from sync.hub.pages import Ask, Pages
from sync.hub.tail import KEPT_S, NUMBERS, Tail
from sync.hub.together import Together
from sync.wire import Change


@pytest.fixture
def hub(database_url: str):
    world = HubWorld(database_url)
    yield world
    world.close()


def test_who_asks_while_others_are_answered_shares_the_next_round():
    rounds: list[list[int]] = []
    has_begun, may_go_on = threading.Event(), threading.Event()

    def answer(asked: Sequence[int]) -> list[int]:
        rounds.append(list(asked))
        has_begun.set()
        may_go_on.wait(10)
        return [one * 2 for one in asked]

    async def scene() -> list[int]:
        with ThreadPoolExecutor(1) as threads:
            together = Together(answer, threads)
            first = asyncio.create_task(together.ask(1))
            await asyncio.to_thread(has_begun.wait, 10)
            later = [asyncio.create_task(together.ask(n)) for n in (2, 3, 4)]
            await asyncio.sleep(0)
            may_go_on.set()
            return [await task for task in (first, *later)]

    assert asyncio.run(scene()) == [2, 4, 6, 8]
    assert rounds == [[1], [2, 3, 4]]


def test_a_fault_is_told_to_all_of_its_round_and_to_nobody_after_it():
    def answer(asked: Sequence[int]) -> list[int]:
        if 1 in asked:
            raise OSError("away")
        return list(asked)

    async def scene() -> int:
        with ThreadPoolExecutor(1) as threads:
            together = Together(answer, threads)
            told = await asyncio.gather(together.ask(1), together.ask(2), return_exceptions=True)
            assert [type(one) for one in told] == [OSError, OSError]
            return await together.ask(3)

    assert asyncio.run(scene()) == 3


def test_who_no_longer_waits_for_an_answer_holds_nobody_up():
    async def scene() -> int:
        with ThreadPoolExecutor(1) as threads:
            together = Together(list, threads)
            gone = asyncio.create_task(together.ask(1))
            await asyncio.sleep(0)
            gone.cancel()
            return await together.ask(2)

    assert asyncio.run(scene()) == 2


def test_a_page_out_of_memory_is_the_page_out_of_the_tables(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    hub.channel.must(*(bought(f"o{n}") for n in range(4)))
    desk = hub.desk()
    for n in range(4):
        desk.must(Hold(order=f"o{n}", reason="later"))
    head, masked = hub.head(), Reach(masked=True, shops=("TM1",))
    asked = [
        Ask("desk-clerk", cursor, limit, reach)
        for cursor in range(head + 1)
        for limit in (1, 3, 500)
        for reach in (ALL, masked)
    ]
    near = read(Pages(hub.engine, FEED, SEAL), hub, asked)
    monkeypatch.setattr(Tail, "after", lambda *_: None)

    assert near == read(Pages(hub.engine, FEED, SEAL), hub, asked)


def read(pages: Pages, hub: HubWorld, asked: Sequence[Ask]) -> list[bytes]:
    """Every page of some questions as it travels, asked for one after another."""
    told = []
    for ask in asked:
        page, _floor = pages.read(ask.replica_id, ask.cursor, ask.limit, ask.reach)
        told.append(msgspec.json.encode(pages.opened(page, ask.limit, ask.reach, hub.clock())))
    return told


def test_what_is_remembered_is_forgotten_after_seconds(hub: HubWorld):
    now_s = 0.0
    tail = Tail(FEED, lambda: now_s)
    hub.channel.must(bought("o1"))
    hub.channel.must(bought("o2"))
    head = hub.head()
    with reading(hub.engine) as db:
        assert numbers(tail, db, hub, 0, head) == list(range(1, head + 1))
        opened: list[int] = []

        def open_(rows: Sequence[Change]) -> list[Change]:
            opened.extend(row.seq for row in rows)
            return list(rows)

        rows = [row for one in tail.after(db, epoch(hub), head - 1, head) or () for row in one.rows]
        assert tail.opened(rows, open_, masked=False) == tail.opened(rows, open_, masked=False) == rows
        assert set(opened) == {head}
        assert len(opened) == len(rows)
        now_s = KEPT_S + 1
        assert numbers(tail, db, hub, head, head) == []
        tail.opened(rows, open_, masked=False)
        assert len(opened) == 2 * len(rows)


def test_who_is_far_behind_reads_the_tables(hub: HubWorld):
    with reading(hub.engine) as db:
        assert Tail(FEED).after(db, epoch(hub), 0, NUMBERS + 1) is None


def epoch(hub: HubWorld) -> str:
    return Pages(hub.engine, FEED, SEAL).read("nobody", 0, 1, ALL)[0].epoch


def numbers(tail: Tail, db: object, hub: HubWorld, cursor: int, head: int) -> list[int]:
    found = tail.after(db, epoch(hub), cursor, head)  # type: ignore[arg-type]
    assert found is not None
    return [one.seq for one in found]
