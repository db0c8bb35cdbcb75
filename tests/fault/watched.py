"""A hub that dies under a clerk's hands, and what the clerk notices of it, in seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from clerk import Desk
from driver import Stage
from processes import until

from app.ports import Changes

LONG_POLL_S = 5.0
BEAT_S = 0.05
BETWEEN_S = 0.05
SOME = 5


class Watched(Desk):
    """A desk in this process, with the pauses of the real one; it notes what its sync line says.

    Its line is judged by a fair clock.
    """

    def __init__(self, home: Path, url: str) -> None:
        home.mkdir()
        super().__init__(home, url, "lin", 1)
        self.clock = self._link._tick = FairClock()
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
        self.clock.close()
        for paper in (self._promised, self.store.paper):
            paper._file.close()


class FairClock:
    """Stands still while a thread of ours wants to run and is not let: the time it shows is ours alone.

    The kernel says how long each thread stood in line; where it does not, what a thread that only sleeps is
    late by is taken for it. So a limit holds on a machine with much else to do, and still bites there.
    """

    def __init__(self) -> None:
        self.late_s = 0.0
        """What the machine withheld so far."""
        self._now_s = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fair clock", daemon=True)
        self._thread.start()

    def __call__(self) -> float:
        """Return the time. Units: seconds."""
        return self._now_s

    def close(self) -> None:
        """Stop it."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        at_s, stood_s = time.monotonic(), _stood_in_line_s()
        while not self._over.wait(BEAT_S):
            now_s, now_stood_s = time.monotonic(), _stood_in_line_s()
            late_s = sum(max(0.0, had_s - stood_s.get(one, 0.0)) for one, had_s in now_stood_s.items())
            passed_s = now_s - at_s
            late_s = min(passed_s, late_s if now_stood_s else max(0.0, passed_s - BEAT_S))
            self.late_s += late_s
            self._now_s += passed_s - late_s
            at_s, stood_s = now_s, now_stood_s


def _stood_in_line_s() -> dict[Path, float]:
    """Return for how long each thread of this process and its children wanted to run and was not let.

    Source: Linux, Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat.
    """
    found: dict[Path, float] = {}
    for process in (Path("/proc/self"), *_children()):
        for thread in process.glob("task/*/schedstat"):
            with suppress(OSError):  # it has ended meanwhile
                found[thread] = int(thread.read_text().split()[1]) / 1e9
    return found


def _children() -> Iterator[Path]:
    for thread in Path("/proc/self").glob("task/*/children"):
        with suppress(OSError):
            yield from (Path("/proc") / child for child in thread.read_text().split())


@dataclass(slots=True)
class Noticed:
    """What one death came to. Units: seconds.

    `away_s` until a hub answered again, 0 where another stood by; `lag_s` from then on until everything was
    answered; `submits_s` what each act took; `late_s` what the machine withheld, which counts in none of
    them; `said` what the line said.
    """

    away_s: float
    lag_s: float
    submits_s: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    late_s: float = 0.0


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
    done, took, clock = threading.Event(), list[float](), desk.clock

    def work() -> None:
        while not done.wait(BETWEEN_S):
            began_s = clock()
            if desk.act():
                took.append(clock() - began_s)

    clerk = threading.Thread(target=work, name="clerk")
    desk.said.clear()
    late_s = clock.late_s
    clerk.start()
    on.hubs[place].kill()
    on.aim()
    gone_s = back_s = clock()
    if len(on.hubs) == 1:
        on.start_hub(place)
        on.wait_for_hubs()
        back_s = clock()
    else:
        before = len(took)
        until(lambda: len(took) >= before + SOME, "the clerk goes on")
    done.set()
    clerk.join()
    until(desk.is_idle, "everything is answered")
    lag_s = clock() - back_s
    return Noticed(back_s - gone_s, lag_s, took, list(desk.said), clock.late_s - late_s)
