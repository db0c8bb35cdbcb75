"""A line that stalls in silence is the feared case: every kind of it is cut, said, and tried again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest
from fake_hub import FakeHub
from line_world import QUIET_PORT, Desk

from app.trouble import Trouble
from sync import transport as transport_module
from sync.mark import Snapshot
from sync.replica.answering import LONG_S
from sync.replica.lane import Busy
from sync.transport import RETRY_AFTER_MOST_S, Stopped, Transport, retry_after_s
from sync.wire import Answer, PullReply, Push, PushReply, Stop

Serve = Callable[[socket.socket], None]
NOON = datetime(2026, 6, 13, 12, 0, tzinfo=UTC)


@pytest.fixture
def hub():
    made = FakeHub()
    made.receive("o1")
    made.receive("o2")
    return made


@pytest.fixture
def desk(tmp_path: Path, hub: FakeHub):
    with hub.serve() as url:
        made = Desk(tmp_path / "desk", url)
        made.sign_in()
        made.level()
        yield made
        made.close()


@contextmanager
def line(serve: Serve) -> Iterator[str]:
    """Something that listens where the hub should be, and does `serve` with whoever comes."""
    door = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def run() -> None:
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            held.append(caller)
            threading.Thread(target=serve, args=(caller,), daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        for caller in held:
            caller.close()
        thread.join(5)


def say(words: bytes) -> Serve:
    """Answer every request with the same bytes."""

    def serve(caller: socket.socket) -> None:
        with suppress(OSError):
            while caller.recv(65_536):
                caller.sendall(words)

    return serve


def reply(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def drip(caller: socket.socket, byte: bytes, head: bytes = b"") -> None:
    """Hear a request, then send one byte after the other until the line is cut."""
    pause = threading.Event()
    with suppress(OSError):
        caller.recv(65_536)
        caller.sendall(head)
        while not pause.wait(0.02):
            caller.sendall(byte)


def silent(_caller: socket.socket) -> None:
    """Take the connection and never say a word."""


def drips_head(caller: socket.socket) -> None:
    """Send a byte of the answer's head now and then, for ever."""
    drip(caller, b"H")


def drips_body(caller: socket.socket) -> None:
    """Promise much, send little, never end."""
    drip(caller, b" ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")


HTML = reply("200 OK", b"<html>Sign in to the guest network</html>", "Content-Type: text/html")
BUSY = reply("503 Service Unavailable", b"", "Retry-After: 0")
GATEWAY = reply("502 Bad Gateway", b"<html>nginx</html>", "Content-Type: text/html")


@pytest.mark.parametrize(
    ("serve", "code"),
    [
        (silent, "hub_unreachable"),
        (drips_head, "hub_slow"),
        (drips_body, "hub_slow"),
        (say(HTML), "hub_unreadable"),
        (say(GATEWAY), "hub_unreadable"),
        (say(BUSY), "hub_busy"),
    ],
    ids=["silent", "drips-head", "drips-body", "html", "gateway", "busy"],
)
def test_whatever_holds_the_line_ends_in_trouble_a_fresh_session_and_a_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, serve: Serve, code: str
) -> None:
    desk.hold()
    desk.loop._stall_s = 0.0
    monkeypatch.setattr(desk.link, "connect", lambda: Transport(desk.url, read_s=0.3, whole_s=0.5))
    with line(serve) as url:
        desk.url = url
        began_s = time.monotonic()
        with pytest.raises(Trouble) as trouble:
            desk.push()
        took_s = time.monotonic() - began_s
        desk.loop.after("push", trouble.value)

    assert (trouble.value.code, trouble.value.retry) == (code, True)
    assert took_s < 20
    assert desk.loop.lanes["push"].transport is None
    note = desk.link.link().note
    assert note.message == "Not syncing since {time}. {why}"
    assert note.params["why"] == trouble.value.hint
    assert desk.store.waiting.count == 1


def test_a_line_that_is_half_open_is_cut_by_the_read_deadline(desk: Desk, hub: FakeHub) -> None:
    """The far end is gone without a word: the session there is still thinks it is connected."""
    heard = threading.Event()

    def once_then_silent(caller: socket.socket) -> None:
        caller.recv(65_536)
        heard.set()

    with line(once_then_silent) as url:
        transport = Transport(url, read_s=0.2)
        with pytest.raises(Trouble) as trouble:
            transport.pull(epoch="", cursor=0, last_n=0, limit=1, wait=0)
        transport.close()
    assert heard.is_set()
    assert trouble.value.code == "hub_unreachable"


