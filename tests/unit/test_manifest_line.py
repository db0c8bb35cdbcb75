"""The line itself, over loopback: bounded, no redirects, and a sentence where nobody answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.trouble import Trouble
from sync.manifest.line import Http
from sync.manifest.request import Request


class Shop(BaseHTTPRequestHandler):
    """Says back what it heard."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", "/elsewhere")
        said = body * 1000 if self.path == "/much" else body
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def asked(url: str, body: bytes = b"a=%E7%9B%92") -> Request:
    return Request(method="POST", url=url, headers={"X-Own": "1"}, body=body)


def test_what_is_built_is_what_arrives(shop: str) -> None:
    line = Http()
    assert line(asked(shop + "/"), 5, 1000).body == b"a=%E7%9B%92"
    assert line(asked(shop + "/away"), 5, 1000).status == 302
    line.close()


def test_too_much_and_nobody_are_told_with_a_sentence(shop: str) -> None:
    line = Http()
    with pytest.raises(Trouble) as wrong:
        line(asked(shop + "/much"), 5, 1000)
    assert (wrong.value.code, wrong.value.retry) == ("too_large", False)
    with pytest.raises(Trouble) as wrong:
        line(asked("http://127.0.0.1:1/"), 5, 1000)
    assert (wrong.value.code, wrong.value.retry) == ("channel_unreachable", True)
    line.close()
