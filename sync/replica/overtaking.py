"""A long question gives way to a newer one: broken off from another thread, and nothing else with it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.text import N_, Text
from app.trouble import Trouble
from sync.replica.sealed import faults


class Overtaking:
    """Knows whether a question that may be broken off runs just now."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._running: sqlite3.Connection | None = None

    def interrupt(self) -> None:
        """Break off the question that runs; from any thread. One that may not be broken off goes on."""
        with self._guard:
            if self._running is not None:
                self._running.interrupt()

    @contextmanager
    def asking(self, db: sqlite3.Connection) -> Iterator[None]:
        """Let what is asked of `db` here be broken off.

        Raises:
            Trouble: `superseded`.
        """
        with self._guard:
            self._running = db
        try:
            yield
        except faults() as error:
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                raise
            raise Trouble("superseded", Text(N_("A newer question took its place.")), retry=True) from error
        finally:
            with self._guard:
                self._running = None