def test_pulling_well_does_not_hide_that_pushing_stalls(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads that hang while rows still come in were how the best engine stalled in silence."""
    desk.hold()
    lane = desk.loop.lanes["push"]
    lane.moved_s -= 61

    def refuses(_self: Transport, _push: Push) -> PushReply:
        raise Stopped(Stop(code="busy"))

    monkeypatch.setattr(Transport, "push", refuses)
    desk.pull()
    with pytest.raises(Busy) as trouble:
        desk.push()
    desk.loop.after("push", trouble.value)
    desk.pull()

    assert desk.link.link().note.message == "Not syncing since {time}. {why}"
    assert lane.transport is None


def test_an_answer_that_answers_nothing_is_no_progress(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.hold()
    other = Answer(n=7, status="applied", seq=1)
    for results in ([], [other], [Answer(n=1, status="maybe", seq=1)]):
        empty = PushReply(epoch="E1", results=results, next_n=1, head=1, protected_seq=0)
        monkeypatch.setattr(Transport, "push", lambda _self, _push, empty=empty: empty)
        with pytest.raises(Trouble) as trouble:
            desk.push()
        assert (trouble.value.code, trouble.value.retry) == ("hub_unreadable", True)
    assert desk.store.waiting.count == 1


def test_a_page_that_leads_nowhere_is_no_progress(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cursor, pulled = desk.store.mark.cursor, Transport.pull

    def stuck(self: Transport, **ask: object) -> PullReply:
        page = pulled(self, **ask)  # type: ignore[arg-type]
        return msgspec.structs.replace(page, head=cursor + 5, more=True)

    monkeypatch.setattr(Transport, "pull", stuck)
    with pytest.raises(Trouble) as trouble:
        desk.pull()
    assert trouble.value.code == "hub_unreadable"
    assert desk.store.mark.cursor == cursor


def drips_file(caller: socket.socket) -> None:
    """Offer a file, and send a byte of it now and then."""
    drip(
        caller,
        b"x",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\ndocket-sha256: " + b"a" * 64 + b"\r\n\r\n",
    )


def drips_refusal(caller: socket.socket) -> None:
    """Refuse a file, and never come to the end of why."""
    drip(caller, b" ", b"HTTP/1.1 500 No\r\nContent-Length: 1000000\r\n\r\n")


@pytest.mark.parametrize("serve", [drips_file, drips_refusal])
@pytest.mark.parametrize(
    "ask",
    [
        lambda line: list(line.read("/v1/imports/1/rejected")),
        lambda line: list(line.download(Snapshot(sha256="a" * 64, packed=10**6, size=10**6), 0)),
    ],
    ids=["file", "snapshot"],
)
def test_a_download_that_drips_is_cut(serve: Serve, ask: Callable[[Transport], object]) -> None:
    with line(serve) as url:
        transport = Transport(url, read_s=0.3, whole_s=0.4)
        with pytest.raises(Trouble) as trouble:
            ask(transport)
        transport.close()
    assert (trouble.value.code, trouble.value.retry) == ("hub_slow", True)


def test_an_answer_without_end_is_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_module, "ANSWER_BYTES", 100)
    with pytest.raises(Trouble) as trouble:
        desk.pull()
    assert trouble.value.code == "hub_unreadable"


# --- how long to wait -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("7", 7.0),
        (" 12 ", 12.0),
        ("99999999999999", RETRY_AFTER_MOST_S),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), 0.0),
        (format_datetime(NOON + timedelta(days=9), usegmt=True), RETRY_AFTER_MOST_S),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
        ("Sat, 99 Jun 99999 99:99:99 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date_and_has_a_bound(said: str, wait_s: float) -> None:
    assert retry_after_s(said, NOON) == wait_s


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_hub_that_asks_for_time_gets_it(desk: Desk, status: str) -> None:
    desk.hold()
    with line(say(reply(status, b"", "Retry-After: 4"))) as url:
        desk.url = url
        with pytest.raises(Busy) as busy:
            desk.push()
    assert busy.value.wait_s == 4.0
    waited: list[float] = []
    desk.loop._stopping.wait = lambda wait_s: waited.append(wait_s) or False  # type: ignore[method-assign,assignment,return-value]
    assert desk.loop.after("push", busy.value) == 0.0
    assert 4.0 <= waited[0] <= 4.8


def test_a_hub_that_restarts_is_asked_several_times_a_second(desk: Desk) -> None:
    desk.hold()
    desk.url = QUIET_PORT
    pauses = []
    for _ in range(20):
        with pytest.raises(Trouble) as trouble:
            desk.push()
        assert trouble.value.code == "hub_refused"
        pauses.append(desk.loop.after("push", trouble.value))
    assert max(pauses) <= 0.2
    assert min(pauses) >= 0.05


def test_a_hub_that_is_away_for_long_is_asked_less_and_less_often(desk: Desk) -> None:
    trouble = Trouble("hub_refused", None, retry=True)  # type: ignore[arg-type]
    pauses = {away_s: desk.loop._pause_s(trouble, away_s) for away_s in (0.0, 11.0, 20.0, 1e6)}
    assert pauses[0.0] <= 0.2
    assert 2.7 <= pauses[11.0] <= 11
    assert 5 <= pauses[20.0] <= 20
    assert 5 <= pauses[1e6] <= 20


@pytest.mark.parametrize(("status", "code"), [("401 Unauthorized", "sign_in"), ("403 Forbidden", "replica")])
def test_without_rights_the_desk_works_on_offline(desk: Desk, hub: FakeHub, status: str, code: str) -> None:
    desk.hold()
    body = msgspec.json.encode(Stop(code=code))
    hub.people.clear()
    with line(say(reply(status, body))) as url:
        desk.url = url
        rest_s = desk.push()
    assert rest_s == LONG_S
    assert desk.store.waiting.count == 1
    assert desk.hold("o2") == 2


def test_an_old_desk_keeps_its_work_and_says_so_until_it_is_updated(desk: Desk) -> None:
    desk.hold()
    with line(say(reply("426 Upgrade Required", msgspec.json.encode(Stop(code="upgrade"))))) as url:
        good, desk.url = desk.url, url
        assert desk.push() == LONG_S
        desk.url = good
    desk.pull()
    assert "Update it" in desk.link.link().note.message
    assert desk.store.waiting.count == 1
