"""A carrier over HTTP that answers late, wrongly or not at all, as they do, but keeps its books."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

from app.text import Text
from sync.hub.provider import Done, Rejected, Unclear, Unsent

FAULTS = ("hangs_before", "hangs_after", "fails_before", "fails_after", "busy", "cut_after")
"""What may happen to a request: no answer before or after the work, 500 before or after, 429, a cut line."""


class Carrier:
    """The server. `books` holds every piece of work it did; `faults` what happens to the next requests."""

    def __init__(self, *, takes_keys: bool = True) -> None:
        self.books: list[str] = []
        self.payloads: list[dict[str, str]] = []
        self.faults: deque[str] = deque()
        self.looks_fail = 0
        self.rejects: set[str] = set()
        self.takes_keys = takes_keys
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def work(self, key: str, payload: bytes) -> int:
        """Do what is asked for; with keys, once."""
        with self._lock:
            if key in self.rejects:
                return 422
            if not (self.takes_keys and key in self.books):
                self.books.append(key)
                self.payloads.append(json.loads(payload))
            return 200

    @contextmanager
    def open(self) -> Iterator[str]:
        """Listen; return the address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"carrier": self}))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.released = threading.Event()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            self.released.set()
            server.shutdown()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    carrier: Carrier

    def log_message(self, *_args: object) -> None:
        """Be silent."""

    def do_PUT(self) -> None:
        key = unquote(self.path[1:])
        payload = self.rfile.read(int(self.headers["content-length"]))
        fault = self.carrier.faults.popleft() if self.carrier.faults else ""
        self.carrier.asked.append(f"send {key} {fault}".strip())
        if fault == "busy":
            self.answer(429, {"retry-after": "7"})
        elif fault == "hangs_before":
            self.carrier.released.wait(5)
        elif fault == "fails_before":
            self.answer(500)
        else:
            status = self.carrier.work(key, payload)
            if fault == "hangs_after":
                self.carrier.released.wait(5)
            elif fault != "cut_after":
                self.answer(500 if fault == "fails_after" else status)

    def do_GET(self) -> None:
        key = unquote(self.path[1:])
        self.carrier.asked.append(f"look {key}")
        if self.carrier.looks_fail:
            self.carrier.looks_fail -= 1
            self.answer(500)
        else:
            self.answer(200 if key in self.carrier.books else 404)

    def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()


class HttpProvider:
    """How a connector reads such a carrier: only what surely did not happen is `Unsent`."""

    settle_s = 30.0

    def __init__(self, url: str, *, takes_keys: bool = True, can_look_up: bool = True) -> None:
        self._url, self.takes_keys, self.can_look_up = url, takes_keys, can_look_up

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        status, retry_after_s = self._ask("PUT", key, payload)
        if status == 429:
            raise Unsent("asked to come later", retry_after_s)
        if status == 422:
            return Rejected(Text("They do not know this parcel"))
        if status != 200:
            raise Unclear(f"answered {status}")
        return Done(f"T-{key}", Text("They took it"))

    def look_up(self, key: str) -> Done | Rejected | None:
        status, _ = self._ask("GET", key, None)
        if status not in (200, 404):
            raise Unclear(f"answered {status}")
        return Done(f"T-{key}", Text("They have it")) if status == 200 else None

    def _ask(self, method: str, key: str, body: bytes | None) -> tuple[int, float]:
        request = urllib.request.Request(f"{self._url}/{quote(key)}", data=body, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=0.3) as answer:  # noqa: S310 - loopback
                return answer.status, 0.0
        except urllib.error.HTTPError as fault:
            return fault.code, float(fault.headers.get("retry-after") or 0)
        except urllib.error.URLError as fault:
            if isinstance(fault.reason, ConnectionRefusedError):
                raise Unsent("nobody listens") from fault
            raise Unclear(str(fault.reason)) from fault
        except OSError as fault:
            raise Unclear(str(fault)) from fault
