"""What a clerk does in the inbox of the desk bench: cards, repairs, many at once; and what it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from meters import percentile, rounded
from probes import PaintProbe, StallWatch
from qt_floor import floor, said

PATIENCE_S = 20.0
CARDS, DEEP = 40, 15
REPAIRS = 15
MANY = 300
PAUSE_S = 0.25
"""Between two cards that somebody reads; what comes next is laid out meanwhile."""


@dataclass
class InboxWork:
    """Works on the page that is in front. CPU times are those of the window's thread."""

    page: Any
    figures: dict[str, float | int | str] = field(default_factory=dict)
    limits: dict[str, float | int] = field(default_factory=dict)
    _said: list[list[str]] = field(default_factory=list)

    async def measure(self) -> dict[str, float | int | str]:
        """Read cards, repair some, then put 300 off at once and take it back."""
        self.figures["open_exceptions"] = dict(self.page._state.counts).get("group", 0)
        await self._cards()
        await self._deep()
        await self._floor()
        await self._repairs()
        await self._many()
        return self.figures

    async def _cards(self) -> None:
        """From a key to the whole next card, painted."""
        page, wall, cpu = self.page, [], []
        for i in range(CARDS):
            way = 1 if i % 20 < 15 else -1
            took = await self._until_card(lambda way=way: self.page.rows.step(way))  # type: ignore[misc]
            wall.append(took[0])
            cpu.append(took[1])
            self._said.append(said((page.card, page.evidence, page.bar)))
            await asyncio.sleep(PAUSE_S)
        self._put("card_ms", wall)
        self._put("card_cpu_ms", cpu)

    async def _deep(self) -> None:
        """The same at the far end of the list, and how long it takes to get there and back."""
        page, ends = self.page, []
        for way in (1, -1, 1, -1):
            if way < 0 and len(ends) == 1:
                await self._upwards()
            took = await self._until_card(lambda way=way: page.rows.ended.emit(way))  # type: ignore[misc]
            ends.append(took[0])
            await asyncio.sleep(2 * PAUSE_S)
        self._put("end_of_list_ms", ends)

    async def _upwards(self) -> None:
        wall, cpu = [], []
        for _ in range(DEEP):
            took = await self._until_card(lambda: self.page.rows.step(-1))
            wall.append(took[0])
            cpu.append(took[1])
            await asyncio.sleep(PAUSE_S)
        self._put("deep_card_ms", wall)
        self._put("deep_card_cpu_ms", cpu)

    async def _floor(self) -> None:
        """The same cards in plain labels."""
        self.limits |= await floor(self._said, lambda: asyncio.sleep(PAUSE_S))

    async def _repairs(self) -> None:
        """From a key that does something to the next card: put it off, each as it comes."""
        wall, cpu = [], []
        for _ in range(REPAIRS):
            await self._asked()
            took = await self._until_card(self._an_hour_later)
            wall.append(took[0])
            cpu.append(took[1])
            await asyncio.sleep(PAUSE_S)
        self._put("repair_to_card_ms", wall)
        self._put("repair_to_card_cpu_ms", cpu)

    async def _asked(self) -> None:
        page = self.page
        await _until(lambda: not page._wanted, "the card under the hand")
        await _until(
            lambda: not page.tasks.is_running(f"{page.code}/repair"), "the end of what was done last"
        )
        page._act("snooze")
        await _until(lambda: page._state.asking == "snooze", "the answers to H")
        await _until(lambda: not page.tasks.is_running(f"{page.code}/repair"), "the end of the question")

    def _an_hour_later(self) -> None:
        self.page._duty("snooze", later="hour")

    async def _many(self) -> None:
        page, rows = self.page, self.page.rows
        while len(page._state.rows) < MANY and page._state.has_more:
            rows.choose([page._state.rows[0].key])
            await page.presenter.further(1, keeps=True)
        rows.choose([row.key for row in page._state.rows[:MANY]])
        chosen = len(rows.chosen_keys())
        await self._asked()
        watch = StallWatch()
        watch.start()
        began_s = time.perf_counter()
        self._an_hour_later()
        await _until(lambda: page._state.progress is not None, "the first of many")
        await _until(lambda: page._state.progress is None, "the last of many")
        took_s = time.perf_counter() - began_s
        await asyncio.sleep(0.1)
        watch.stop()
        self.figures["bulk_rows"] = chosen
        self.figures["bulk_s"] = rounded(took_s, 2)
        self.figures["bulk_stall_ms"] = rounded(max(watch.delays_ms))
        rows.choose_none()

    async def _until_card(self, act: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds, and of CPU, until another card stands there, whole and painted."""
        was = self._here()
        probe = PaintProbe(self.page.card)
        done = probe.next(lambda: self._here() != was and bool(self.page._state.card.acts))
        began_s, cpu_s = time.perf_counter(), time.thread_time()
        act()
        ended_s = await asyncio.wait_for(done, PATIENCE_S)
        took = (ended_s - began_s) * 1e3, (time.thread_time() - cpu_s) * 1e3
        self.page.card.removeEventFilter(probe)
        return took

    def _here(self) -> str:
        card = self.page._state.card
        return card.row.key if card is not None else ""

    def _put(self, name: str, values: list[float]) -> None:
        self.figures[f"{name}_p50"] = rounded(percentile(values, 0.50), 2)
        self.figures[f"{name}_p95"] = rounded(percentile(values, 0.95), 2)


async def opened(go: Callable[[str], object], page: Any) -> tuple[float, float]:
    """Milliseconds, and of the window's CPU, until the inbox that was left stands there again."""
    go("today")
    await asyncio.sleep(0.5)
    probe = PaintProbe(page.rows.viewport())
    done: Awaitable[float] = probe.next(lambda: bool(page._state.rows))
    began_s, cpu_s = time.perf_counter(), time.thread_time()
    go("inbox")
    ended_s = await asyncio.wait_for(done, PATIENCE_S)
    page.rows.viewport().removeEventFilter(probe)
    return (ended_s - began_s) * 1e3, (time.thread_time() - cpu_s) * 1e3


async def _until(is_so: Callable[[], object], what: str) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > give_up_s:
            raise TimeoutError(f"waited in vain for {what}")
        await asyncio.sleep(0.002)
