"""Practice as its own process plays a whole deck while everything it might reach is watched."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from builders import NOW
from hub_world import company

from sync.hub.company import install_company
from sync.hub.database import open_database, writing

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 120
RESET_CPU_S = 5.0
"""What a round may cost from the wish to its laid deck: desk and hub together, the whole life of the hub."""
WATCH = """
import os, sys

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_file = open(os.environ["WATCHED"], "a", buffering=1)
_busy = [False]


def _hear(event, args):
    if _busy[0]:
        return
    _busy[0] = True
    try:
        if event in ("socket.connect", "socket.sendto"):
            print("line", args[-1], file=_file)
        elif event == "socket.getaddrinfo":
            print("name", args[0], file=_file)
        elif event == "subprocess.Popen":
            print("start", *args[1], file=_file)
        elif event == "open" and isinstance(args[2], int) and args[2] & _WRITES and isinstance(args[0], str):
            if "__pycache__" not in args[0] and args[0] != os.devnull:
                print("write", os.path.abspath(args[0]), file=_file)
        elif event == "import" and args[0] in ("keyring", "PySide6.QtPrintSupport"):
            print("import", args[0], file=_file)
    finally:
        _busy[0] = False


sys.addaudithook(_hear)
"""
PLAYER = """
import asyncio, json, resource, sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from app.boot import practice, practice_round
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.ports import Views
from app.training.lesson import Mode

live, rounds, told = practice_round.Round.live, [], {"ports": [], "papers": [], "desk_s": 0.0}


async def until(is_so):
    while not is_so():
        await asyncio.sleep(0.02)


async def play(one):
    began_s = time.process_time()
    await until(lambda: one.presenter.state.is_laid and one.shell.page.code == "warehouse")
    told["desk_s"] = time.process_time() - began_s
    told["ports"].append(one._practice.port)
    told["title"] = one.shell.windowTitle()
    if len(rounds) == 1:
        one.presenter.again()
        return
    desk, id = one.station.desk, one.playing.deck.id("parcel")
    one.shell.go("paper", {"order": id, "paper": "list"})
    paper = one.station.presenters["paper"]
    await until(lambda: paper.state.content is not None)
    QTest.keyClick(one.shell.page, Qt.Key.Key_P)
    await until(lambda: paper.state.said is not None)
    told["papers"].append(paper.state.said.message)
    order, _ = await desk.look(Views.order, id, desk.login)
    for line in order.lines:
        await desk.submit(Pick(order=id, line=line.id, qty=line.qty))
    await desk.submit(Pack(order=id, weight_g=900))
    await until(lambda: one.presenter.state.place == "result")
    told["is_passed"] = one.presenter.state.is_passed
    QTest.keyClick(one.shell.page, Qt.Key.Key_F12)


async def lived(one):
    rounds.append(one)
    task = asyncio.ensure_future(play(one))
    await live(one)
    await task


practice_round.Round.live = lived
code = practice.main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
told["hub_s"] = (used.ru_utime + used.ru_stime) / len(rounds)
print(json.dumps(told), file=sys.stderr)
sys.exit(code)
"""


@contextmanager
def live_hub(home: Path) -> Iterator[tuple[socket.socket, Path]]:
    """Stand where the hub that people work with would listen, beside its database."""
    database = home / "hub.db"
    engine = open_database(f"sqlite:///{database}")
    with writing(engine) as db:
        install_company(db, 1, company(), NOW)
    engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        yield door, database


def head(database: Path) -> tuple[object, ...]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        return (*db.execute("SELECT head, ref_rev FROM feed").fetchone(), database.read_bytes())


@pytest.mark.skipif(sys.platform == "win32", reason="what a child used is counted by resource")
def test_a_whole_deck_reaches_nothing_but_its_own_hub_and_is_laid_anew_in_seconds(tmp_path: Path):
    watch, live, home = tmp_path / "watch", tmp_path / "live", tmp_path / "practice"
    for folder in (watch, live, home):
        folder.mkdir()
    (watch / "sitecustomize.py").write_text(WATCH)
    log = watch / "log"
    with live_hub(live) as (door, database):
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        before, files = head(database), sorted(path.name for path in live.rglob("*"))
        said = subprocess.run(
            [sys.executable, "-c", PLAYER, "--home", str(home), "--learner", "qiao",
             "--lesson", "pick_and_pack"],
            env=os.environ | {
                "PYTHONPATH": os.pathsep.join((str(watch), str(ROOT))), "WATCHED": str(log),
                "QT_QPA_PLATFORM": "offscreen", "DOCKET_HOME": str(live), "DOCKET_HUB": url,
            },
            capture_output=True, text=True, check=False, timeout=WAIT_S, cwd=ROOT,
        )  # fmt: skip
        assert said.returncode == 0, said.stderr
        with pytest.raises(BlockingIOError):
            door.accept()
        assert head(database) == before
        assert sorted(path.name for path in live.rglob("*")) == files
    told, heard = json.loads(said.stderr.splitlines()[-1]), log.read_text().splitlines()

    own = {f"line ('127.0.0.1', {port})" for port in told["ports"]}
    assert {one for one in heard if one.startswith(("line ", "name "))} <= own | {"name 127.0.0.1"}
    assert not [one for one in heard if one.startswith("import ")]
    written = [one for one in heard if one.startswith("write ")]
    assert written
    assert [one for one in written if not one.startswith(f"write {home}/")] == []
    started = [one for one in heard if one.startswith("start ")]
    assert len(started) == len(told["ports"]) == 2
    assert all(f" -m app hub --database sqlite:///{home}/round-" in one for one in started)

    assert told["is_passed"]
    assert "练习" in told["title"]
    assert ["Nothing was printed" in paper for paper in told["papers"]] == [True]
    assert [path.suffix for path in (home / "papers").iterdir()] == [".pdf"]
    attempts = [json.loads(line) for line in said.stdout.splitlines() if '"attempt"' in line]
    assert [(one["learner"], one["lesson"], one["passed"]) for one in attempts] == [
        ("qiao", "pick_and_pack", True)
    ]
    assert [json.loads(path.read_bytes()) for path in (home / "attempts").iterdir()] == attempts
    assert not list(home.glob("round-*"))
    assert told["desk_s"] + told["hub_s"] < RESET_CPU_S, told
