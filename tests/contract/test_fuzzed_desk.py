"""Whatever a hub answers, a desk reads it or says a sentence; what is here stays, and nothing fills it up."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from fake_hub import FakeHub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from line_world import Desk
from test_fuzzed import JUNK
from urllib3 import HTTPResponse

from app.domain.values import Receiver
from app.ports import Pc
from app.trouble import Trouble
from sync import transport as transport_module
from sync.chain import ChainReply
from sync.mark import SHA256, SIZE, Snapshot, snapshot_of
from sync.replica import bootstrap
from sync.replica import loop as loop_module
from sync.replica import witness as witness_module
from sync.replica.store import Store
from sync.transport import ANSWER_BYTES, Stopped, Transport
from sync.wire import (
    SCHEMA,
    Enrolment,
    FirstPassword,
    Health,
    PullReply,
    Push,
    PushReply,
    SignedIn,
    Stop,
)

KINDS = (
    SignedIn, Health, Enrolment, FirstPassword, PushReply, PullReply, ChainReply, Receiver, list[Pc],
    dict[str, bool], type(None), str, int,
)  # fmt: skip
NAMES = sorted(
    {field.name for kind in (*KINDS, Stop) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
     for field in msgspec.structs.fields(kind)}
)  # fmt: skip
SHAPED = st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=9).map(msgspec.json.encode)
STRANGE = (
    b"", b"[" * 100_000, b'{"a":' * 100_000, b'"\xff"', b'"\\ud800"', b"NaN", b"1e999", b"9" * 5_000,
    b"\xef\xbb\xbf{}",
    b'{"code":"busy"', b'{"code":"\xff"}', b'{"code":' + b"[" * 100_000,
)  # fmt: skip
ANYTHING = st.binary(max_size=60) | SHAPED | JUNK.map(msgspec.json.encode) | st.sampled_from(STRANGE)
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


class Says(Transport):
    """A line on which one answer was heard."""

    def __init__(self, status: int, body: bytes, head: dict[str, str]) -> None:
        super().__init__("http://127.0.0.1:1")
        self._said = (status, body, head)

    def _open(self, *_asked: Any, **_more: Any) -> Any:
        import requests

        status, body, head = self._said
        answer = requests.Response()
        answer.status_code, answer.headers = status, requests.structures.CaseInsensitiveDict(head)
        answer.raw = HTTPResponse(BytesIO(body), head, status, preload_content=False, decode_content=False)
        return answer


@given(
    kind=st.sampled_from(KINDS),
    status=st.sampled_from([200, 200, 200, 301, 400, 401, 403, 404, 409, 410, 413, 426, 429, 500, 502, 503]),
    body=ANYTHING,
    packing=st.sampled_from(["", "gzip", "identity", "br", "gzip, gzip", "\xff"]),
    wait=st.text(max_size=12),
)
@FEW
def test_any_answer_is_read_or_told(kind: Any, status: int, body: bytes, packing: str, wait: str):
    line = Says(status, body, {"content-encoding": packing, "retry-after": wait})

    try:
        read = line.ask("GET", "/v1/anything", kind)
    except (Trouble, Stopped):
        return
    assert status == 200
    assert msgspec.convert(msgspec.to_builtins(read), kind) == read


@pytest.mark.parametrize("body", STRANGE)
@pytest.mark.parametrize("status", [200, 409])
def test_the_strangest_answers_are_told(body: bytes, status: int):
    with pytest.raises((Trouble, Stopped)):
        Says(status, body, {}).ask("GET", "/v1/anything", PullReply)


def test_a_packed_answer_is_unpacked_no_further_than_it_may_reach(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transport_module, "ANSWER_BYTES", 100_000)
    most: list[int] = []
    decode = msgspec.json.decode
    monkeypatch.setattr(
        msgspec.json, "decode", lambda body, **more: most.append(len(body)) or decode(body, **more)
    )
    bomb = gzip.compress(b'"' + b"a" * 40_000_000 + b'"')

    with pytest.raises(Trouble) as caught:
        Says(200, bomb, {"content-encoding": "gzip"}).ask("GET", "/", str)

    assert (caught.value.code, most) == ("hub_unreadable", [])
    assert ANSWER_BYTES == 64_000_000


# --- what follows from an answer ----------------------------------------------------------------------

HUGE = st.sampled_from(
    [-1, 0, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400, "", "ff" * 40, "x" * 3_000, None, [], {}]
)
TELLS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


class Replies(Says):
    """Answers every question with one body."""

    def __init__(self, body: Any) -> None:
        super().__init__(200, msgspec.json.encode(body), {})


def places(tree: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a message where something else could stand."""
    if at:
        yield at
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield from places(value, (*at, key))


def bent(tree: Any, at: tuple[Any, ...], value: Any) -> Any:
    """The message with something else in one place."""
    copy = msgspec.json.decode(msgspec.json.encode(tree))
    inner = copy
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = value
    return copy


