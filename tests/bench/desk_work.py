"""What a person does at the open window of the desk bench, and what it took."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from inbox_work import InboxWork, opened
from meters import own_mb, percentile, rounded, rss_mb
from probes import PaintProbe, StallWatch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

from app.boot.demo_company import PASSWORD
from app.boot.station import Workstation, run

PATIENCE_S = 60.0
STEPS = 60
WHEELS = 60
WHEEL_NOTCH = 120
QUERIES = ("张伟", "杭州", "DK-1234", "四件套", "西湖", "王秀", "8204", "13812", "SF4711", "文三路 4")
JUMPS = 25
PAGES = 15
REOPENED = 8
WORTH_WORKING = 150
"""Exceptions in the list below which nobody measures how fast a clerk goes through them."""
PAUSE_S = 0.06
"""Between two keys of somebody who types fast."""


class Window:
    """One open desk and what was measured of it."""

    def __init__(self, station: Workstation, began_s: float) -> None:
        self.station = station
        self.figures: dict[str, float | int | str] = {}
        self.limits: dict[str, float | int] = {}
        self._began_s = began_s
        self._cpu_ms: list[float] = []

    async def measure(self, *, is_start_only: bool) -> None:
        station = self.station
        await station.desk.sign_in("lin", PASSWORD)
        self.figures["signed_in_ms"] = rounded((time.monotonic() - self._began_s) * 1e3)
        await self._until(lambda: self._page() == "today", "Today")
        station.shell.go("inbox")
        rows = await self._widget("inbox/rows", QAbstractItemView)
        await self._until(lambda: self._rows(rows) > 0, "the inbox's rows")
        await PaintProbeOnce(rows.viewport()).painted()
        self.figures["usable_ms"] = rounded((time.monotonic() - self._began_s) * 1e3)
        if not is_start_only:
            await self._work(rows)

    async def _work(self, inbox: QAbstractItemView) -> None:
        await asyncio.sleep(0.5)
        self.figures["inbox_rows"] = self._rows(inbox)
        self._put("key_to_paint_ms", await self._inbox_keys(inbox))
        self._put_cpu("key_cpu_ms_p50")
        page = self.station.shell.page
        reopened = [await opened(self.station.shell.go, page) for _ in range(REOPENED)]
        self._put("open_inbox_ms", [wall_ms for wall_ms, _ in reopened])
        self._put("open_inbox_cpu_ms", [cpu_ms for _, cpu_ms in reopened])
        if self.figures["inbox_rows"] > WORTH_WORKING:
            work = InboxWork(page)
            self.figures |= await work.measure()
            self.limits |= work.limits
        self.station.shell.go("orders")
        table = await self._widget("orders/table", QAbstractItemView)
        await self._until(lambda: self._rows(table) > 0, "the orders")
        await asyncio.sleep(0.5)
        self.figures["orders_rows"] = self._rows(table)
        self._put("scroll_ms", await self._scroll(table))
        self._put_cpu("scroll_cpu_ms_p50")
        self._put("page_ms", await self._pages(table))
        self._put("jump_to_rows_ms", await self._jump(table))
        typed, hits = await self._search(table)
        self._put("search_key_to_paint_ms", typed)
        self._put("search_key_to_hits_ms", hits)
        self._put_cpu("search_key_cpu_ms_p50")
        await self._storm()
        self.figures["rss_mb"] = rounded(rss_mb())
        self.figures["own_mb"] = rounded(own_mb())

    def _put_cpu(self, name: str) -> None:
        self.figures[name] = rounded(percentile(self._cpu_ms, 0.50), 2)
        self._cpu_ms.clear()

    def _put(self, name: str, values_ms: list[float]) -> None:
        self.figures[f"{name}_p50"] = rounded(percentile(values_ms, 0.50), 2)
        self.figures[f"{name}_p95"] = rounded(percentile(values_ms, 0.95), 2)

    # --- what a person does -----------------------------------------------------------------------

    async def _inbox_keys(self, inbox: QAbstractItemView) -> list[float]:
        inbox.setFocus()
        probe, took = PaintProbe(inbox.viewport()), []
        for i in range(STEPS):
            key = Qt.Key.Key_Down if i % 40 < 30 else Qt.Key.Key_Up
            took.append(await self._timed(probe, lambda key=key: QTest.keyClick(inbox, key)))
            await asyncio.sleep(PAUSE_S)
        return took

    async def _scroll(self, table: QAbstractItemView) -> list[float]:
        probe, took = PaintProbe(table.viewport()), []
        for _ in range(WHEELS):
            took.append(await self._timed(probe, lambda: _wheel(table.viewport())))
            await asyncio.sleep(0.02)
        return took

    async def _pages(self, table: QAbstractItemView) -> list[float]:
        table.setFocus()
        probe, took = PaintProbe(table.viewport()), []
        for _ in range(PAGES):
            took.append(await self._timed(probe, lambda: QTest.keyClick(table, Qt.Key.Key_PageDown)))
            await asyncio.sleep(0.05)
        self._cpu_ms.clear()
        return took

    async def _jump(self, table: QAbstractItemView) -> list[float]:
        """From letting go of the thumb anywhere to every row of that place on screen."""
        rng = random.Random(3)  # noqa: S311 - places to look at
        bar, model, took = table.verticalScrollBar(), table.model(), []
        probe = PaintProbe(table.viewport())

        def is_there() -> bool:
            return all(model.row(at) is not None for at in table.visible_rows())

        for _ in range(JUMPS):
            began_s = time.perf_counter()
            painted = probe.next(is_there)  # a paint that began when the rows were there
            to = rng.randrange(bar.maximum())
            bar.setValue(to + (to >= bar.value()))  # elsewhere: where one stands nothing is painted
            took.append((await asyncio.wait_for(painted, PATIENCE_S) - began_s) * 1e3)
            await asyncio.sleep(0.05)
        bar.setValue(0)
        await asyncio.sleep(0.2)
        return took

    async def _search(self, table: QAbstractItemView) -> tuple[list[float], list[float]]:
        field = await self._widget("orders/search", QWidget)
        line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
        if line is None:
            raise LookupError("no field to search in")
        line.setFocus()
        typed, hits, work, paints = [], [], [], 0
        keys, drawn = PaintProbe(line), HitsProbe(table)
        for query in QUERIES:
            worst, before = 0.0, drawn.paints
            for char in query:
                shown = drawn.next()
                began_s, cpu_s = time.perf_counter(), time.process_time()
                typed.append(await self._timed(keys, lambda char=char: _type(line, char)))
                hits.append((await asyncio.wait_for(shown, PATIENCE_S) - began_s) * 1e3)
                work.append((time.process_time() - cpu_s) * 1e3)
                worst = max(worst, hits[-1])
                await asyncio.sleep(PAUSE_S)
            sys.stderr.write(f"{query}: slowest key {worst:.1f} ms, {self._rows(table)} rows\n")
            paints += drawn.paints - before
            line.clear()
            await asyncio.sleep(0.3)
        self._put("search_key_to_hits_cpu_ms", work)
        self.figures["search_paints_per_key"] = rounded(paints / len(hits), 2)
        return typed, hits

    async def _storm(self) -> None:
        """Let thousands of changes come in while somebody scrolls."""
        watch = StallWatch()
        watch.start()
        began_s = time.monotonic()
        say("storm")
        head = int(await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline))
        store = self.station.store
        await self._until(lambda: store.mark.cursor >= head, "the changes")
        await asyncio.sleep(0.2)
        watch.stop()
        self.figures["storm_s"] = rounded(time.monotonic() - began_s, 2)
        self.figures["longest_stall_ms"] = rounded(max(watch.delays_ms))
        self.figures["loop_delay_ms_p95"] = rounded(percentile(watch.delays_ms, 0.95))
        self.figures["stalls_over_50_ms"] = sum(delay > 50 for delay in watch.delays_ms)
        sys.stderr.write(watch.worst_stack)

    async def _timed(self, probe: PaintProbe, act: Callable[[], object]) -> float:
        """Milliseconds from the input until the widget has painted; the thread's CPU time is kept beside."""
        done = probe.next()
        began_s, cpu_s = time.perf_counter(), time.thread_time()
        act()
        try:
            took_ms = (await asyncio.wait_for(done, 2.0) - began_s) * 1e3
        except TimeoutError:
            took_ms = 2_000.0
        self._cpu_ms.append((time.thread_time() - cpu_s) * 1e3)
        return took_ms

    # --- looking ----------------------------------------------------------------------------------

    def _page(self) -> str:
        page = self.station.shell.page
        return page.code if page is not None else ""

    @staticmethod
    def _rows(view: QAbstractItemView) -> int:
        model = view.model()
        return model.rowCount() if model is not None else 0

    async def _widget(self, name: str, kind: type[Any]) -> Any:
        await self._until(lambda: self.station.shell.findChild(kind, name) is not None, name)
        return self.station.shell.findChild(kind, name)

    @staticmethod
    async def _until(is_so: Callable[[], object], what: str) -> None:
        give_up_s = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > give_up_s:
                raise TimeoutError(f"waited in vain for {what}")
            await asyncio.sleep(0.002)


