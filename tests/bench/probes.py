"""Probes inside the window's process: how late the event loop is, and when a widget has painted.

Source: qt.md, StallWatch and PaintProbe.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback

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


class PaintProbe(QObject):
    """Tells when a widget has painted, seen from the event loop just after it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._waiting: asyncio.Future[float] | None = None
        self.paints = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.paints += 1
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(time.perf_counter())

    def next(self) -> asyncio.Future[float]:
        """The moment the next paint is over."""
        self._waiting = asyncio.get_running_loop().create_future()
        return self._waiting
