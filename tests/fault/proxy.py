"""A bad line between desks and hub: one HTTP exchange a connection, each met by a fault or by none.

Faults: `dropped` (the hub never sees it), `cut_before` (half of it arrives), `late` (held up), `twice` (the
hub gets it twice, the desk the second reply), `echo` (it arrives once more later, behind newer ones), `lost`
(the hub answered, the reply is gone), `torn` (half of the reply arrives).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

FAULTS = ("dropped", "cut_before", "late", "twice", "echo", "lost", "torn")
MANY = (*FAULTS, "lost", "torn", "twice", "echo", "lost", "twice")
"""As dice throw them: most of what happens after the hub has answered."""
PUSH = "/v1/push"
LATE_S = 0.3
ECHO_S = 1.0
CONNECT_S = 2.0
WHOLE_S = 10.0
DOOR = "fault"
"""The first part of every path: a hub behind a door lets its desks in by itself."""

Choose = Callable[[str], str]
"""Names the fault a request to this path meets; empty: none."""


def no_fault(_path: str) -> str:
    """Let everything through."""
    return ""


def by_dice(rng: random.Random, share: float, faults: Sequence[str] = MANY) -> Choose:
    """Let a share of requests meet a fault; pushes are what matters, so they meet it four times as often."""

    def choose(path: str) -> str:
        chance = share if PUSH in path else share / 4
        return rng.choice(faults) if rng.random() < chance else ""

    return choose


def once(fault: str, path: str = PUSH) -> Choose:
    """Let the next request to `path` meet a fault, and nothing after it."""
    left: Iterator[str] = iter((fault,))
    return lambda asked: next(left, "") if path in asked else ""


@dataclass(frozen=True, slots=True)
class _Request:
    path: str
    whole: bytes


class Proxy:
    """Listens on loopback in a thread of its own. `targets` may change at any time: hubs come and go."""

    def __init__(self) -> None:
        self.targets: tuple[int, ...] = ()
        self.choose: Choose = no_fault
        self.met: Counter[str] = Counter()
        """Faults that really happened to a push that carried commands."""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._port = 0
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where desks find the hub."""
        return f"http://127.0.0.1:{self._port}/{DOOR}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._keep(task)
        try:
            async with asyncio.timeout(WHOLE_S):
                request = await _read_request(reader)
                reply = await self._exchange(request, self.choose(request.path))
                writer.write(reply)
                await writer.drain()
        except (OSError, EOFError, TimeoutError):
            pass  # a line that breaks is what this is for
        finally:
            writer.close()

    def _keep(self, task: asyncio.Task[None]) -> None:
        """Hold a task until it is done; the loop itself lets go of tasks."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _exchange(self, request: _Request, fault: str) -> bytes:
        """Carry one request over and one reply back; empty: the desk hears nothing."""
        if fault == "dropped":
            return self._note(request, fault, b"")
        if fault == "cut_before":
            await self._carry(request.whole[: len(request.whole) // 2], is_cut=True)
            return self._note(request, fault, b"")
        if fault == "late":
            await self._held(LATE_S)
        reply = await self._carry(request.whole)
        if not _is_good(reply):
            return reply
        if fault == "twice":
            reply = await self._carry(request.whole)
        elif fault == "echo":
            self._keep(self._loop.create_task(self._echo(request)))
        elif fault == "lost":
            return self._note(request, fault, b"")
        elif fault == "torn":
            return self._note(request, fault, reply[: len(reply) // 2])
        return self._note(request, fault, reply) if fault else reply

    def _note(self, request: _Request, fault: str, reply: bytes) -> bytes:
        if PUSH in request.path:
            self.met[fault] += 1
        return reply

    async def _held(self, wait_s: float) -> None:
        """Hold something up: the fault itself, nobody waits for its end."""
        over = self._loop.create_future()
        self._loop.call_later(wait_s, over.set_result, None)
        await over

    async def _echo(self, request: _Request) -> None:
        await self._held(ECHO_S)
        with contextlib.suppress(OSError, EOFError, TimeoutError):
            await self._carry(request.whole)

    async def _carry(self, whole: bytes, *, is_cut: bool = False) -> bytes:
        targets = self.targets
        if not targets:
            raise ConnectionRefusedError("no hub is up")
        self._turn += 1
        port = targets[self._turn % len(targets)]
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(whole)
            await writer.drain()
            return b"" if is_cut else await reader.read()
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> _Request:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    kept = [line for line in lines if line and not line.lower().startswith("connection:")]
    length = next((int(ln.partition(":")[2]) for ln in kept if ln.lower().startswith("content-length:")), 0)
    body = await reader.readexactly(length)
    whole = "\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1") + body
    return _Request(first.split(" ")[1], whole)


def _is_good(reply: bytes) -> bool:
    return reply[9:12] == b"200"
