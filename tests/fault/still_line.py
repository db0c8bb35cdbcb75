"""The line between a simulated desk and the hubs: late, lost, cut, torn, twice, out of order, by dice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Protocol

import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from turns import Bell, Turns

FAULTS = ("dropped", "cut", "lost", "torn", "twice", "echo", "late", "late_back")
CONNECT_S = 3.0
READ_S = 35.0
TRIP_S = (0.001, 0.03)
LATE_S = (0.5, 8.0)
ECHO_S = (0.5, 20.0)


@dataclass(frozen=True, slots=True)
class Ask:
    """One HTTP request. `cut_at`: only so many bytes of its body arrive, then the line breaks."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    cut_at: int | None = None


@dataclass(slots=True)
class Cut:
    """Where the line will break once: `way` out | in, of the next request to `path`, after `at` bytes."""

    way: str
    path: str
    at: int
    length: int = -1
    """How long the message was; -1 while none came by."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `cut_at`: only so many bytes of it."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut_at: int | None = None


class Answering(Protocol):
    """A hub that is up."""

    def ask(self, ask: Ask, on_reply: Callable[[Reply | None], None]) -> None:
        """Take a request; `on_reply` gets None when the hub dies first."""


Script = Callable[[Ask], str]
"""Names the fault a request meets; empty: none."""


@dataclass
class Line:
    """The line of one desk. `cut_out`, `cut_in`: nothing gets through that way for now."""

    turns: Turns
    rng: random.Random
    hubs: Callable[[], Sequence[Answering]]
    share: float = 0.0
    cut_out: bool = False
    cut_in: bool = False
    script: Script | None = None
    cut: Cut | None = None
    tell: Callable[[str], None] = lambda _what: None
    met: Counter[str] = field(default_factory=Counter)

    def exchange(self, ask: Ask, wait_s: float) -> Reply:
        """Send one request and rest until its reply is here.

        Raises:
            requests.RequestException: the line broke, or nothing came in time.
        """
        bell, got = Bell(self.turns), list[Reply | None]()

        def heard(reply: Reply | None) -> None:
            if not got:
                got.append(reply)
                bell.set()

        fault = self._fault(ask)
        path = ask.target.partition("?")[0]
        if fault:
            self.met[fault] += 1
            self.tell(f"{path} is {fault}")
        self._send(ask, fault, heard)
        if self.cut_out and self.rng.random() < 0.5:
            bell.wait(CONNECT_S)
            raise requests.ConnectTimeout
        bell.wait(wait_s)
        if not got:
            raise requests.ReadTimeout
        reply = got[0]
        if reply is None:
            raise requests.ConnectionError
        return reply

    def _fault(self, ask: Ask) -> str:
        if self.script is not None:
            return self.script(ask)
        share = self.share if "/push" in ask.target else self.share / 3
        return self.rng.choice(FAULTS) if self.rng.random() < share else ""

    def _send(self, ask: Ask, fault: str, heard: Callable[[Reply | None], None]) -> None:
        rng, turns = self.rng, self.turns
        way_s = rng.uniform(*LATE_S) if fault == "late" else rng.uniform(*TRIP_S)
        back_s = rng.uniform(*LATE_S) if fault == "late_back" else rng.uniform(*TRIP_S)
        if fault == "dropped":
            turns.after(way_s, lambda: heard(None))
            return
        if fault == "cut":
            ask = Ask(ask.method, ask.target, ask.headers, ask.body, rng.randrange(len(ask.body) + 1))
        ask = self._cut_ask(ask)

        def back(reply: Reply | None) -> None:
            if self.cut_in:
                return
            if fault == "lost":
                heard(None)
            elif reply is not None and fault == "torn":
                at = rng.randrange(len(reply.body) + 1)
                heard(Reply(reply.status, reply.headers, reply.body, at))
            else:
                heard(self._cut_reply(ask, reply))

        def first(reply: Reply | None) -> None:
            if fault == "twice" and reply is not None:
                self._arrive(ask, lambda again: turns.after(back_s, lambda: back(again)))
            else:
                turns.after(back_s, lambda: back(reply))

        turns.after(way_s, lambda: self._arrive(ask, first))
        if fault == "echo":
            turns.after(way_s + rng.uniform(*ECHO_S), lambda: self._arrive(ask, lambda _reply: None))

    def _cut_ask(self, ask: Ask) -> Ask:
        cut = self.cut
        if cut is None or cut.way != "out" or cut.path not in ask.target or cut.length >= 0:
            return ask
        cut.length = len(ask.body)
        return Ask(ask.method, ask.target, ask.headers, ask.body, cut.at) if cut.at < cut.length else ask

    def _cut_reply(self, ask: Ask, reply: Reply | None) -> Reply | None:
        cut = self.cut
        if reply is None or cut is None or cut.way != "in" or cut.path not in ask.target or cut.length >= 0:
            return reply
        cut.length = len(reply.body)
        return Reply(reply.status, reply.headers, reply.body, cut.at) if cut.at < cut.length else reply

    def _arrive(self, ask: Ask, on_reply: Callable[[Reply | None], None]) -> None:
        if self.cut_out:
            return
        up = self.hubs()
        if not up:
            on_reply(None)
            return
        self.rng.choice(up).ask(ask, on_reply)


class Adapter(BaseAdapter):
    """Lets a real `requests` session speak over such a line."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def send(self, request: requests.PreparedRequest, *_args: Any, **more: Any) -> requests.Response:
        """Carry one request over and its reply back."""
        url = request.url or ""
        target = "/" + url.partition("://")[2].partition("/")[2]
        body = request.body or b""
        headers = {name.lower(): str(value) for name, value in request.headers.items()}
        ask = Ask(request.method or "GET", target, headers, body.encode() if isinstance(body, str) else body)
        timeout = more.get("timeout")
        wait_s = timeout[1] if isinstance(timeout, tuple) else READ_S
        reply = self._line.exchange(ask, wait_s)
        whole = reply.body if reply.cut_at is None else reply.body[: reply.cut_at]
        response = requests.Response()
        response.status_code, response.url, response.request = reply.status, url, request
        response.headers = CaseInsensitiveDict(reply.headers)
        response.raw = urllib3.HTTPResponse(
            body=BytesIO(whole),
            headers=reply.headers,
            status=reply.status,
            preload_content=False,
            enforce_content_length=True,
            request_method=request.method,
        )
        return response

    def close(self) -> None:
        """Nothing is held."""
