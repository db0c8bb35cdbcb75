"""A system that is told news: what it took, each once, and whose signature was wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class System:
    """A system that listens: what it took, in order, by id; `answers` are its next ones."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.hosts: set[str] = set()
        self.answers: list[int] = []
        self.secret = ""
        self.false = self.again = self.hung = 0
        self.awake = threading.Event()
        """While it is clear, it takes what comes and says nothing."""
        self.awake.set()
        self._known: set[str] = set()
        self.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/docket"

    def start(self, port: int = 0) -> None:
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = system.answers.pop(0) if system.answers else 200
                system.take(dict(self.headers), body, status)
                if not system.awake.is_set():
                    system.hung += 1
                    system.awake.wait()
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def take(self, headers: dict[str, str], body: bytes, status: int) -> None:
        self.hosts.add(headers["Host"])
        said = headers.get("Docket-Timestamp", "").encode() + b"." + body
        wanted = hmac.new(bytes.fromhex(self.secret), said, hashlib.sha256).hexdigest()
        if headers.get("Docket-Signature") != f"v1={wanted}":
            self.false += 1
        name = headers.get("Docket-Delivery", "")
        if status < 300 and name in self._known:
            self.again += 1
        elif status < 300:
            self._known.add(name)
            self.ids.append(name)
            self.got.append(json.loads(body))

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
