"""The hub of this PC: a child process on loopback behind a secret path, gone when the desk is gone.

A child that ends by itself is started again at once; one that ends again and again is left to rest for longer
each time, and whoever works here is told what to do. The desk goes on meanwhile, as without any hub.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.boot.places import demo_database
from app.text import N_, Text
from app.trouble import Trouble

STOP_S = 5.0
LONG_LIFE_S = 60.0
"""Whoever lived so long ended for a reason of its own: the next life begins at once."""
RESTS_S = (0.0, 0.5, 2.0, 10.0, 30.0)
"""How long a hub rests that has just ended for the first, second … time in a row."""
TOLD_AFTER = 3
KEEPS_ENDING: Final = N_(
    "The hub of this PC stops again and again; your work is kept here. "
    "Free some disk space, then run “docket doctor” and show hub.log to your administrator."
)

log = logging.getLogger(__name__)


def demo_hub(home: Path, more: Sequence[str]) -> EmbeddedHub:
    """Return the hub of the made-up company beside the desk in `home`."""
    return EmbeddedHub(demo_database(), demo=True, log=home / "log" / "hub.log", more=more)


class EmbeddedHub:
    """Starts the hub beside the desk. `url` is empty until it answers; the desk works meanwhile.

    `on_note` hears what people must know, from another thread.
    """

    def __init__(
        self,
        database: str,
        *,
        demo: bool,
        log: Path,
        more: Sequence[str] = (),
        program: Sequence[str] = (sys.executable, "-m", "app"),
    ) -> None:
        self.url = ""
        self.note: Text | None = None
        self.on_note: Callable[[Text], None] = lambda _note: None
        self._log = log
        self._door = secrets.token_urlsafe(24)
        self._command = [*program, "hub", "--database", database, "--listen", "127.0.0.1:0", "--child", *more]
        if demo:
            self._command.append("--demo")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._unwanted = threading.Event()
        self._ends = 0
        """How often in a row it ended after a short life."""

    def start(self, ready: Callable[[], None]) -> None:
        """Start the child, and again whenever it ends; another thread calls `ready` once it answers."""
        self._unwanted = threading.Event()
        self._ends = 0
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._begin_life(ready, self._unwanted)

    def address(self) -> str:
        """Return where it answers, nothing while it starts.

        Raises:
            Trouble: hub_starting: it has ended too often to be expected soon.
        """
        if not self.url and self.note is not None:
            raise Trouble("hub_starting", self.note, retry=True)
        return self.url

    @property
    def is_running(self) -> bool:
        """The child lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The child's process id, 0 before it was started."""
        return self._process.pid if self._process is not None else 0

    def kill(self) -> None:
        """End the child as a power cut would; it stays away until it is started again."""
        process = self._let_go()
        if process is not None:
            process.kill()
            process.wait()
            self.url = ""

    def stop(self) -> None:
        """Close the child's standard input and wait for it to finish its batch."""
        process = self._let_go()
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _let_go(self) -> subprocess.Popen[str] | None:
        with self._lock:  # nobody begins another life meanwhile
            self._unwanted.set()
            return self._process

    def _begin_life(self, ready: Callable[[], None], unwanted: threading.Event) -> None:
        with self._lock:
            if unwanted.is_set():
                return
            with self._log.open("ab") as file:
                process = self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=file,
                    text=True,
                    env={**os.environ, "DOCKET_DOOR": self._door},
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
        life = (process, ready, unwanted)
        threading.Thread(target=self._follow, args=life, name="hub-child", daemon=True).start()

    def _follow(
        self, process: subprocess.Popen[str], ready: Callable[[], None], unwanted: threading.Event
    ) -> None:
        """Hear where one life answers, wait for its end, and begin the next."""
        began_s = time.monotonic()
        if process.stdin is None or process.stdout is None:
            return
        with process.stdin, process.stdout as said:
            line = said.readline()
            if line and not unwanted.is_set():
                self.url = f"{json.loads(line)['url']}/{self._door}"
                self.note = None
                ready()
            code = process.wait()
        if unwanted.is_set():
            return
        self.url = ""
        self._ends = 1 if time.monotonic() - began_s > LONG_LIFE_S else self._ends + 1
        rest_s = RESTS_S[min(self._ends, len(RESTS_S)) - 1]
        log.warning("the hub of this PC ended with %s, the %d. time in a row", code, self._ends)
        if self._ends >= TOLD_AFTER:
            self.note = Text(KEEPS_ENDING)
            self.on_note(self.note)
        if not unwanted.wait(rest_s):
            self._begin_again(ready, unwanted)

    def _begin_again(self, ready: Callable[[], None], unwanted: threading.Event) -> None:
        """Begin the next life; where not even a process can be made, try until one can."""
        while not unwanted.is_set():
            try:
                self._begin_life(ready, unwanted)
            except OSError as fault:
                log.warning("no process for the hub of this PC: %s", fault.strerror)
                unwanted.wait(RESTS_S[-1])
            else:
                return
