"""The doctor finds what is wrong and says what to do about it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from app.boot import doctor, words
from app.text import Text


@pytest.mark.parametrize(
    ("python", "installed", "state"),
    [((3, 11), "6.12.0", "bad"), ((3, 11), "6.11.3", "ok"), ((3, 12), "6.12.0", "ok"), ((3, 11), "", "warn")],
)
def test_a_qt_that_aborts_this_python_is_bad(monkeypatch, python, installed, state):
    monkeypatch.setattr(doctor.sys, "version_info", (*python, 0))
    monkeypatch.setattr(doctor, "_version", lambda _package: installed)

    assert doctor.qt().state == state


def test_a_package_that_is_not_the_pinned_one_is_bad(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda _package: "0.1")

    found = doctor.packages()

    assert found.state == "bad"
    assert "SQLAlchemy≠2.1.9" in found.fact


def test_a_missing_key_store_says_what_to_do(monkeypatch):
    import keyring
    from keyring.backends import fail

    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)

    found = doctor.key_store()

    assert found.state == "warn"
    assert "start one" in words.console(found.hint, "en")


def test_a_folder_that_cannot_be_written_is_bad(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "_data_folder", lambda: tmp_path / "gone")

    found = doctor.sqlite()

    assert found.state == "bad"
    assert str(tmp_path) in words.console(found.hint, "en")


@pytest.mark.parametrize(("free_bytes", "state"), [(5e8, "bad"), (3e9, "warn"), (9e9, "ok")])
def test_little_disk_is_noticed(monkeypatch, free_bytes, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free_bytes))

    assert doctor.disk().state == state


def test_the_doctor_answers_in_json(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "LOOKS", (doctor.python, doctor.sqlite))

    assert doctor.main(["--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert [finding["code"] for finding in answer["findings"]] == ["python", "sqlite"]


def test_one_bad_finding_fails_the_doctor(monkeypatch):
    sick = doctor.Finding("x", "X", "bad", "-", Text("Do this."))
    monkeypatch.setattr(doctor, "LOOKS", (doctor.python, lambda: sick))

    assert doctor.main([]) == 1


def test_where_nothing_seals_the_desks_files_it_says_what_that_means(monkeypatch):
    assert doctor.desk_files().state == "ok"
    monkeypatch.setattr(doctor, "cipher", lambda: None)

    found = doctor.desk_files()

    assert found.state == "warn"
    assert "can read them" in found.hint.message
