"""The files of a desk, sealed: nobody reads them without the key; an older desk's are sealed once, whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from fake_hub import FakeHub
from line_world import Desk

from app.ports import OrderQuery
from app.trouble import Trouble
from sync.instants import micros
from sync.replica import outbox as outbox_module
from sync.replica import sealed
from sync.replica.bootstrap import ASKED_MOST, fetch
from sync.replica.files import open_file
from sync.replica.outbox import Outbox
from sync.replica.store import Store
from sync.replica.views import Views
from sync.transport import Stopped, Transport
from sync.wire import Stop

KEY, OTHER = bytes(range(32)), bytes(32)
NAME = "季小雨"

pytestmark = pytest.mark.skipif(sealed.cipher() is None, reason="nothing seals files on this platform")


@pytest.fixture
def hub():
    made = FakeHub()
    for number in range(20):
        made.receive(f"o{number}")
    return made


@pytest.fixture
def address(hub: FakeHub):
    with hub.serve() as url:
        yield url


def desk_of_before(folder: Path, address: str) -> None:
    """A plain desk with rows, a command that waits, a draft and a setting, ended without a word."""
    desk = Desk(folder, address)
    desk.sign_in()
    desk.level()
    desk.hold("o1")
    desk.store.save_draft("hold:o2", {"reason": "半写的话"})
    desk.store.set_setting("last_user", "lead")
    desk.close()


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_a_sealed_desk_shows_no_name_and_no_table_on_disk(tmp_path: Path, hub: FakeHub, address: str):
    desk = Desk(tmp_path, address, key=KEY)
    desk.sign_in()
    desk.level()
    desk.hold("o1")

    found = bytes_on_disk(tmp_path)
    desk.close()

    assert NAME.encode() not in found
    assert b"CREATE TABLE" not in found
    assert b"docket" not in found


def test_search_and_lists_work_on_a_sealed_desk(tmp_path: Path, hub: FakeHub, address: str):
    desk = Desk(tmp_path, address, key=KEY)
    desk.sign_in()
    desk.level()

    assert desk.views.count_orders(OrderQuery()) == 20
    assert [row.id for row in desk.views.find("o7", 10)] == ["o7"]
    desk.views.interrupt()
    desk.close()


def test_an_older_desks_files_are_sealed_once_and_nothing_is_lost(tmp_path: Path, hub: FakeHub, address: str):
    desk_of_before(tmp_path, address)
    assert NAME.encode() in bytes_on_disk(tmp_path)

    store = Store(tmp_path, key=KEY)
    views = Views(store, key=KEY)

    assert store.waiting.count == 1
    assert store.draft("hold:o2") == {"reason": "半写的话"}
    assert store.setting("last_user") == "lead"
    assert views.count_orders(OrderQuery()) == 20
    assert len(views.find("o7", 10)) == 1
    assert store.outbox._db.execute("PRAGMA user_version").fetchone() == (outbox_module.VERSION,)
    views.close()
    store.close()
    assert NAME.encode() not in bytes_on_disk(tmp_path)
    assert not list(tmp_path.glob("*.sealing"))


@pytest.mark.parametrize("moment", ["export", "check", "rename"])
def test_sealing_that_is_cut_short_leaves_the_plain_file_and_is_done_again(
    tmp_path: Path, hub: FakeHub, address: str, monkeypatch: pytest.MonkeyPatch, moment: str
):
    desk_of_before(tmp_path, address)

    class Cut(BaseException):
        """The power goes."""

    def cut(*_args: object) -> None:
        raise Cut

    with monkeypatch.context() as patch:
        if moment == "export":
            patch.setattr(sealed, "_counts", cut)
        elif moment == "check":
            patch.setattr(sealed, "connect", cut)
        else:
            patch.setattr(Path, "replace", cut)
        with pytest.raises(Cut):
            sealed.seal_in_place(tmp_path / "work.db", KEY)

    assert sealed.is_plain(tmp_path / "work.db")
    store = Store(tmp_path, key=KEY)
    assert store.waiting.count == 1
    assert not sealed.is_plain(tmp_path / "work.db")
    store.close()


def test_a_copy_that_is_not_whole_is_never_put_in_place(
    tmp_path: Path, hub: FakeHub, address: str, monkeypatch: pytest.MonkeyPatch
):
    desk_of_before(tmp_path, address)
    counts = iter([{"outbox": 1}, {"outbox": 0}])
    monkeypatch.setattr(sealed, "_counts", lambda *_args: next(counts))

    with pytest.raises(OSError, match="not whole"):
        sealed.seal_in_place(tmp_path / "work.db", KEY)

    assert sealed.is_plain(tmp_path / "work.db")
    assert not list(tmp_path.glob("*.sealing"))


def test_with_another_key_a_sentence_is_said_and_nothing_is_touched(tmp_path: Path):
    Outbox(tmp_path / "work.db", key=KEY).close()
    before = (tmp_path / "work.db").read_bytes()

    for key in (OTHER, b""):
        with pytest.raises(Trouble) as caught:
            Outbox(tmp_path / "work.db", key=key)
        assert caught.value.code == "sealed_file"
        assert caught.value.hint.params == {"name": "work.db"}

    assert (tmp_path / "work.db").read_bytes() == before


def test_where_nothing_can_be_sealed_the_desk_works_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealed, "cipher", lambda: None)

    store = Store(tmp_path, key=KEY)
    store.set_setting("last_user", "lead")
    store.close()

    assert sealed.is_plain(tmp_path / "work.db")


@pytest.mark.parametrize("elsewhere", [1, ASKED_MOST - 1, ASKED_MOST])
def test_a_file_is_asked_for_again_where_hubs_take_turns(
    tmp_path: Path, hub: FakeHub, address: str, monkeypatch: pytest.MonkeyPatch, elsewhere: int
):
    """Another hub at the same address has a file of its own and not this one."""
    hub.build_snapshot()
    desk = Desk(tmp_path, address, key=KEY)
    desk.sign_in()
    transport = Transport(address, desk.link.token)
    answered, turns = Transport.download, iter(range(elsewhere))

    def download(*asked: Any) -> Iterator[bytes]:
        if next(turns, None) is not None:
            raise Stopped(Stop(code="gone"))
        yield from answered(*asked)

    monkeypatch.setattr(Transport, "download", download)
    if elsewhere == ASKED_MOST:
        with pytest.raises(Trouble):
            fetch(transport, desk.store.folder, key=KEY)
    else:
        assert fetch(transport, desk.store.folder, key=KEY) is not None
    transport.close()
    desk.close()


def test_a_snapshot_is_sealed_before_it_is_used(tmp_path: Path, hub: FakeHub, address: str):
    hub.build_snapshot()
    desk = Desk(tmp_path, address, key=KEY)
    desk.sign_in()
    transport = Transport(address, desk.link.token)

    ready = fetch(transport, desk.store.folder, key=KEY)
    transport.close()

    assert ready is not None
    assert not sealed.is_plain(ready)
    assert not list(tmp_path.glob("*.part"))
    desk.store.adopt(ready)
    assert desk.views.count_orders(OrderQuery()) == 20
    assert len(desk.views.find("o7", 10)) == 1
    desk.level()
    hub.receive("o99")
    desk.pull()
    assert desk.views.count_orders(OrderQuery()) == 21
    assert len(desk.views.find("o99", 10)) == 1
    desk.close()


def test_a_full_disk_is_told_from_other_faults_in_a_sealed_file(tmp_path: Path):
    outbox = Outbox(tmp_path / "work.db", key=KEY)
    (pages,) = outbox._db.execute("PRAGMA page_count").fetchone()
    outbox._db.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Trouble) as caught:
        outbox.save_draft("a", {"x": "y" * 100_000})

    assert caught.value.code == "disk_full"
    outbox.close()


def test_a_plain_reader_finds_no_database(tmp_path: Path):
    outbox = Outbox(tmp_path / "work.db", key=KEY)
    outbox.set_meta(hub_at=str(micros(NOW)))
    outbox.close()

    with closing(sqlite3.connect(tmp_path / "work.db")) as db, pytest.raises(sqlite3.DatabaseError):
        db.execute("SELECT * FROM meta")
    with closing(open_file(tmp_path / "work.db", key=KEY, read_only=True)) as db:
        assert db.execute("SELECT value FROM meta WHERE key = 'hub_at'").fetchone() == (str(micros(NOW)),)
