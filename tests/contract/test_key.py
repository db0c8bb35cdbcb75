"""The master key goes into a file under a passphrase, and comes back only with it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builders import NOW
from hub_world import HubWorld

from app.boot import key as verb
from app.boot.places import found_key, keep_key, master_key
from app.trouble import Trouble
from sync.hub.keeping.keyfile import opened_key, sealed_key

KEY = bytes(range(32))
PHRASE = "linen and cotton 42"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DOCKET_HUB_KEY", raising=False)
    monkeypatch.setattr("app.boot.words.console_language", lambda: "en")


def say(monkeypatch: pytest.MonkeyPatch, passphrase: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{passphrase}\n"))


def test_only_the_passphrase_opens_it():
    file = sealed_key(KEY, PHRASE, "sqlite:///hub.db", NOW)

    assert opened_key(file, PHRASE) == KEY
    assert KEY.hex().encode() not in file
    with pytest.raises(Trouble) as trouble:
        opened_key(file, PHRASE + "!")
    assert trouble.value.code == "wrong_passphrase"


@pytest.mark.parametrize("file", [b"", b"{}", b"[" * 5_000, b"x" * 20_000])
def test_anything_else_is_no_key(file: bytes):
    with pytest.raises(Trouble) as trouble:
        opened_key(file, PHRASE)
    assert trouble.value.code == "not_a_key"


def test_a_short_passphrase_is_refused():
    with pytest.raises(Trouble) as trouble:
        sealed_key(KEY, "short", "x", NOW)
    assert trouble.value.code == "weak_passphrase"


def test_a_key_travels_to_another_machine(
    hub: HubWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    here = hub.engine.url.render_as_string(hide_password=False)
    there, file = "sqlite:////srv/restored.db", tmp_path / "docket.key"
    kept = master_key(here)

    say(monkeypatch, PHRASE)
    assert verb.main(["export", str(file), "--database", here]) == 0
    assert found_key(there) is None
    say(monkeypatch, PHRASE)
    assert verb.main(["import", str(file), "--database", there]) == 0

    assert found_key(there) == kept
    assert file.stat().st_mode & 0o077 == 0
    assert "away from the backups" in capsys.readouterr().out


def test_a_key_that_is_not_this_databases_is_not_written(
    hub: HubWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from hub_world import bought

    hub.channel.must(bought("o1"))
    url = hub.engine.url.render_as_string(hide_password=False)
    keep_key(url, bytes(32))

    say(monkeypatch, PHRASE)
    assert verb.main(["export", str(tmp_path / "k"), "--database", url]) == 2

    assert "not the master key of this database" in capsys.readouterr().err
    assert not (tmp_path / "k").exists()


def test_a_key_that_was_here_is_put_aside(tmp_path: Path):
    keep_key("sqlite:///a.db", KEY)
    keep_key("sqlite:///a.db", bytes(32))

    assert found_key("sqlite:///a.db") == bytes(32)
    assert len(list((tmp_path / "home" / "keys").iterdir())) == 2


def test_no_key_is_made_by_asking_for_one(tmp_path: Path):
    assert found_key("sqlite:///a.db") is None
    assert not (tmp_path / "home" / "keys").exists()
