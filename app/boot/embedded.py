"""The hub of this PC: a child process on loopback behind a secret path, gone when the desk is gone."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

STOP_S = 5.0


class EmbeddedHub:
    """Starts the hub beside the desk. `url` is empty until it answers; the desk works meanwhile."""

    def __init__(self, database: str, *, demo: bool, log: Path, more: Sequence[str] = ()) -> None:
        self.url = ""
        self._log = log
        self._door = secrets.token_urlsafe(24)
        self._arguments = ["hub", "--database", database, "--listen", "127.0.0.1:0", "--child", *more]
        if demo:
            self._arguments.append("--demo")
        self._process: subprocess.Popen[str] | None = None

    def start(self, ready: Callable[[], None]) -> None:
        """Start the child; `ready` is called from another thread once it answers."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "DOCKET_DOOR": self._door},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        threading.Thread(target=self._listen, args=(ready,), name="hub-child", daemon=True).start()

    @property
    def is_running(self) -> bool:
        """The child lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The child's process id, 0 before it was started."""
        return self._process.pid if self._process is not None else 0

    def kill(self) -> None:
        """End the child as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.url = ""

    def stop(self) -> None:
        """Close the child's standard input and wait for it to finish its batch."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def _listen(self, ready: Callable[[], None]) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        line = process.stdout.readline()
        if line:
            self.url = f"{json.loads(line)['url']}/{self._door}"
            ready()
