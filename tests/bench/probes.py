"""Probes inside the window's process: how late the event loop is, and when a widget has painted.

Source: qt.md, StallWatch and PaintProbe.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

TICK_S = 0.01
STALL_S = 0.05
FRAMES = 4


class StallWatch:
    """A heartbeat in the window's thread; another thread looks where it stands when a beat is late."""

    def __init__(self) -> None:
        self.delays_ms: list[float] = []
        self.worst_stack = ""
        self._worst_ms = 0.0
        self._window = threading.get_ident()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last_s = time.perf_counter()
        self._stack = ""
        self._is_running = True
        self._thread = threading.Thread(target=self._look, name="stall-watch", daemon=True)

    def start(self) -> None:
        self._last_s = time.perf_counter()
        self._timer.start(int(TICK_S * 1000))
        self._thread.start()

    def stop(self) -> None:
        self._is_running = False
        self._timer.stop()
        self._thread.join()

    def _beat(self) -> None:
        now_s = time.perf_counter()
        late_ms = max(0.0, (now_s - self._last_s - TICK_S) * 1e3)
        self._last_s = now_s
        self.delays_ms.append(late_ms)
        if late_ms > self._worst_ms:
            self._worst_ms, self.worst_stack = late_ms, self._stack or "(C code held the interpreter)"
        self._stack = ""

    def _look(self) -> None:
        while self._is_running:
            time.sleep(TICK_S)
            if not self._stack and time.perf_counter() - self._last_s > STALL_S:
                frame = sys._current_frames().get(self._window)
                self._stack = "".join(traceback.format_stack(frame)[-FRAMES:]) if frame else ""


def _any() -> bool:
    return True


class PaintProbe(QObject):
    """Tells when a widget has painted, seen from the event loop just after it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._waiting: asyncio.Future[float] | None = None
        self._is_it: Callable[[], bool] = _any
        self.paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.paints += 1
            if self._is_it():
                self.tell_soon()
        return False

    def tell_soon(self) -> None:
        """What is waited for is on screen as soon as Qt has done what it does now."""
        if self._waiting is not None:
            QTimer.singleShot(0, partial(_tell, self._waiting))

    def next(self, is_it: Callable[[], bool] = _any) -> asyncio.Future[float]:
        """The moment the next paint is over that began when `is_it` was so."""
        self._waiting, self._is_it = asyncio.get_running_loop().create_future(), is_it
        return self._waiting


def _tell(waiting: asyncio.Future[float]) -> None:
    if not waiting.done():
        waiting.set_result(time.perf_counter())
