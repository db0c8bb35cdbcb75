"""Nobody leaves unsent work behind without knowing: the window, the next person, and the way on by itself."""

from __future__ import annotations

import pytest
from page_scene import CTRL, InboxStub, Scene
from PySide6.QtCore import Qt

from widgets import words
from widgets.leaving import LeavingSheet
from widgets.sync_line import SyncState

WAITING = SyncState(link="offline", link_for_s=133, outbox=17, oldest_s=41 * 60, delivered="saved")


@pytest.fixture
def scene(qtbot, aio):
    words.set_language("en")
    made = Scene(qtbot, aio, lambda _tasks, _go: InboxStub(), "inbox")
    made.closed, made.left = [], []
    made.shell.closing.connect(lambda: made.closed.append(1))
    made.shell.person_wanted.connect(lambda: made.left.append(1))
    yield made
    made.shell.show_sync(SyncState())


def sheet(scene) -> LeavingSheet:
    found = scene.shell.leaving.sheet
    assert found is not None
    return found


def test_with_an_empty_outbox_the_window_closes_at_once(scene):
    scene.do(scene.shell.close)

    assert scene.closed == [1]
    assert scene.shell.leaving.sheet is None


def test_closing_says_what_waits_how_old_it_is_and_what_becomes_of_it(scene):
    scene.shell.show_sync(WAITING)
    scene.do(scene.shell.close)

    assert scene.closed == []
    assert scene.shell.isVisible()
    assert sheet(scene).accessibleName() == "17 not at the hub yet, the oldest 41 min"
    assert sheet(scene).told.words().startswith("They stay on this PC and are sent when Docket is open here")
    assert sheet(scene).line.words() == "The hub is out of reach since 02:13."


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_staying_is_the_usual_way(scene, key):
    scene.shell.show_sync(WAITING)
    scene.do(scene.shell.close)
    scene.press(key)

    assert not sheet(scene).isVisible()
    assert scene.closed == []


def test_whoever_means_it_closes_all_the_same(scene):
    scene.shell.show_sync(WAITING)
    scene.do(scene.shell.close)
    scene.press(Qt.Key.Key_Y)

    assert scene.closed == [1]
    assert not scene.shell.isVisible()


def test_closing_twice_means_it(scene):
    scene.shell.show_sync(WAITING)
    scene.do(scene.shell.close)
    scene.do(scene.shell.close)

    assert scene.closed == [1]


def test_it_goes_on_by_itself_when_everything_has_reached_the_hub(scene):
    scene.shell.show_sync(SyncState(outbox=2, oldest_s=1, delivered="saved"))
    scene.do(scene.shell.close)
    assert sheet(scene).line.words() == ("The hub is there: this closes by itself as soon as they are sent.")
    scene.do(lambda: scene.shell.show_sync(SyncState(outbox=1, oldest_s=1, delivered="saved")))
    assert sheet(scene).heading.words() == "1 not at the hub yet, the oldest 1 s"
    scene.do(lambda: scene.shell.show_sync(SyncState()))

    assert scene.closed == [1]


def test_a_person_who_leaves_is_told_the_same(scene):
    scene.shell.show_sync(WAITING)
    scene.press(Qt.Key.Key_L, CTRL)
    assert scene.left == []
    assert "under your name" in sheet(scene).told.words()

    scene.press(Qt.Key.Key_Y)
    assert scene.left == [1]


def test_with_nothing_waiting_the_next_person_sits_down_at_once(scene):
    scene.press(Qt.Key.Key_L, CTRL)

    assert scene.left == [1]


def test_what_was_wanted_is_forgotten_by_whoever_stays(scene):
    scene.shell.show_sync(WAITING)
    scene.press(Qt.Key.Key_L, CTRL)
    scene.press(Qt.Key.Key_Escape)
    scene.do(lambda: scene.shell.show_sync(SyncState()))

    assert scene.left == []
