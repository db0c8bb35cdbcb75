"""The hub a person chose: what a try says, what is kept for the next start, and how a desk begins anew."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import msgspec
import pytest

from app.boot import chosen_hub as chosen
from app.boot.chosen_hub import CA, CHOSEN, ChosenHub, HubChoice, begin_anew, chosen_hub, unsent_in
from app.text import Text
from app.trouble import Trouble
from sync.replica.outbox import Outbox, Waiting
from sync.replica.remembered import remembered
from sync.replica.store import Store
from sync.trust import OTHER_NAME, OVER, UNTRUSTED
from sync.wire import SCHEMA, Health

HUB, OTHER = "https://hub.lan:8765", "https://other.lan:8765"


@pytest.fixture
def choice(tmp_path: Path) -> HubChoice:
    return HubChoice(tmp_path, "", "")


def start(home: Path, url: str, unsent: int = 0) -> Mapping[str, str]:
    """Start as the program does, before it opens any file."""
    return begin_anew(home, url, unsent=lambda: unsent)


def work_here(home: Path, **settings: str) -> None:
    store = Store(home / "desk", key=bytes(32))
    for name, value in settings.items():
        store.set_setting(name, value)
    store.close()


def last_user(home: Path) -> str:
    store = Store(home / "desk", key=bytes(32))
    try:
        return store.setting("last_user")
    finally:
        store.close()


def said(call, *args: str) -> str:
    with pytest.raises(Trouble) as caught:
        call(*args)
    return caught.value.hint.message


class Answers(BaseHTTPRequestHandler):
    """Says one thing to everybody."""

    status, content = 200, b"{}"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def answering():
    servers = []

    def serve(status: int, content: bytes) -> str:
        kind = type("Answering", (Answers,), {"status": status, "content": content})
        server = HTTPServer(("127.0.0.1", 0), kind)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_hub_that_answers_is_one(choice: HubChoice, answering):
    health = msgspec.json.encode(Health(schema=SCHEMA, hub_time=datetime(2026, 6, 13, tzinfo=UTC)))

    choice.check(answering(200, health), "")


@pytest.mark.parametrize(
    ("status", "content"), [(200, b"<html>"), (200, b"{}"), (404, b""), (500, b"no"), (401, b"")]
)
def test_something_else_that_answers_is_none(choice: HubChoice, answering, status: int, content: bytes):
    assert said(choice.check, answering(status, content), "") == chosen.NO_HUB


@pytest.mark.parametrize(
    "url", ["hub.lan", "hub.lan:8765", "ftp://hub.lan", "https://", "http://[", "x" * 999]
)
def test_half_an_address_is_told_before_anybody_is_asked(choice: HubChoice, url: str):
    assert said(choice.check, url, "") == chosen.ADDRESS


def test_a_hub_elsewhere_wants_https(choice: HubChoice):
    assert said(choice.check, "http://hub.lan:8765", "") == chosen._SAYS["plain_http"]


def test_nobody_who_listens_is_told(choice: HubChoice):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]

    assert said(choice.check, f"http://127.0.0.1:{port}", "") == chosen._SAYS["hub_refused"]


@pytest.mark.parametrize(
    "content", [b"", b"no certificate", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_a_file_without_a_certificate_is_told(choice: HubChoice, tmp_path: Path, content: bytes):
    file = tmp_path / "ca.txt"
    file.write_bytes(content)

    assert said(choice.check, "https://127.0.0.1:9", str(file)) == chosen.NO_CA
    assert said(choice.keep, "https://127.0.0.1:9", str(file)) == chosen.NO_CA
    assert chosen_hub(tmp_path) == ChosenHub()


@pytest.mark.parametrize(
    ("hint", "expected"), [(UNTRUSTED, chosen.UNKNOWN), (OTHER_NAME, OTHER_NAME), (OVER, OVER)]
)
def test_what_is_wrong_with_a_certificate_is_told(
    choice: HubChoice, monkeypatch: pytest.MonkeyPatch, hint: str, expected: str
):
    from app.text import Text
    from sync.transport import Transport

    def distrusts(_self: object) -> None:
        raise Trouble("hub_untrusted", Text(hint), retry=True)

    monkeypatch.setattr(Transport, "health", distrusts)

    assert said(choice.check, "https://hub.lan:8765", "") == expected


def test_what_is_kept_is_there_at_the_next_start(tmp_path: Path):
    HubChoice(tmp_path, "", "").keep("https://hub.lan:8765", "")

    assert chosen_hub(tmp_path) == ChosenHub("https://hub.lan:8765", "", holds="")


def test_the_same_hub_with_another_ca_goes_on_with_what_it_has(tmp_path: Path):
    Store(tmp_path / "desk", key=bytes(32)).close()
    HubChoice(tmp_path, HUB, "").keep(HUB, "")

    assert start(tmp_path, HUB) == {}
    assert (tmp_path / "desk" / "work.db").exists()


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"url": 3}', b"\xff"])
def test_a_choice_that_cannot_be_read_is_none(tmp_path: Path, damaged: bytes):
    (tmp_path / CHOSEN).write_bytes(damaged)

    assert chosen_hub(tmp_path) == ChosenHub()


def test_a_desk_of_another_hub_begins_anew_once_and_looks_as_before(tmp_path: Path):
    work_here(tmp_path, theme="dark", last_user="lin")
    HubChoice(tmp_path, "", "").keep(HUB, "")

    assert start(tmp_path, HUB) == {"theme": "dark"}
    assert [file.name for file in (tmp_path / "desk").iterdir()] == ["looks.json"]
    assert remembered(tmp_path / "desk") == {"theme": "dark"}

    work_here(tmp_path, last_user="mei")
    assert start(tmp_path, HUB) == {}
    assert last_user(tmp_path) == "mei"


def test_an_address_given_at_a_start_opens_no_files_of_the_hub_that_was_chosen(tmp_path: Path):
    start(tmp_path, HUB)
    work_here(tmp_path, last_user="lin")

    start(tmp_path, OTHER)
    assert last_user(tmp_path) == ""

    work_here(tmp_path, last_user="mei")
    start(tmp_path, HUB)
    assert last_user(tmp_path) == ""


def test_an_address_given_right_after_the_choice_on_screen_leaves_its_files_to_itself(tmp_path: Path):
    work_here(tmp_path, last_user="lin")
    HubChoice(tmp_path, "", "").keep(HUB, "")

    start(tmp_path, OTHER)
    work_here(tmp_path, last_user="mei")
    start(tmp_path, HUB)

    assert last_user(tmp_path) == ""


def test_unsent_work_of_one_hub_is_neither_thrown_away_nor_opened_for_another(tmp_path: Path):
    start(tmp_path, "")
    work_here(tmp_path, last_user="lin")

    with pytest.raises(Trouble) as caught:
        start(tmp_path, OTHER, unsent=3)

    assert caught.value.hint == Text(chosen.OTHERS_WORK, {"count": 3, "hub": Text(chosen.THIS_PC)})
    assert start(tmp_path, "", unsent=3) == {}
    assert last_user(tmp_path) == "lin"


def test_a_hub_that_only_moved_is_given_what_waits_for_it(tmp_path: Path):
    start(tmp_path, HUB)
    work_here(tmp_path, last_user="lin")

    assert begin_anew(tmp_path, OTHER, unsent=lambda: 3, is_same=True) == {}
    assert start(tmp_path, f"{OTHER}/", unsent=3) == {}
    assert last_user(tmp_path) == "lin"


def test_what_nobody_has_yet_is_counted_where_there_is_a_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert unsent_in(tmp_path, bytes(32)) == 0
    assert not (tmp_path / "desk").exists()

    monkeypatch.setattr(Outbox, "waiting", lambda _self: Waiting(count=2))
    work_here(tmp_path)
    assert unsent_in(tmp_path, bytes(32)) == 2


def test_a_desk_that_chose_nothing_keeps_everything(tmp_path: Path):
    Store(tmp_path / "desk", key=bytes(32)).close()

    assert start(tmp_path, "") == {}
    assert (tmp_path / "desk" / "work.db").exists()
    assert not (tmp_path / CA).exists()
