"""Figures for Prometheus, behind a door of their own: loopback, or a token from DOCKET_METRICS_TOKEN."""

from __future__ import annotations

import hmac
import logging
import os
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override

from app.boot.opening import FEED_ID, Running
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.keeping.gauges import gauges

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TOKEN_LEAST = 20
log = logging.getLogger(__name__)


def figures(running: Running) -> str:
    """Return every figure as text."""
    hub = running.hub
    lines = [*hub.writer.meter.lines(), *gauges(hub.engine, FEED_ID, hub.clock())]
    return "\n".join(lines) + "\n"


class Door:
    """Answers GET /metrics in threads of its own until it is stopped."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self.port = int(server.server_address[1])
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()

    def stop(self) -> None:
        """Let nobody in any more."""
        self._server.shutdown()
        self._server.server_close()


def serve_figures(read: Callable[[], str], listen: str) -> Door:
    """Answer GET /metrics at HOST:PORT.

    Raises:
        Trouble: metrics: nothing can listen there, or it is open to others without a token.
    """
    host, _, port = listen.rpartition(":")
    token = os.environ.get("DOCKET_METRICS_TOKEN", "")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise Trouble("metrics", Text(N_("--metrics is HOST:PORT, e.g. 127.0.0.1:9465.")))
    if host not in LOOPBACK and len(token) < TOKEN_LEAST:
        raise Trouble(
            "metrics",
            Text(
                N_("Others could read these figures. Set DOCKET_METRICS_TOKEN, {count} characters or more."),
                {"count": TOKEN_LEAST},
            ),
        )
    try:
        server = ThreadingHTTPServer((host, int(port)), _answering(read, token))
    except OSError as fault:
        raise Trouble(
            "metrics",
            Text(
                N_("Nothing can listen on {listen}: is another hub running there? {reason}"),
                {"listen": listen, "reason": fault.strerror or "?"},
            ),
        ) from fault
    server.daemon_threads = True
    return Door(server)


def _answering(read: Callable[[], str], token: str) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            said = self.headers.get("authorization", "").encode()
            if token and not hmac.compare_digest(said, f"Bearer {token}".encode()):
                self.send_error(401)
                return
            if self.path != "/metrics":
                self.send_error(404)
                return
            try:
                body = read().encode()
            except Exception:
                log.exception("the figures cannot be read")
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("content-type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: who scrapes is no news."""

    return Answering
