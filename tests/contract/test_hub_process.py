"""The hub as a process: starts without Qt, and says in a sentence why it cannot."""

from __future__ import annotations

import base64
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hub_world import HubWorld, bought
from sqlalchemy.exc import OperationalError

from app.boot import hub as verb
from app.boot.opening import Running, begin_epoch
from sync import tables

NO_QT = """
import importlib.abc, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "qasync", "widgets"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Block())
from app.boot.hub import main
sys.exit(main(sys.argv[1:]))
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    assert verb.main(list(argv)) == 2
    return capsys.readouterr().err.strip()


def test_it_starts_where_qt_is_not_installed_and_stops_with_its_parent(home: Path):
    argv = ["--database", f"sqlite:///{home / 'hub.db'}", "--listen", "127.0.0.1:0", "--child"]
    child = subprocess.Popen(
        [sys.executable, "-c", NO_QT, *argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdin is not None
    assert child.stdout is not None

    line = child.stdout.readline()
    child.stdin.close()

    assert json.loads(line)["url"].startswith("http://127.0.0.1:")
    assert child.wait(20) == 0
    child.stdout.close()


@pytest.mark.parametrize("more", [(), ("--demo",)])
def test_hosts_and_code_of_the_operator_reach_every_hub(
    home: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
):
    url, folder, served = f"sqlite:///{home / 'hub.db'}", home / "plugins", list[Running]()
    folder.mkdir(0o700)
    (folder / "tmall.py").write_text("def sign(request, settings):\n    return ''\n", encoding="utf-8")
    (folder / "tmall.py").chmod(0o600)
    monkeypatch.setattr(verb, "open_demo", lambda database, door, **_more: verb.open_hub(database, door=door))
    monkeypatch.setattr(verb, "serve", lambda running, *_args, **_more: served.append(running))

    verb.main(["--database", url, "--hooks-to", "erp", "--plugins", str(folder), *more])

    (running,) = served
    running.close()
    assert (set(running.hub.hook_hosts), set(running.hub.plugins)) == ({"erp"}, {"tmall"})


@pytest.mark.parametrize("address", ["foo", "mysql://x/y", ""])
def test_an_address_that_is_none_is_explained(capsys: pytest.CaptureFixture[str], address: str):
    assert "This is no database address" in said(capsys, "--database", address)


def test_a_busy_port_is_explained(home: Path, capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        listen = f"127.0.0.1:{busy.getsockname()[1]}"

        answer = said(capsys, "--database", f"sqlite:///{home / 'hub.db'}", "--listen", listen)

    assert "is another hub running there?" in answer


def test_another_master_key_and_no_key_are_explained(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    hub.channel.must(bought("o1"))
    url = hub.engine.url.render_as_string(hide_password=False)

    monkeypatch.setenv("DOCKET_HUB_KEY", base64.b64encode(bytes(32)).decode())
    assert "not the master key of this database" in said(capsys, "--database", url)
    monkeypatch.setenv("DOCKET_HUB_KEY", "short")
    assert "DOCKET_HUB_KEY is no key" in said(capsys, "--database", url)


def test_a_newer_schema_is_explained(hub: HubWorld, capsys: pytest.CaptureFixture[str]):
    hub.sql("UPDATE alembic_version SET version_num = '9999'")

    url = hub.engine.url.render_as_string(hide_password=False)
    assert "A newer Docket has used" in said(capsys, "--database", url)


def test_a_restored_database_begins_a_new_life(hub: HubWorld):
    before = hub.rows(tables.feed)[0]

    begin_epoch(hub.engine.url.render_as_string(hide_password=False))

    after = hub.rows(tables.feed)[0]
    assert after.epoch != before.epoch
    assert after.head == before.head


def test_a_hub_ends_where_its_database_began_another_life(hub: HubWorld):
    served = SimpleNamespace(engine=hub.engine, epoch=hub.rows(tables.feed)[0].epoch)
    server = SimpleNamespace(should_exit=False)
    life = verb._Life(served, server)
    life.follow()
    assert not server.should_exit

    begin_epoch(hub.engine.url.render_as_string(hide_password=False))
    life.follow()

    assert server.should_exit
    assert life.is_over


def test_a_database_that_goes_away_while_the_hub_starts_is_a_sentence(tmp_path, monkeypatch, capsys):
    """It was there a moment ago, and the hub does not answer yet."""

    def gone(*_):
        raise OperationalError("INSERT", None, sqlite3.OperationalError("terminating connection"))

    monkeypatch.setattr(verb, "jobs", gone)
    words = said(capsys, "--database", f"sqlite:///{tmp_path / 'hub.db'}", "--listen", "127.0.0.1:0")
    assert words.strip().endswith("terminating connection")
