"""The hub of this PC: it comes back by itself, rests longer when it keeps ending, and people are told."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.boot import embedded
from app.boot.embedded import KEEPS_ENDING, EmbeddedHub
from app.text import Text
from app.trouble import Trouble

WAIT_S = 60.0
ENDED = "the hub of this PC ended with"
ANSWERS = """
import json, os, sys
print(json.dumps({"url": f"http://127.0.0.1:{os.getpid()}"}), flush=True)
sys.stdin.read()
"""
ENDS = "import sys; sys.exit(2)"
ENDS_THRICE = """
import pathlib, sys
lives = pathlib.Path(sys.argv[sys.argv.index("--database") + 1])
lives.write_text(lives.read_text() + "x" if lives.exists() else "x")
if len(lives.read_text()) <= 3:
    sys.exit(2)
"""


class Ready:
    """Counts how often the hub said that it answers."""

    def __init__(self) -> None:
        self._times = threading.Semaphore(0)

    def __call__(self) -> None:
        self._times.release()

    def wait(self) -> None:
        assert self._times.acquire(timeout=WAIT_S), "the hub did not answer"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., EmbeddedHub]]:
    hubs: list[EmbeddedHub] = []

    def make(program: Sequence[str], database: str = "") -> EmbeddedHub:
        hubs.append(EmbeddedHub(database, demo=False, log=tmp_path / "log" / "hub.log", program=program))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.stop()


def child(script: str) -> Sequence[str]:
    return (sys.executable, "-S", "-E", "-c", script)


def end_of(hub: EmbeddedHub) -> None:
    """Kill it from outside, as the system does that runs out of memory."""
    process = hub._process
    assert process is not None
    process.kill()


def test_a_hub_that_is_killed_is_back_under_the_same_secret(made, expect_log) -> None:
    hub, ready = made(child(ANSWERS)), Ready()
    hub.start(ready)
    ready.wait()
    before, pid = hub.url, hub.pid

    end_of(hub)
    ready.wait()

    assert hub.is_running
    assert hub.pid != pid
    assert hub.url != before
    assert hub.url.rpartition("/")[2] == before.rpartition("/")[2]
    expect_log(ENDED)


def test_it_stays_away_when_it_was_unplugged_and_comes_when_it_is_plugged_in(made) -> None:
    hub, ready = made(child(ANSWERS)), Ready()
    hub.start(ready)
    ready.wait()
    threads = [one for one in threading.enumerate() if one.name == "hub-child"]

    hub.kill()
    for thread in threads:
        thread.join(WAIT_S)
    assert not hub.is_running
    assert hub.address() == ""

    hub.start(ready)
    ready.wait()
    assert hub.is_running


def test_a_desk_that_closes_ends_it_for_good(made) -> None:
    hub, ready = made(child(ANSWERS)), Ready()
    hub.start(ready)
    ready.wait()
    pid = hub.pid

    hub.stop()

    assert not hub.is_running
    assert hub.pid == pid


def test_one_that_keeps_ending_rests_longer_each_time_and_people_are_told_what_to_do(
    made, expect_log, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests, told, over = list[float](), list[Text](), threading.Event()

    class Impatient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout or 0.0)
            if len(rests) == 7:
                over.set()
                return True
            return False

    hub = made(child(ENDS))
    hub.on_note = told.append
    threads = SimpleNamespace(Event=Impatient, Thread=threading.Thread)
    monkeypatch.setattr(embedded, "threading", threads)
    hub.start(lambda: None)
    monkeypatch.undo()
    assert over.wait(WAIT_S)

    assert rests == [0.0, 0.5, 2.0, 10.0, 30.0, 30.0, 30.0]
    assert told == [Text(KEEPS_ENDING)] * 5
    with pytest.raises(Trouble) as caught:
        hub.address()
    assert caught.value.hint == Text(KEEPS_ENDING)
    assert caught.value.retry, "a person may still sign in without it"
    expect_log(ENDED)


def test_once_it_answers_again_nothing_is_said_any_more(
    made, expect_log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "RESTS_S", (0.0,))
    hub, ready = made(child(ENDS_THRICE + ANSWERS), str(tmp_path / "lives")), Ready()
    told: list[Text] = []
    hub.on_note = told.append

    hub.start(ready)
    ready.wait()

    assert told == [Text(KEEPS_ENDING)]
    assert hub.note is None
    assert hub.address() == hub.url != ""
    expect_log(ENDED)


def test_after_a_long_life_the_next_one_begins_at_once(
    made, expect_log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LONG_LIFE_S", -1.0)
    hub, ready = made(child(ANSWERS)), Ready()
    hub.start(ready)
    for _ in range(embedded.TOLD_AFTER + 1):
        ready.wait()
        end_of(hub)
    ready.wait()

    assert hub.note is None
    expect_log(ENDED)
