"""Some clients that speak the wire and keep nothing, a child of the sync bench: they load the hub alone.

Each signs in as a desk does, pushes signed commands at a clerk's pace, and takes every page of the feed in as
far as its meaning: it decodes the rows and writes none. Speaks to the bench as `desk_fleet` does; `flood`
instead of `go` sends everything at once, a hundred commands in each push.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import msgspec

from app.boot.demo_company import PASSWORD
from app.command import Command
from app.commands.hold import Hold
from app.commands.resume import Resume
from sync.replica.renewal import digest, fresh_token
from sync.signing import Signer
from sync.transport import Transport
from sync.wire import (
    PULL_ROWS,
    PUSH_LIMIT,
    SCHEMA,
    WAIT_S,
    PullReply,
    Push,
    PushReply,
    SignedIn,
    SignIn,
    Wish,
    new_id,
)

PATIENCE_S = 60.0
_pages, _answers = msgspec.json.Decoder(PullReply), msgspec.json.Decoder(PushReply)


class Line:
    """One connection that stays open; one question at a time."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\nAccept-Encoding: identity\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Return the body of the answer.

        Raises:
            RuntimeError: the hub said no.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = f"{method} {self._path}{path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        said = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        (length,) = (line[15:] for line in said.split("\r\n") if line.startswith("content-length:"))
        content = await reader.readexactly(int(length))
        if not said.startswith("http/1.1 200"):
            raise RuntimeError(content.decode())
        return content

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


class Client:
    """One replica without a file, and the person at it."""

    def __init__(self, number: int, url: str) -> None:
        self.number, self._url = number, url
        self._replica, self._signer = (
            str(uuid4()),
            Signer(hashlib.sha256(f"light-{number}".encode()).digest()),
        )
        self._signed_in = self._sign_in()
        self._lines = [Line(url, self._signed_in.token) for _ in range(2)]
        self._n = self._cursor = self._last_n = 0
        self._commands: list[list[float]] = []
        self._statuses: dict[str, int] = {}
        self._seen_s: dict[int, float] = {}
        self._ready: list[bytes] = []
        self._is_over = asyncio.Event()

    def _sign_in(self) -> SignedIn:
        transport = Transport(self._url)
        try:
            asked = SignIn(
                user="lin",
                password=PASSWORD,
                device=f"light-{self.number}",
                replica=self._replica,
                told_at=transport.health().hub_time,
                next=digest(fresh_token()),
            )
            return transport.sign_in(self._signer.sign_in(asked))
        finally:
            transport.close()

    def _wish(self, name: str, command: Command) -> Wish:
        self._n += 1
        return Wish(
            n=self._n,
            id=new_id(datetime.now(UTC)),
            name=name,
            rev=1,
            args=msgspec.Raw(msgspec.json.encode(command)),
            login=self._signed_in.login,
            at=datetime.now(UTC),
        )

    def _next(self, orders: Sequence[str]) -> Wish:
        order = orders[self._n // 2 % len(orders)]
        if self._n % 2:
            return self._wish("resume", Resume(order=order))
        return self._wish("hold", Hold(order=order, reason="bench"))

    def _push_of(self, orders: Sequence[str], count: int) -> bytes:
        return self.signed([self._next(orders) for _ in range(count)])

    def signed(self, wishes: list[Wish]) -> bytes:
        """Return a push of these commands as it goes over the line."""
        signed = self._signer.signed(self._replica, wishes)
        push = Push(replica=self._replica, epoch=self._signed_in.epoch, schema=SCHEMA, commands=signed)
        return msgspec.json.encode(push)

    async def work(self, orders: Sequence[str], commands: int, pause_s: float) -> None:
        """Hold and resume orders of one's own, one at a time."""
        next_s = time.monotonic() + pause_s * (self.number % 20) / 20
        for _ in range(commands):
            with suppress(TimeoutError):  # this is the clerk's pace
                await asyncio.wait_for(self._is_over.wait(), max(0.0, next_s - time.monotonic()))
            next_s += pause_s
            began_s = time.monotonic()
            await self._push(self._push_of(orders, 1), began_s)

    def prepare(self, orders: Sequence[str], pushes: int) -> None:
        """Write and sign what `flood` will send: the hub is measured, not the pen."""
        self._ready = [self._push_of(orders, PUSH_LIMIT) for _ in range(pushes)]

    async def flood(self) -> None:
        """Send everything that was prepared, one push after another."""
        for body in self._ready:
            await self._push(body, time.monotonic())

    async def _push(self, body: bytes, began_s: float) -> None:
        reply = _answers.decode(await self._lines[0].ask("POST", "/v1/push", body))
        ended_s = time.monotonic()
        for answer in reply.results:
            self._statuses[answer.status] = self._statuses.get(answer.status, 0) + 1
            self._commands.append([began_s, ended_s, answer.seq])

    async def listen(self) -> None:
        """Take page after page, from where the feed stands now."""
        self._cursor = (await self._pull(0, limit=1)).head
        while True:
            page = await self._pull(WAIT_S, limit=PULL_ROWS)
            now_s, self._cursor, self._last_n = time.monotonic(), page.to, page.last_n
            for seq in {change.seq for change in page.changes}:
                self._seen_s[seq] = now_s

    async def _pull(self, wait_s: int, limit: int) -> PullReply:
        params = {
            "epoch": self._signed_in.epoch, "cursor": self._cursor, "last_n": self._last_n, "limit": limit,
            "wait": wait_s, "schema": SCHEMA, "scope_rev": "", "own": 0,
        }  # fmt: skip
        return _pages.decode(await self._lines[1].ask("GET", f"/v1/pull?{urlencode(params)}"))

    def report(self) -> dict[str, Any]:
        return {
            "submit_ms": [],
            "refused": 0,
            "statuses": self._statuses,
            "unanswered": self._n - len(self._commands),
            "commands": self._commands,
            "seen_s": {},
            "pages_seen": len(self._seen_s),
        }

    def leave(self) -> None:
        self._is_over.set()
        for line in self._lines:
            line.close()


async def play(asked: dict[str, Any]) -> None:
    clients = [Client(n, asked["url"]) for n in asked["desks"]]
    pushes = asked.get("pushes", 0)
    for client, orders in zip(clients, asked["orders"], strict=True):
        client.prepare(orders, pushes)
    listening = [] if pushes else [asyncio.create_task(client.listen()) for client in clients]
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    working = (
        client.flood() if pushes else client.work(orders, asked["commands"], asked["pause_s"])
        for client, orders in zip(clients, asked["orders"], strict=True)
    )
    await asyncio.gather(*working)
    _say("sent")
    await asyncio.to_thread(sys.stdin.readline)
    for task in listening:
        task.cancel()
    _say([client.report() for client in clients])
    for client in clients:
        client.leave()


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(play(json.loads(sys.argv[1])))
