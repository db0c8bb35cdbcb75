"""F12 on a live desk: practice starts beside it, and what its person finished there reaches the hub."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest
from desk_fake import PEOPLE, FakeDesk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.boot.practice_files import Results, lessons_in, read_words
from app.boot.practising import Practising, environment
from app.command import Refusal
from app.commands.note_attempt import NoteAttempt
from app.domain.attempt import Beat
from app.domain.deck import OwnDeck, Shape
from app.domain.hint import HintText
from app.ports import Changes, Submitted
from app.presenters.sign_in import SignIn
from app.text import Text
from app.training.lesson import Mode
from app.training.own_words import brief_code
from app.training.playing import Done, Here
from widgets import words
from widgets.aio import Tasks
from widgets.bridge import Bridge
from widgets.page import Page
from widgets.pages.sign_in import SignInPage
from widgets.shell import Shell

SAYS = """
import sys
print("no line of ours", flush=True)
print(sys.argv[1], flush=True)
print(sys.stdin.readline().strip() == "front" and sys.argv[2], flush=True)
"""


def done(id="1", learner="lin"):
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Done(
        id=id, learner=learner, lesson="match_sku", version=2, mode=Mode.EXAM, passed=True, seconds=41,
        at=at, faults=(), helps=0, language="en",
    )  # fmt: skip


class Inbox(Page):
    code = "inbox"


@pytest.fixture
def live(qtbot, aio, tmp_path):
    """A desk at which lin sits, and its practice."""
    words.set_language("en")
    shell, tasks, bridge, fake = Shell(), Tasks(), Bridge(), FakeDesk(user="lin")
    given, said = list[NoteAttempt](), list[Beat]()
    answers = {}

    async def submit(command, because="", seen_ver=None):
        given.append(command)
        return Submitted(refusal=answers.get(command.id))

    async def ask_hub(question):
        question(SimpleNamespace(practising=said.append))

    fake.desk.submit, fake.desk.ask_hub = submit, ask_hub

    async def decks():
        return [OwnDeck(code="2026_06", shapes=(Shape(kind="note_request"),))]

    practice = Practising(shell, fake.desk, tasks, bridge, tmp_path, decks)
    shell.add_page("inbox", Inbox)
    shell.add_page("sign_in", lambda: SignInPage(SignIn(fake.desk, demo_people=PEOPLE), tasks, print))
    qtbot.addWidget(shell)
    with qtbot.waitExposed(shell):
        shell.show()
    world = SimpleNamespace(
        shell=shell, tasks=tasks, bridge=bridge, fake=fake, practice=practice, given=given, said=said,
        aio=aio, qtbot=qtbot, answers=answers, results=Results(practice.home),
    )  # fmt: skip
    yield world
    if practice.process is not None:
        practice.process.kill()
        practice.process.wait()


def do(live, act):
    """Do something as Qt would call it, and what follows."""

    async def done():
        act()
        for _ in range(500):
            await asyncio.sleep(0)
            if not live.tasks._running:
                return

    live.aio(done())


def hear(live, news):
    """Let the desk hear something."""
    do(live, lambda: live.bridge.tell(news))


def test_an_attempt_reaches_the_hub_once_under_its_own_person(live):
    for one in (done("1"), done("2", "gu"), done("3", "")):
        live.results.keep(one)

    hear(live, done("1"))
    hear(live, done("1"))

    assert live.given == [
        NoteAttempt(
            id="1", user="lin", lesson="match_sku", lesson_version=2, mode="exam", passed=True, seconds=41,
            language="en",
        )
    ]  # fmt: skip
    assert [one.id for one in live.results.waiting("gu")] == ["2"]


def test_what_waited_is_taken_when_its_person_signs_in(live):
    live.results.keep(done("1"))

    hear(live, Changes(sync=True))

    assert [one.id for one in live.given] == ["1"]


def test_an_attempt_the_desk_cannot_keep_waits_and_one_that_is_known_does_not(live):
    live.results.keep(done("1"))
    live.results.keep(done("2"))
    live.answers |= {"1": Refusal("offline", Text("")), "2": Refusal("unchanged", Text(""))}

    hear(live, done("2"))

    assert [one.id for one in live.results.waiting("lin")] == ["1"]


def test_a_trainer_hears_where_the_person_of_this_desk_is_and_of_nobody_else(live):
    beat = Beat(lesson="match_sku", mode="exam", page="inbox", seconds=9, asks=True)

    hear(live, Here(learner="lin", beat=beat))
    hear(live, Here(learner="gu", beat=Beat(lesson="x")))

    assert live.said == [beat]


def test_f12_starts_practice_once_and_then_brings_it_forward(live, monkeypatch):
    lines = [msgspec.json.encode(Here(learner="gu", beat=Beat(page=page))).decode() for page in "ab"]
    command = [sys.executable, "-S", "-c", SAYS, *lines]
    monkeypatch.setattr(live.practice, "command", lambda: command)
    heard = []
    code = brief_code("find_order")
    live.fake.company.rows["hint", code] = HintText(code=code, zh="先找尾号")
    live.bridge.changed.connect(heard.append)
    live.shell.go("inbox")

    do(live, lambda: QTest.keyClick(QApplication.focusWidget() or live.shell, Qt.Key.Key_F12))
    first = live.practice.process
    live.qtbot.waitUntil(lambda: len(heard) == 1, timeout=20_000)
    QTest.keyClick(QApplication.focusWidget() or live.shell, Qt.Key.Key_F12)
    live.qtbot.waitUntil(lambda: len(heard) == 2, timeout=20_000)

    assert live.practice.process is first
    assert list(lessons_in(live.practice.home))[-1] == "own/2026_06"
    assert read_words(live.practice.home)["find_order"].zh == "先找尾号"
    assert [one.beat.page for one in heard] == ["a", "b"]
    assert live.shell.page.code == "inbox"
    first.wait(20)
    assert not live.practice.is_open


def test_practice_is_told_who_sits_here_and_what_the_desk_looks_like_and_nothing_of_the_hub(
    live, monkeypatch
):
    monkeypatch.setenv("DOCKET_HUB", "https://hub.example")
    monkeypatch.setenv("DOCKET_HUB_KEY", "secret")

    command, around = live.practice.command(), environment(live.practice.home)

    assert command[command.index("--learner") + 1] == "lin"
    assert command[command.index("--language") + 1] == "en"
    assert not [part for part in (*command, *around.values()) if "hub.example" in part or part == "secret"]
    assert around["DOCKET_HOME"] == str(live.practice.home)
    assert {"DOCKET_HUB", "DOCKET_HUB_KEY"} <= os.environ.keys()


def test_a_newcomer_practises_from_the_sign_in_page_under_the_name_that_is_chosen(live, monkeypatch):
    opened = []
    monkeypatch.setattr(live.practice, "open", lambda: opened.append(live.practice.command()))
    live.fake.desk.sign_out()
    do(live, lambda: live.shell.go("sign_in"))
    page = live.shell.page
    assert page.practice.isVisible()

    page.people.pick("gu")
    page.practice.click()
    page.people.pick("wu")
    for key in live.shell.router.shared_keys:
        if key.key == "F12":
            key.call()

    assert [command[command.index("--learner") + 1] for command in opened] == ["gu", "wu"]
