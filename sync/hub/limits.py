"""How much one may ask: so often, so large, so deep, so slowly. What is remembered of anybody is bounded.

Source: sync.md section 14.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.text import N_, Text
from app.trouble import Trouble
from sync.wire import Stop

DEPTH = 32
"""How deep a message may be nested; ours have six levels."""
HEADERS = 64
ADDRESS_BYTES = 4_096
HEAD_BYTES = 65_536
"""How long the head of a message may be, or whatever else is no body: trailers, the sizes of chunks."""
CHUNK_SHARE = 16
"""Beyond that, framing may be so small a share of the body: who cuts it into single bytes is turned away."""
HEAD_S = 10.0
"""How long a head may take: whoever drips one byte now and then holds no connection."""
REMEMBERED = 10_000

_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ALIKE = bytes.maketrans(b"{}", b"[]")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Rate(NamedTuple):
    """A bucket: as many at once, so many more each second."""

    burst: float
    per_s: float


RATES = {
    "sign_in_address": Rate(300, 5),
    "sign_in_person": Rate(100, 1),
    "sign_in_stranger": Rate(5, 1 / 60),
    "refresh": Rate(300, 10),
    "stranger": Rate(200, 5),
    "health": Rate(200, 20),
    "pc": Rate(600, 200),
    "build": Rate(6, 1 / 300),
    "dear": Rate(120, 1),
    "reveal": Rate(300, 2),
    "present": Rate(30, 1 / 6),
    "trial": Rate(10, 1 / 60),
    "hook": Rate(1000, 100),
    "token": Rate(600, 200),
    "system": Rate(200, 20),
}
"""Whole offices come from one address at eight o'clock; a desk at work asks once per commit of anybody. From
PCs that were not let in a name is tried no more often than a lock would allow.
A PC has a file of all its rows built for it when it begins, or when its reach changes (`build`); reads whole
files or makes a password now and then (`dear`); lets a colleague sign beside its person (`present`);
tries an address of its person (`trial`), and floods nobody's mailbox; and prints labels, not an address book
(`reveal`).
Another system (`system`) brings a day of 20,000 orders in 17 minutes, and no more at once than a desk waits
for."""
OVER_COSTS = 200
"""What a token takes of its bucket each time it opens nothing any more: so it is looked up once a second."""


class TooMany(Trouble):
    """Asked too often. Units: `wait_s` until the next one is answered."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("limited", Text(N_("Too many requests. Wait a little, then try again.")), retry=True)
        self.wait_s = wait_s


class Limits:
    """Token buckets, the least used forgotten first: whoever is forgotten begins with a full one."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic, remembered: int = REMEMBERED) -> None:
        self._clock_s, self._remembered = clock_s, remembered
        self._lock = threading.Lock()
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, kind: str, who: str, cost: float = 1) -> None:
        """Count one request of somebody; a dear one as several.

        Raises:
            TooMany: their bucket is empty.
        """
        rate, now_s, key = RATES[kind], self._clock_s(), (kind, who)
        with self._lock:
            left, at_s = self._buckets.pop(key, (rate.burst, now_s))
            left = min(rate.burst, left + (now_s - at_s) * rate.per_s)
            is_empty = left < 1
            self._buckets[key] = (left if is_empty else left - cost, now_s)
            while len(self._buckets) > self._remembered:
                self._buckets.popitem(last=False)
        if is_empty:
            raise TooMany((1 - left) / rate.per_s)

    def __len__(self) -> int:
        return len(self._buckets)


def check_depth(body: bytes) -> None:
    """Refuse what is nested deeper than any message of ours.

    Raises:
        Trouble: bad_request.
    """
    if _is_shallow(body.translate(_ALIKE, _NO_BRACKETS)):
        return
    # Somebody may have typed brackets: what stands in a string is no depth.
    if not _is_shallow(_STRINGS.sub(b"", body).translate(_ALIKE, _NO_BRACKETS)):
        raise Trouble("bad_request", Text(N_("The hub does not understand this message. Update this desk.")))


def _is_shallow(brackets: bytes) -> bool:
    for _ in range(DEPTH):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"")
    return not brackets


class Bounds:
    """Turns away heads with too many lines or too long an address, before anybody looks at them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by itself, or let the request on."""
        if scope["type"] == "http":
            if len(scope["headers"]) > HEADERS:
                return await _turn_away(send, 431)
            if len(scope["raw_path"]) + len(scope["query_string"]) > ADDRESS_BYTES:
                return await _turn_away(send, 414)
        return await self._app(scope, receive, send)


async def _turn_away(send: Send, status: int) -> None:
    text = Text(N_("This message is too large for the hub."))
    body = msgspec.json.encode(Stop(code="too_large", text=text))
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


class Impatient(HttpToolsProtocol):
    """HTTP/1.1 that waits for the head of a request so long and no longer, and takes in so much of it.

    httptools keeps whatever comes, but reads it in a tenth of the time h11 needs: with fifty desks that wait
    for news, two thirds of what the hub did was reading and writing heads (measured).
    """

    _head: asyncio.TimerHandle | None = None
    _framing = _body = _named = 0

    @override
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_head()

    @override
    def data_received(self, data: bytes) -> None:
        before = self.cycle
        self._framing += len(data)
        super().data_received(data)
        if self._framing > HEAD_BYTES + self._body // CHUNK_SHARE or self._named > HEAD_BYTES:
            self.logger.warning("Invalid HTTP request: its head has no end.")
            self.transport.abort()
        elif self.cycle is not before:
            self._forget()
        elif self.cycle is None or self.cycle.response_complete:
            self._expect_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    @override
    def on_message_begin(self) -> None:
        self._body = self._named = 0
        super().on_message_begin()

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        self._named += len(name) + len(value)
        if self._named <= HEAD_BYTES:
            super().on_header(name, value)

    @override
    def on_body(self, body: bytes) -> None:
        self._framing -= len(body)
        self._body += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._framing = 0
        super().on_message_complete()

    def _expect_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(HEAD_S, self.transport.abort)

    def _forget(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None
