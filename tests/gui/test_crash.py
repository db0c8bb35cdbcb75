"""The last net: logged, reported without persons, told once, never a loop."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime

import pytest

from widgets.crash import CrashHook, without_persons

NOW = datetime(2026, 6, 13, 12, 30, 12, tzinfo=UTC)


@pytest.fixture
def told():
    return []


@pytest.fixture
def hook(tmp_path, told):
    hook = CrashHook(tmp_path, told.append, now=lambda: NOW, version="0.1.0")
    hook.install()
    yield hook
    hook.remove()


def fail(message="no stock for '季晓' 13800000000"):
    try:
        {}[message]
    except KeyError:
        sys.excepthook(*sys.exc_info())


def test_a_bug_leaves_a_report_and_is_told(hook, told, tmp_path):
    fail()

    report = json.loads((tmp_path / told[0].path).read_text(encoding="utf-8"))
    assert told[0].path == "crash-20260613123012-1.json"
    assert (report["kind"], report["version"], report["happened_at"]) == (
        "KeyError",
        "0.1.0",
        "2026-06-13T12:30:12+00:00",
    )
    assert report["frames"][-1].startswith("tests/gui/test_crash.py:")


def test_no_report_and_no_log_holds_a_person_or_a_folder(hook, told, tmp_path):
    fail()

    kept = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
    for secret in ("季", "138", str(tmp_path.home())):
        assert secret not in kept


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("no row 42 in table", "no row 42 in table"),
        ("order 118204 of li@example.com", "order … of …"),
        ("key '季晓' missing", "key … missing"),
        ("地址 wrong", "… wrong"),
    ],
)
def test_messages_lose_what_names_a_customer(message, kept):
    assert without_persons(message) == kept


def test_the_same_bug_again_is_counted_and_not_told_again(hook, told, tmp_path):
    for _ in range(3):
        fail()

    lines = [json.loads(line) for line in (tmp_path / "crash.log").read_text("utf-8").splitlines()]
    assert [line["times"] for line in lines] == [1, 2, 3]
    assert len(told) == 1


def test_a_bug_of_another_thread_is_told_with_its_name(hook, told):
    thread = threading.Thread(target=lambda: 1 / 0, name="store")
    thread.start()
    thread.join()

    assert (told[0].kind, told[0].thread) == ("ZeroDivisionError", "store")


def test_a_bug_while_telling_does_not_go_round(tmp_path, capsys):
    def tell(report):
        raise RuntimeError("the bar is broken")

    hook = CrashHook(tmp_path, tell, now=lambda: NOW)
    hook.install()
    try:
        fail()
    finally:
        hook.remove()

    assert "the bar is broken" in capsys.readouterr().err


def test_a_full_disk_still_shows_the_first_bug(tmp_path, told, capsys):
    (tmp_path / "file").write_text("")
    hook = CrashHook(tmp_path / "file", told.append, now=lambda: NOW)
    hook.install()
    try:
        fail("first bug")
    finally:
        hook.remove()

    assert "first bug" in capsys.readouterr().err


def test_remove_gives_the_hooks_back(tmp_path, told):
    before = sys.excepthook, sys.unraisablehook, threading.excepthook
    hook = CrashHook(tmp_path, told.append, now=lambda: NOW)

    hook.install()
    hook.remove()

    assert (sys.excepthook, sys.unraisablehook, threading.excepthook) == before
