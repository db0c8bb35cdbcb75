"""A TCP line per desk that can be cut, without rights of its own: one listening port each, bytes go through.

`held`: nothing gets through that way until it heals, then everything does, as TCP sends again.
`swallowed`: what is sent meanwhile is gone for ever, and the connections it was on stay open and silent.
`truncated`: each connection breaks in the middle of what comes next.

Source: sync.md section 16, item 4.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

WAYS = ("out", "in", "both")
MODES = ("held", "swallowed", "truncated")
CHUNK = 4_096


@dataclass(eq=False)
class _Gate:
    """One desk's line. `mode` is empty while it is whole."""

    mode: str = ""
    ways: frozenset[str] = frozenset()
    healed: asyncio.Event = field(default_factory=asyncio.Event)


class Cutter:
    """Listens for every desk in a thread of its own and carries its bytes to `target`."""

    def __init__(self, desks: int, target: int, seed: int) -> None:
        self.met: Counter[str] = Counter()
        self._desks, self._target = desks, target
        self._dice = random.Random(f"{seed}/cutter")  # noqa: S311 - dice
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cutter", daemon=True)
        self._gates: list[_Gate] = []
        self._ports: list[int] = []

    def url(self, desk: int) -> str:
        """Where this desk finds the hub."""
        return f"http://127.0.0.1:{self._ports[desk]}"

    def cut(self, desks: Sequence[int], way: str, mode: str) -> None:
        """Cut the lines of these desks."""
        ways = frozenset(("out", "in") if way == "both" else (way,))
        self._loop.call_soon_threadsafe(self._cut, tuple(desks), ways, mode)

    def heal(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._heal)

    def _cut(self, desks: Sequence[int], ways: frozenset[str], mode: str) -> None:
        for desk in desks:
            gate = self._gates[desk]
            gate.mode, gate.ways = mode, ways
            gate.healed.clear()
            self.met[mode] += 1

    def _heal(self) -> None:
        for gate in self._gates:
            gate.mode, gate.ways = "", frozenset()
            gate.healed.set()

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
        asyncio.set_event_loop(self._loop)
        servers = [self._loop.run_until_complete(self._listen(desk)) for desk in range(self._desks)]
        self._ready.set()
        self._loop.run_forever()
        for server in servers:
            server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.wait(tasks))
        self._loop.close()

    async def _listen(self, desk: int) -> asyncio.Server:
        gate = _Gate()
        self._gates.append(gate)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._carry(gate, reader, writer)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self._ports.append(server.sockets[0].getsockname()[1])
        return server

    async def _carry(self, gate: _Gate, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        ways = (
            asyncio.ensure_future(self._pass(gate, "out", reader, back)),
            asyncio.ensure_future(self._pass(gate, "in", there, writer)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            with contextlib.suppress(OSError):
                writer.close()
            with contextlib.suppress(OSError):
                back.close()

    async def _pass(
        self, gate: _Gate, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        is_dead = False
        with contextlib.suppress(OSError):
            while piece := await reader.read(CHUNK):
                mode = gate.mode if way in gate.ways else ""
                if mode == "held":
                    await gate.healed.wait()
                elif mode == "swallowed":
                    is_dead = True
                elif mode == "truncated":
                    writer.write(piece[: self._dice.randrange(len(piece))])
                    await writer.drain()
                    return
                if not is_dead:
                    writer.write(piece)
                    await writer.drain()
