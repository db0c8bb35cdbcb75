"""Files laid into a folder are taken once, whole, as earlier ones were; others wait for a person."""

from __future__ import annotations

import asyncio
import csv
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import select
from test_import_api import BAD, GOOD, HEAD, World, ended, handed_in

from app.boot.opening import FEED_ID
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.dropping.folder import LocalFolder, free_name, is_ours
from sync.hub.dropping.folder_file import read_folders
from sync.hub.dropping.sftp import SftpFolder
from sync.hub.dropping.taking import Dropped
from sync.hub.polling.health import health
from sync.hub.verify import verify
from sync.replica.imports import Imports
from sync.tables import orders, snag

WORD = "open sesame"
HEAD_ANEW = ("单号", *HEAD[1:])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = World(tmp_path)
    made.people()
    yield made
    made.close()


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    folder = tmp_path / "laid"
    folder.mkdir()
    return folder


def lay(folder: Path, name: str, *rows: object) -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / name


def looked(dropped: Dropped, times: int = 2) -> None:
    """Look, wait until what was begun has ended, and look again: it is moved then."""
    pause = threading.Event()
    for _ in range(times):
        dropped.step()
    while any(row.is_moving for row in dropped._counter.runs.past(50)):
        pause.wait(0.02)
    dropped.step()


def numbers(world: World) -> list[str]:
    with reading(world.running.hub.engine) as db:
        return sorted(db.execute(select(orders.c.ext_id)).scalars())


def cases(world: World, count: int) -> list[str]:
    """The open cases, once the hub has decided so many."""
    pause = threading.Event()
    for _ in range(2_000):
        if len(found := _cases(world)) == count:
            return found
        pause.wait(0.01)
    raise AssertionError(found)