class Told:
    """A desk's folder with work that waits, and what its hub would answer next."""

    def __init__(self, folder: Path) -> None:
        hub = FakeHub()
        hub.receive("o1")
        with hub.serve() as url:
            desk = Desk(folder, url)
            desk.sign_in()
            desk.level()
            desk.hold()
            line, outbox, mark = desk.link.connect(), desk.store.outbox, desk.store.mark
            replica = outbox.meta("replica")
            signed = desk.link.signed(replica, outbox.unsent())
            push = line.push(Push(replica=replica, epoch=mark.epoch, schema=SCHEMA, commands=signed))
            hub.receive("o2")
            page = line.pull(epoch=mark.epoch, cursor=mark.cursor, last_n=0, limit=500, wait=0)
            line.close()
            desk.close()
        self.folder = folder
        self.push, self.page = (msgspec.json.decode(msgspec.json.encode(one)) for one in (push, page))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("told") / "desk")


def tried(told: Told, step: str, body: Any, place: Path) -> None:
    """Let a desk hear an answer: it takes it or says a sentence, and opens again with its work."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(told.folder, place)
    desk = Desk(place, "http://127.0.0.1:9")
    try:
        getattr(desk.loop, step)(Replies(body))
    except (Trouble, Stopped):
        pass
    finally:
        desk.close()
    store = Store(place)
    assert store.outbox._db.execute("SELECT name FROM outbox").fetchall() == [("hold",)]
    store.close()


@pytest.mark.parametrize("step", ["pull_once", "push_once"])
@given(data=st.data())
@TELLS
def test_any_page_and_any_answer_is_taken_or_told(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, data: st.DataObject
):
    for module in (loop_module, witness_module):
        monkeypatch.setattr(module.log, "disabled", True)  # what disagrees with sums or heads is reported
    tree = told.page if step == "pull_once" else told.push
    at = data.draw(st.sampled_from(list(places(tree))))

    tried(told, step, bent(tree, at, data.draw(HUGE | JUNK)), tmp_path / "desk")


@given(
    name=st.text(max_size=80) | st.sampled_from(["../" * 9 + "x", "a" * 64, "A" * 64]),
    size=st.text(max_size=20),
)
@FEW
def test_a_snapshot_names_no_other_file_and_no_silly_size(name: str, size: str):
    found = snapshot_of({SHA256: name, SIZE: size, "Content-Length": size})

    if found is not None:
        assert found.sha256 == "" or (len(name) == 64 and set(name) <= set("0123456789abcdef"))
        assert 0 <= found.size < 10**15


_SQLITE = b"SQLite format 3\0" + bytes(4_000)
_FAR = zstandard.ZstdCompressionParameters(window_log=27)


@pytest.mark.parametrize(
    ("packed", "size"),
    [
        (zstandard.compress(_SQLITE)[:-4], len(_SQLITE)),
        (zstandard.compress(bytes(10**7)), len(_SQLITE)),
        (zstandard.compress(_SQLITE)[:4] + b"\xff" * 40, len(_SQLITE)),
        (zstandard.ZstdCompressor(compression_params=_FAR).compressobj().compress(b"a" * 10**6), 10**6),
        (b"(\xb5/\xfd", 0),
        (gzip.compress(_SQLITE)[:-4], len(_SQLITE)),
    ],
    ids=["cut", "bomb", "noise", "window", "head", "gzip"],
)
def test_what_does_not_unpack_leaves_nothing_behind(tmp_path: Path, packed: bytes, size: int):
    part = tmp_path / "snapshot-x.part"
    part.write_bytes(packed)

    with pytest.raises(Trouble) as caught:
        bootstrap._unpacked(part, Snapshot("x", len(packed), size))

    assert caught.value.code == "snapshot_broken"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("packed", "size"),
    [
        (gzip.compress(b""), 0),
        (gzip.compress(b"no database"), 11),
        (gzip.compress(_SQLITE), len(_SQLITE)),
        (zstandard.compress(_SQLITE), len(_SQLITE)),
    ],
    ids=["nothing", "text", "gzip", "zstd"],
)
def test_a_snapshot_that_is_no_database_is_thrown_away(tmp_path: Path, packed: bytes, size: int):
    hub = FakeHub()
    hub.receive("o1")
    hub.snapshot, hub.size = packed, size
    with hub.serve() as url:
        desk = Desk(tmp_path / "desk", url)
        desk.sign_in()
        with pytest.raises(Trouble) as caught:
            desk.pull()
        assert caught.value.code == "snapshot_broken"
        hub.snapshot = None
        desk.level()
        assert desk.store.mark.cursor == hub.head
        desk.close()
    assert list((tmp_path / "desk").glob("snapshot*")) == []


def test_a_row_this_version_cannot_read_is_told_and_moves_nothing(told: Told, tmp_path: Path):
    for row in ({}, {"code": 1}, 10**400):
        shutil.rmtree(tmp_path / "desk", ignore_errors=True)
        shutil.copytree(told.folder, tmp_path / "desk")
        desk = Desk(tmp_path / "desk", "http://127.0.0.1:9")
        cursor = desk.store.mark.cursor
        page = bent(bent(told.page, ("changes", 0, 2), "shop"), ("changes", 0, 5), row)

        with pytest.raises(Trouble) as caught:
            desk.loop.pull_once(Replies(page))

        assert (caught.value.code, caught.value.retry) == ("hub_unreadable", True)
        assert desk.store.mark.cursor == cursor
        desk.close()
