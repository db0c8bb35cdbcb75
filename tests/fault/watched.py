"""A hub that dies under a clerk's hands, and what the clerk notices of it, in seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from clerk import Desk
from driver import Stage
from processes import until

from app.ports import Changes

LONG_POLL_S = 5.0
PULSE_S = 0.02
BETWEEN_S = 0.05
SOME = 5


class Watched(Desk):
    """A desk in this process, with the pauses of the real one; it notes what its sync line says."""

    def __init__(self, home: Path, url: str) -> None:
        home.mkdir()
        super().__init__(home, url, "lin", 1)
        self._loop._first_wait_s, self._loop._last_wait_s = 0.2, 30.0
        self.said: list[str] = []
        self._link._tell = self._note

    def _note(self, changes: Changes) -> None:
        if changes.sync:
            self.said.append(self._link._state)

    def is_idle(self) -> bool:
        """Everything is answered."""
        return bool(self.store.mark.epoch) and not self.store.waiting.count

    def close(self) -> None:
        """Let go of everything; the files stay."""
        self._loop.stop(LONG_POLL_S)
        self._lane.call(self.views.close)
        self._lane.call(self.store.close)
        self._lane.close()
        for paper in (self._promised, self.store.paper):
            paper._file.close()


@dataclass(slots=True)
class Pulse:
    """How much time a thread that only sleeps did not get: what the machine, not the program, was late by."""

    longest_s: float = 0.0
    total_s: float = 0.0


@contextmanager
def pulse() -> Iterator[Pulse]:
    """Feel how busy the machine is meanwhile."""
    felt, over = Pulse(), threading.Event()

    def beat() -> None:
        while True:
            began_s = time.monotonic()
            is_over = over.wait(PULSE_S)
            late_s = 0.0 if is_over else max(0.0, time.monotonic() - began_s - PULSE_S)
            felt.longest_s, felt.total_s = max(felt.longest_s, late_s), felt.total_s + late_s
            if is_over:
                return

    thread = threading.Thread(target=beat, name="pulse")
    thread.start()
    try:
        yield felt
    finally:
        over.set()
        thread.join()


@dataclass(slots=True)
class Noticed:
    """What one death came to. Units: seconds.

    `away_s` until a hub answered again, 0 where another stood by; `lag_s` from then on until everything was
    answered; `submits_s` what each act took; `said` what the line said; `pulse` how late the machine was.
    """

    away_s: float
    lag_s: float
    submits_s: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    pulse: Pulse = field(default_factory=Pulse)


def opened(on: Stage, home: Path) -> Watched:
    """Open a desk before the hubs of a stage; it has done something and everything is answered."""
    desk = Watched(home, on.proxy.url)
    on.wait_for_hubs()
    desk.open()
    until(desk.act, "there is something to do")
    until(desk.is_idle, "the first work is answered")
    return desk


def hub_dies(on: Stage, desk: Watched, place: int = 0) -> Noticed:
    """Kill a hub while a clerk works. The only one is started again; of two the other goes on alone."""
    done, took = threading.Event(), list[float]()

    def work() -> None:
        while not done.wait(BETWEEN_S):
            began_s = time.monotonic()
            if desk.act():
                took.append(time.monotonic() - began_s)

    clerk = threading.Thread(target=work, name="clerk")
    desk.said.clear()
    with pulse() as felt:
        clerk.start()
        on.hubs[place].kill()
        on.aim()
        gone_s = back_s = time.monotonic()
        if len(on.hubs) == 1:
            on.start_hub(place)
            on.wait_for_hubs()
            back_s = time.monotonic()
        else:
            before = len(took)
            until(lambda: len(took) >= before + SOME, "the clerk goes on")
        done.set()
        clerk.join()
        until(desk.is_idle, "everything is answered")
        level_s = time.monotonic()
    return Noticed(back_s - gone_s, level_s - back_s, took, list(desk.said), felt)