def _cases(world: World) -> list[str]:
    with reading(world.running.hub.engine) as db:
        rows = db.execute(select(snag.c.id).where(snag.c.subject == "raw", snag.c.state == "open"))
        return [row.id for row in rows]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_taken_once_and_whole_and_new_columns_wait_for_a_person(world: World, laid: Path):
    counter = world.running.hub.counter
    assert counter is not None
    desk, dropped = world.desk(), Dropped(counter, "S1", LocalFolder(laid))
    files, matching = handed_in(desk, world.file(HEAD, GOOD[0]))
    ended(desk, desk.begin("S1", files, matching))

    lay(laid, "a.csv", HEAD, *GOOD[1:3])
    lay(laid, "b.csv.part", HEAD, GOOD[3])
    dropped.step()
    assert names(laid) == ["a.csv", "b.csv.part"]
    with (laid / "a.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(GOOD[3])
    dropped.step()
    assert numbers(world) == ["N0"]
    looked(dropped)
    assert (numbers(world), names(laid)) == (["N0", "N1", "N2", "N3"], ["b.csv.part", "done/a.csv"])

    lay(laid, "a.csv", HEAD, *GOOD[1:4])
    looked(dropped)
    assert names(laid) == ["b.csv.part", "done/a.2.csv", "done/a.csv"]
    assert len([row for row in desk.past() if row.by == "folder"]) == 1

    lay(laid, "c.csv", HEAD_ANEW, ("N7", *BAD[1:4], 2, "9.90"))
    (laid / "d.xlsx").write_bytes(b"%PDF-1.7 no table")
    looked(dropped)
    looked(dropped)
    assert names(laid)[-2:] == ["failed/c.csv", "failed/d.xlsx"]
    opened = cases(world, 2)
    assert numbers(world) == ["N0", "N1", "N2", "N3"]

    again = retaken(desk, opened)
    mended = desk.match("S1", [again], {"0/单号": ("number", "")})
    ended(desk, desk.begin("S1", [again], mended))
    assert (numbers(world)[-1], len(cases(world, 1))) == ("N7", 1)
    lay(laid, "e.csv", HEAD_ANEW, ("N8", *BAD[1:4], 2, "9.90"))
    looked(dropped)
    assert numbers(world)[-1] == "N8"

    taken = desk.past()[0].id
    desk.undo(taken)
    ended(desk, taken)
    lay(laid, "e.csv", HEAD_ANEW, ("N8", *BAD[1:4], 2, "9.90"))
    looked(dropped)
    assert [row.state for row in desk.past() if row.files == ("e.csv",)] == ["done", "undone"]
    assert verify(world.running.hub.engine, FEED_ID).findings == ()


def retaken(desk: Imports, open_cases: list[str]) -> str:
    """Fetch the rows of the one case that has some; of a file that is no table there are none."""
    found = []
    for case in open_cases:
        with suppress(Trouble):
            found.append(desk.retake(case).file.id)
    (file,) = found
    return file


def test_a_folder_that_is_gone_is_told_on_the_page_of_channels(world: World, laid: Path):
    counter, hub = world.running.hub.counter, world.running.hub
    assert counter is not None
    desk = world.desk()
    files, matching = handed_in(desk, world.file(HEAD, GOOD[0]))
    ended(desk, desk.begin("S1", files, matching))

    Dropped(counter, "S1", LocalFolder(laid / "nowhere")).step()

    (shop,) = health(hub.engine, FEED_ID, hub.seal, hub.clock()).shops
    (files_list,) = shop.lists
    assert (shop.state, files_list.name, files_list.tries) == ("files", "files", 1)
    assert files_list.said is not None
    assert "cannot be used" in files_list.said.message


def test_names_that_are_hidden_or_half_written_are_left_alone_and_none_is_written_over():
    assert [name for name in (".a", "~$a.xlsx", "a.csv.PART", "a.tmp", "a.csv", "") if is_ours(name)] == [
        "a.csv"
    ]
    assert free_name("a.csv", ["a.csv", "a.2.csv"]) == "a.3.csv"


def test_a_file_of_folders_is_checked_and_quotes_no_secret(tmp_path: Path):
    path = tmp_path / "folders.toml"
    for said, found in (
        ('[[folder]]\nshop = "S1"\npath = "/srv"\n', ["S1"]),
        ('[[folder]]\nshop = "S1"\npath = "/srv"\nhost = "h"\nuser = "u"\npassword = "hush"\n', "host_key"),
        ('[[folder]]\nshop = "S1"\npath = "/a"\n[[folder]]\nshop = "S1"\npath = "/b"\n', "two folders"),
        ('[[folder]]\nshop = "S1"\npasswd = "hush"\n', "no file of folders"),
    ):
        path.write_text(said)
        path.chmod(0o600)
        if isinstance(found, list):
            assert list(read_folders(path)) == found
            continue
        with pytest.raises(Trouble) as trouble:
            read_folders(path)
        assert found in trouble.value.hint.message
        assert "hush" not in str(trouble.value.hint)


# --- behind SFTP -----------------------------------------------------------------------------------------


class Door(asyncssh.SSHServer):
    """Lets one user in by one password."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("shop", WORD)


class Server:
    """An SFTP server over a folder, on a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.port = self.do(self._open(folder))

    def do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def _open(self, folder: Path) -> int:
        self.server = await asyncssh.create_server(
            Door, "127.0.0.1", 0, server_host_keys=[self.key],
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=str(folder)),
        )  # fmt: skip
        return self.server.get_port()

    def folder(self, *, key: str = "", password: str = WORD, path: str = "/") -> SftpFolder:
        mine = self.key.export_public_key().decode().strip()
        return SftpFolder("127.0.0.1", self.port, "shop", path, key or mine, password=password)

    def close(self) -> None:
        self.server.close()
        self.do(self.server.wait_closed())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


def test_a_folder_behind_sftp_is_read_moved_in_and_known_by_its_host_key(laid: Path, tmp_path: Path):
    server = Server(laid)
    try:
        lay(laid, "a.csv", HEAD, *GOOD)
        lay(laid, "b.csv.part", HEAD)
        (laid / "inside").mkdir()
        folder = server.folder()
        (one,) = folder.lying()
        assert (one.name, one.size) == ("a.csv", (laid / "a.csv").stat().st_size)
        folder.fetch("a.csv", tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == (laid / "a.csv").read_bytes()
        folder.put_away("a.csv", "done")
        lay(laid, "a.csv", HEAD)
        folder.put_away("a.csv", "done")
        assert names(laid) == ["b.csv.part", "done/a.2.csv", "done/a.csv"]

        other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        no_key = SftpFolder("127.0.0.1", server.port, "shop", "/", other, key_file=str(tmp_path / "gone"))
        for wrong, said in (
            (no_key, "keys for {host} cannot be read"),
            (server.folder(key=other), "another host key"),
            (server.folder(password="guess"), "does not let the hub in"),
        ):
            with pytest.raises(Trouble) as trouble:
                wrong.lying()
            assert said in trouble.value.hint.message
            assert trouble.value.retry
    finally:
        server.close()
    with pytest.raises(Trouble, match="folder"):
        folder.lying()