class HitsProbe:
    """Tells when the hits of a search have been painted, after the model has taken them."""

    def __init__(self, table: QAbstractItemView) -> None:
        self._paint, self._model = PaintProbe(table.viewport()), table.model()
        self._is_taken = False
        table.model().modelReset.connect(self._take)

    @property
    def paints(self) -> int:
        """How often the table has been painted."""
        return self._paint.paints

    def _take(self) -> None:
        self._is_taken = True
        if not self._model.rowCount():  # no hit: the table gives way to a sentence
            self._paint.tell_soon()

    def next(self) -> asyncio.Future[float]:
        """The moment the hits of the next key are on screen."""
        self._is_taken = False
        return self._paint.next(lambda: self._is_taken)


class PaintProbeOnce:
    """Asks a widget to paint and waits for it."""

    def __init__(self, widget: QWidget) -> None:
        self._widget, self._probe = widget, PaintProbe(widget)

    async def painted(self) -> None:
        done = self._probe.next()
        self._widget.update()
        await asyncio.wait_for(done, PATIENCE_S)


def _type(line: QLineEdit, char: str) -> None:
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(line, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char))


def _wheel(viewport: QWidget) -> None:
    at = QPointF(viewport.rect().center())
    glob = QPointF(viewport.mapToGlobal(viewport.rect().center()))
    event = QWheelEvent(
        at, glob, QPoint(), QPoint(0, -WHEEL_NOTCH), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def say(what: Any) -> None:
    """One line of JSON to whoever started this process."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def live(station: Workstation, began_s: float, *, is_start_only: bool) -> dict[str, Any]:
    """Run the desk as ever, with the measuring beside it."""
    window = Window(station, began_s)
    living = asyncio.ensure_future(run(station))
    await asyncio.sleep(0)
    work: Awaitable[None] = window.measure(is_start_only=is_start_only)
    try:
        await work
    finally:
        station.shell.close()
        await living
    return {**window.figures, "limits": window.limits}
