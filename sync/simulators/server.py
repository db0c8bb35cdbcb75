"""The door of a simulated platform: HTTP on this machine, byte for byte."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from sync.simulators.platform import Heard, Platform, Said, as_json

MOST_BODY = 4 << 20
INSIDE = "/_simulator/"
"""Below this a trainer looks in and turns the clock; no platform has it."""
SHOWN = 1000


class _Server(ThreadingHTTPServer):
    """Whoever asked may be gone before the answer: that is their affair, not ours."""

    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def door(platform: Platform, host: str, port: int) -> ThreadingHTTPServer:
    """Open the door; `serve_forever` of what is returned lets requests in."""

    class Door(_Door):
        behind = platform

    return _Server((host, port), Door)


@contextmanager
def standing(platform: Platform, host: str = "127.0.0.1") -> Iterator[str]:
    """Let a platform stand as long as the block runs; give its address."""
    server = door(platform, host, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    """One connection."""

    behind: Platform
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @override
    def log_message(self, format: str, *args: Any) -> None: ...

    @override
    def date_time_string(self, timestamp: float | None = None) -> str:
        """What `Date` says is the platform's own time, not this machine's."""
        return super().date_time_string(self.behind.shop.clock.now() if timestamp is None else timestamp)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True
            self._send(Said(413, b""))
            return
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self.command, parts.path, parts.query, headers, self.rfile.read(int(length)))
        if parts.path.startswith(INSIDE):
            self._send(_inside(self.behind, heard))
            return
        said = self.behind.answer(heard)
        if said.hangs:
            self.close_connection = True
            return
        self._send(said)

    def _send(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)


def _inside(platform: Platform, heard: Heard) -> Said:
    """Show or do what a trainer asks: `log`, `writes`, `orders`, `settings`; `clock`, `arrive`, `change`."""
    shop, what = platform.shop, heard.path.removeprefix(INSIDE)
    wanted = {name: values[0] for name, values in parse_qs(heard.query).items()}
    count = int(wanted.get("count", "1")) if wanted.get("count", "1").isdigit() else 1
    with shop.lock:
        if heard.method == "POST":
            return _done(platform, what, count)
        if what == "log":
            return as_json([asdict(call) for call in list(shop.calls)[-SHOWN:]])
        if what == "writes":
            return as_json([asdict(write) for write in shop.writes[-SHOWN:]])
        if what == "orders":
            newest = shop.window(0, shop.clock.now()).newest_first(0, min(count, SHOWN))
            return as_json([{"ext_id": platform.ext_id(sale.no)} | asdict(sale) for sale in newest])
        if what == "settings":
            host = heard.headers.get("host", "")
            return as_json(platform.settings(f"http://{host}"))
    return as_json({"known": ["log", "writes", "orders", "settings"]}, 404)


def _done(platform: Platform, what: str, count: int) -> Said:
    shop = platform.shop
    if what == "clock":
        shop.clock.move(count)
    elif what == "arrive":
        shop.arrive(min(count, SHOWN))
    elif what == "change":
        for _ in range(min(count, SHOWN)):
            shop.change()
    else:
        return as_json({"known": ["clock", "arrive", "change"]}, 404)
    return Said(200, json.dumps({"now": shop.clock.now(), "orders": len(shop)}).encode())
