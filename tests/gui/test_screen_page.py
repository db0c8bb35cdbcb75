"""A page over a presenter: what it says of trouble, and of somebody who left while it was looking."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from desk_fake import FakeDesk
from page_scene import Scene

from app.desk import Screen
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.screen_page import ScreenPage


class State(msgspec.Struct, frozen=True):
    notice: Text | None = None


class Slow(Screen[State]):
    """Looks up who sits here, after whatever `meanwhile` does."""

    def __init__(self, desk, meanwhile):
        super().__init__(desk, State())
        self.meanwhile = meanwhile
        self.seen = []

    async def refresh(self):
        await asyncio.sleep(0)
        self.meanwhile()
        self.seen.append(self.desk.login.user.code)


class SlowPage(ScreenPage[State]):
    code = "slow"

    def __init__(self, screen, tasks, go):
        super().__init__(screen, tasks, go)
        self.begin()

    def draw(self, state):
        """Nothing to draw."""

    async def look(self, changes):
        await self._screen.refresh()


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="lin")


def shown(qtbot, aio, fake, meanwhile):
    slow = Slow(fake.desk, meanwhile)
    return slow, Scene(qtbot, aio, lambda tasks, go: SlowPage(slow, tasks, go), "slow")


def test_who_leaves_while_the_page_looks_leaves_no_bug_behind(qtbot, aio, fake):
    slow, scene = shown(qtbot, aio, fake, fake.desk.sign_out)

    assert slow.seen == []
    assert scene.page.notice.words() == ""


def test_trouble_is_said_with_its_hint(qtbot, aio, fake):
    def trouble():
        raise Trouble("busy", Text("The hub is busy. Try again."))

    _, scene = shown(qtbot, aio, fake, trouble)

    assert scene.page.notice.words() == "The hub is busy. Try again."


def test_a_page_that_looks_in_peace_sees_who_sits_here(qtbot, aio, fake):
    slow, _ = shown(qtbot, aio, fake, lambda: None)

    assert slow.seen == ["lin"]
