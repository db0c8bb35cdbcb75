"""What goes wrong with files laid into folders: refused ones, strange names, slow servers, two hubs."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from sqlalchemy import select
from test_dropping import HEAD_ANEW, Server, cases, lay, looked, names, numbers
from test_import_api import GOOD, HEAD, World, ended, handed_in

from app.imports import Reading
from app.text import Text
from app.trouble import Trouble
from sync.connection_tables import stream
from sync.hub.database import reading
from sync.hub.dropping import sftp
from sync.hub.dropping.folder import LocalFolder, free_name, shown
from sync.hub.dropping.taking import Dropped
from sync.hub.polling import streams

BYTES = pytest.mark.skipif(sys.platform != "linux", reason="names are text on other systems")
GBK_NAME = "订单.csv".encode("gbk")


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    folder = tmp_path / "laid"
    folder.mkdir()
    return folder


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = World(tmp_path)
    made.people()
    desk = made.desk()
    files, matching = handed_in(desk, made.file(HEAD, GOOD[0]))
    ended(desk, desk.begin("S1", files, matching))
    yield made
    made.close()


def dropped(world: World, folder: Any) -> Dropped:
    counter = world.running.hub.counter
    assert counter is not None
    return Dropped(counter, "S1", folder)


def test_a_file_that_was_refused_is_read_when_it_is_laid_again_after_its_mapping_was_mended(
    world: World, laid: Path
):
    desk, drop = world.desk(), dropped(world, LocalFolder(laid))
    lay(laid, "c.csv", HEAD_ANEW, ("N7", *GOOD[0][1:]))
    looked(drop)
    cases(world, 1)
    by_hand = [desk.look(world.file(HEAD_ANEW, ("N8", *GOOD[0][1:])), Reading()).id]
    mended = desk.match("S1", by_hand, {"0/单号": ("number", "")})
    ended(desk, desk.begin("S1", by_hand, mended))
    lay(laid, "c.csv", HEAD_ANEW, ("N7", *GOOD[0][1:]))
    looked(drop)

    assert numbers(world) == ["N0", "N7", "N8"]
    assert names(laid) == ["done/c.csv", "failed/c.csv"]
    assert cases(world, 0) == []


def test_a_file_nobody_mended_is_refused_again_and_asked_about_once(world: World, laid: Path):
    drop = dropped(world, LocalFolder(laid))
    for _ in range(2):
        lay(laid, "c.csv", HEAD_ANEW, ("N7", *GOOD[0][1:]))
        looked(drop)

    assert names(laid) == ["failed/c.2.csv", "failed/c.csv"]
    assert len(cases(world, 1)) == 1
    assert numbers(world) == ["N0"]


@BYTES
def test_a_file_of_any_encoding_and_any_name_is_taken(world: World, laid: Path):
    drop = dropped(world, LocalFolder(laid))
    strange = ["a\nb'\"<%s>{0}.csv", "订单 😀.csv", "x" * 251 + ".csv"]
    for n, (name, encoding) in enumerate(zip(strange, ("gbk", "utf-8-sig", "utf-16"), strict=True), 1):
        lay(laid, name, HEAD, GOOD[n]).write_bytes((laid / name).read_text("utf-8").encode(encoding))
    lay(laid, os.fsdecode(GBK_NAME), HEAD, GOOD[4])
    for _ in range(5):
        looked(drop)

    assert numbers(world) == ["N0", "N1", "N2", "N3", "N4"]
    assert names(laid) == sorted(f"done/{name}" for name in (*strange, os.fsdecode(GBK_NAME)))
    assert "订单.csv" in [name for row in world.desk().past() for name in row.files]


def test_names_stay_short_enough_to_be_moved_and_can_be_shown():
    longest = "单" * 83 + ".xlsx"
    assert len(free_name(longest, [longest]).encode()) <= 255
    assert free_name(longest, [longest]).endswith(".2.xlsx")
    assert shown(os.fsdecode(GBK_NAME)) == "订单.csv"
    assert shown(os.fsdecode(b"\xff\xfe.csv")).endswith(".csv")
    shown(os.fsdecode(b"\xff\xfe.csv")).encode()


def test_a_file_that_cannot_be_fetched_holds_up_no_other(world: World, laid: Path):
    class Locked(LocalFolder):
        def fetch(self, name: str, to: Path) -> None:
            if name == "a.csv":
                raise Trouble("folder", Text("locked"), retry=True)
            super().fetch(name, to)

    drop = dropped(world, Locked(laid))
    lay(laid, "a.csv", HEAD, GOOD[1])
    lay(laid, "b.csv", HEAD, GOOD[2])
    drop.step()
    drop.step()
    assert health_of(world) == "folder"
    rested(world)
    looked(drop)

    assert (numbers(world), names(laid)) == (["N0", "N2"], ["a.csv", "done/b.csv"])


def test_a_file_that_breaks_what_reads_it_is_put_before_a_person(
    world: World, laid: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
):
    drop = dropped(world, LocalFolder(laid))
    whole = drop._counter.lay_out

    def lay_out(name: str, *more: Any) -> Any:
        if name == "a.csv":
            raise LookupError(name)
        return whole(name, *more)

    monkeypatch.setattr(drop._counter, "lay_out", lay_out)
    lay(laid, "a.csv", HEAD, GOOD[1])
    lay(laid, "b.csv", HEAD, GOOD[2])
    looked(drop)
    looked(drop)

    assert (numbers(world), names(laid)) == (["N0", "N2"], ["done/b.csv", "failed/a.csv"])
    assert len(cases(world, 1)) == 1
    expect_log("a file of S1 cannot be read")


def test_a_file_that_is_too_large_is_refused_with_a_sentence(world: World, laid: Path):
    drop = dropped(world, LocalFolder(laid))
    with (laid / "a.csv").open("wb") as file:
        file.truncate(500_000_001)
    looked(drop)

    assert names(laid) == ["failed/a.csv"]
    assert len(cases(world, 1)) == 1


def test_same_name_with_other_content_is_read_and_same_content_under_another_name_is_not(
    world: World, laid: Path
):
    drop = dropped(world, LocalFolder(laid))
    lay(laid, "a.csv", HEAD, GOOD[1])
    drop.step()
    drop.step()
    lay(laid, "a.csv", HEAD, GOOD[2], GOOD[3])
    looked(drop, 3)
    looked(drop)
    lay(laid, "b.csv", HEAD, GOOD[1])
    looked(drop)

    assert numbers(world) == ["N0", "N1", "N2", "N3"]
    assert names(laid) == ["done/a.csv", "done/b.csv"]
    assert len([row for row in world.desk().past() if row.by == "folder"]) == 2


# --- leases ----------------------------------------------------------------------------------------------


def test_a_visit_that_outlasts_its_lease_keeps_it(world: World, laid: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(streams, "LEASE", streams.LEASE / 30)
    others = []

    class Slow(LocalFolder):
        def lying(self) -> Any:
            begun, pause = lease_of(world), threading.Event()
            for _ in range(200):
                if lease_of(world) > begun:
                    break
                pause.wait(0.02)
            others.append(second.step())
            return super().lying()

    second = dropped(world, LocalFolder(laid / "nowhere"))
    dropped(world, Slow(laid)).step()

    assert others == [False]
    assert health_of(world) == ""


def test_a_hub_that_lost_its_lease_neither_imports_nor_moves(
    world: World, laid: Path, monkeypatch: pytest.MonkeyPatch
):
    slow = dropped(world, LocalFolder(laid))
    lay(laid, "a.csv", HEAD, GOOD[1])
    slow.step()
    monkeypatch.setattr(slow._folder, "fetch", lambda name, to: (taken_over(world), fetch(name, to)))
    fetch = LocalFolder(laid).fetch
    assert slow.step() is False

    assert [row.by for row in world.desk().past()] == ["clerk"]
    assert names(laid) == ["a.csv"]


def taken_over(world: World) -> None:
    """Let another hub take the lease, as it may after a minute of silence."""
    with world.running.hub.engine.begin() as db:
        db.execute(stream.update().values(fence=stream.c.fence + 1))


def rested(world: World) -> None:
    with world.running.hub.engine.begin() as db:
        db.execute(stream.update().values(not_before=None))


def lease_of(world: World) -> Any:
    with reading(world.running.hub.engine) as db:
        return db.execute(select(stream.c.lease_until).where(stream.c.name == "files")).scalar()


def health_of(world: World) -> str:
    with reading(world.running.hub.engine) as db:
        return str(db.execute(select(stream.c.code).where(stream.c.name == "files")).scalar())


# --- behind SFTP -----------------------------------------------------------------------------------------


@pytest.fixture
def server(laid: Path) -> Iterator[Server]:
    made = Server(laid)
    yield made
    made.close()


@BYTES
def test_names_behind_sftp_that_are_no_utf_8_are_read_and_moved(server: Server, laid: Path, tmp_path: Path):
    (laid / os.fsdecode(GBK_NAME)).write_bytes(b"x")
    folder = server.folder()
    (one,) = folder.lying()
    folder.fetch(one.name, tmp_path / "copy")
    folder.put_away(one.name, "done")

    assert shown(one.name) == "订单.csv"
    assert names(laid) == [f"done/{os.fsdecode(GBK_NAME)}"]


def test_a_server_that_goes_in_the_middle_is_told_as_such_and_read_again(
    server: Server, laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (laid / "a.csv").write_bytes(b"x" * 3_000_000)
    whole = asyncssh.SFTPServer.read
    served = []

    def read(self: Any, *where: Any) -> Any:
        served.append(where)
        if len(served) == 3:
            self.channel.get_connection().abort()
        return whole(self, *where)

    monkeypatch.setattr(asyncssh.SFTPServer, "read", read)
    with pytest.raises(Trouble) as trouble:
        server.folder().fetch("a.csv", tmp_path / "copy")
    assert trouble.value.retry
    assert "cannot be reached" in trouble.value.hint.message

    server.folder().fetch("a.csv", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size == 3_000_000


def test_a_file_that_comes_slowly_is_fetched_and_one_that_stands_still_is_told(
    server: Server, laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (laid / "a.csv").write_bytes(b"x" * 100_000)
    whole, pause_s = asyncssh.SFTPServer.read, [0.05]

    async def read(self: Any, *where: Any) -> Any:
        await sftp.asyncio.sleep(pause_s[0])
        return whole(self, *where)

    monkeypatch.setattr(asyncssh.SFTPServer, "read", read)
    monkeypatch.setattr(sftp, "VISIT_S", 0.3)
    monkeypatch.setattr(sftp, "QUIET_S", 0.3)
    monkeypatch.setattr(sftp, "CHUNK", 10_000)
    server.folder().fetch("a.csv", tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_size == 100_000

    pause_s[0] = 0.6
    with pytest.raises(Trouble) as trouble:
        server.folder().fetch("a.csv", tmp_path / "copy")
    assert "too slow" in trouble.value.hint.message
