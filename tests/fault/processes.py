"""The processes of a fault run: hubs and desks, started for real and killed for real."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any

import clerk
import hub_life
from proxy import DOOR

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
START_S = 90.0
TICK_S = 0.02
CRASHED = 137
"""The exit code of a hub that died at a crash point."""


class Stuck(AssertionError):
    """Something that had to happen did not, in the time it was given."""


def until(is_so: Callable[[], Any], what: str, within_s: float = START_S) -> None:
    """Wait for a fact of another process.

    Raises:
        Stuck: it did not come true.
    """
    end_s, pause = time.monotonic() + within_s, threading.Event()
    while not is_so():
        if time.monotonic() > end_s:
            raise Stuck(f"{what}: not within {within_s:.0f} s")
        pause.wait(TICK_S)


def environment(home: Path, key: str, **more: str) -> dict[str, str]:
    """Return what a child of ours is told: its own home, the key of the database, our tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCKET_")}
    path = os.pathsep.join((str(ROOT), str(HERE)))
    own = {"DOCKET_HOME": str(home), "DOCKET_HUB_KEY": key, "PYTHONPATH": path, "PYTHONUTF8": "1"}
    return {**kept, **own, **more}


@dataclass
class HubProcess:
    """One life of a hub. `crash` is a crash point with its chance, `bug` a bug of `bugs.py`.

    `outgoing`: what it tells the world of `abroad.py`; without it there is no such world, and no bug either.
    """

    database: str
    home: Path
    key: str
    crash: str = ""
    bug: str = ""
    outgoing: Path | None = None
    port: int = 0
    _process: ForkServerProcess | SpawnProcess | None = None
    _line: Connection | None = None
    _ear: threading.Thread | None = None

    def start(self) -> HubProcess:
        """Start it; `port` is known once it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        words = ["hub", "--database", self.database, "--listen", "127.0.0.1:0", "--child"]
        if self.outgoing:
            words += ["--outgoing", str(self.outgoing)]
        more = {"DOCKET_DOOR": DOOR, "DOCKET_CRASH_POINT": self.crash}
        told = environment(self.home, self.key, **more)
        context = nursery()
        self._line, theirs = context.Pipe()
        asked = (words, told, self.home / "hub.log", theirs, self.bug if self.outgoing else None)
        self._process = context.Process(target=hub_life.live, args=asked, daemon=True)
        self._process.start()
        theirs.close()
        self._ear = threading.Thread(target=self._listen, args=(self._line,), daemon=True)
        self._ear.start()
        return self

    def _listen(self, line: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while said := line.recv():
                if not self.port:
                    self.port = int(json.loads(said)["url"].rpartition(":")[2])

    @property
    def code(self) -> int | None:
        """Its exit code, None while it lives."""
        return self._process.exitcode if self._process else None

    def kill(self) -> None:
        """End it as the power company would."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def stop(self) -> None:
        """Ask it to finish what it does, and wait."""
        if self._line is not None:
            self._line.send("")
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.join(START_S)
        if self._ear is not None:
            self._ear.join()
        if self._line is not None:
            self._line.close()


@dataclass
class DeskProcess:
    """One life of a desk; its home outlives it."""

    home: Path
    url: str
    user: str
    seed: int
    hours: int = 0
    bug: str = ""
    _process: ForkServerProcess | SpawnProcess | None = None
    _line: Connection | None = None

    def start(self) -> DeskProcess:
        """Start it on its home."""
        self.home.mkdir(parents=True, exist_ok=True)
        context = nursery()
        self._line, theirs = context.Pipe()
        asked = (self.home, self.url, self.user, self.seed, self.hours, self.bug, theirs)
        self._process = context.Process(target=clerk.live, args=asked, daemon=True)
        self._process.start()
        theirs.close()
        return self

    def say(self, word: str) -> None:
        """Tell it what to do; a dead one does not hear."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.send(word)

    def ask(self, word: str) -> dict[str, Any]:
        """Tell it what to do and return what it says of it.

        Raises:
            Stuck: it died, or does not answer.
        """
        self.say(word)
        if self._line is not None and self._line.poll(START_S):
            with contextlib.suppress(EOFError, OSError):
                told: dict[str, Any] = self._line.recv()
                return told
        raise Stuck(f"{self.user} does not answer {word!r}, exit code {self.code}")

    def status(self) -> dict[str, Any]:
        """Return how far the desk has come."""
        return self.ask("status")

    @property
    def code(self) -> int | None:
        """Its exit code, None while it lives."""
        return self._process.exitcode if self._process else None

    @property
    def is_killed(self) -> bool:
        """It died of SIGKILL."""
        return self.code == -signal.SIGKILL

    def kill(self) -> None:
        """End it as the power company would."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._line is not None:
            self._line.close()


@cache
def nursery() -> ForkServerContext | SpawnContext:
    """Return where processes are born: forked from one with everything loaded, where that is possible."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(HERE), str(HERE.parent)))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "clerk", "hub_life", "killed", "requests", "argon2"])
    return context
