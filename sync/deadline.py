"""No question outlives its deadline, however slowly its answer drips: one thread cuts the line under it.

A read timeout begins anew with every byte; a hub, or a proxy before it, that sends one now and then would
hold a lane for ever. Source: sync.md section 6, anti-stall watchdog.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LOOK_S = 0.25


class Deadline:
    """The questions under way and the sockets they use; made for one session, used by one lane."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._until_s: float | None = None
        self._is_over = False

    def opened(self, line: socket.socket) -> None:
        """Note a new connection; closed ones are forgotten."""
        self._sockets = [known for known in self._sockets if known.fileno() >= 0]
        self._sockets.append(line)

    @contextmanager
    def within(self, wait_s: float) -> Iterator[None]:
        """Cut every connection of this session if what is inside takes longer.

        Raises:
            TimeoutError: it did, and the line was cut.
        """
        self._until_s, self._is_over = time.monotonic() + wait_s, False
        _watch.add(self)
        try:
            yield
        except Exception as error:
            if self._is_over:
                raise TimeoutError from error
            raise
        finally:
            _watch.drop(self)
            self._until_s = None
        if self._is_over:
            raise TimeoutError

    def end(self) -> None:
        """Nobody waits for the answer any more: the next look cuts the line."""
        if self._until_s is not None:
            self._until_s = 0.0

    def look(self, now_s: float) -> None:
        """Cut the line when its time is up; called by the watching thread."""
        if self._until_s is None or now_s < self._until_s:
            return
        self._is_over = True
        for line in list(self._sockets):
            # The plain socket's own shutdown: that of TLS would pull the floor away under the reading thread.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def adapter(self) -> HTTPAdapter:
        """Return what a session of `requests` must be mounted with."""
        return _Adapter(self)


class _Watch:
    """One thread for every session of this process; it sleeps while nothing is asked."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._asked: set[Deadline] = set()
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline) -> None:
        with self._news:
            self._asked.add(deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif len(self._asked) == 1:
                self._news.notify_all()

    def drop(self, deadline: Deadline) -> None:
        with self._news:
            self._asked.discard(deadline)

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._asked:
                    self._news.wait()
                asked = tuple(self._asked)
            now_s = time.monotonic()
            for deadline in asked:
                deadline.look(now_s)
            time.sleep(LOOK_S)


_watch = _Watch()


class _Adapter(HTTPAdapter):
    """Makes connections that tell their deadline which socket they use, straight or through a proxy."""

    def __init__(self, deadline: Deadline) -> None:
        self._pools = _pools(deadline)
        super().__init__()

    @override
    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools

    @override
    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **more)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools(deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        @override
        def connect(self) -> None:
            super().connect()
            deadline.opened(self.sock)

    class Sealed(HTTPSConnection):
        @override
        def connect(self) -> None:
            super().connect()
            deadline.opened(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SealedPool(HTTPSConnectionPool):
        ConnectionCls = Sealed

    return {"http": PlainPool, "https": SealedPool}
