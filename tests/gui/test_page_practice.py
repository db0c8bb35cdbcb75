"""The practice screen by keys: choose, begin, ask for hints, end, read how it went, go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_fake import FakeDesk
from lesson_ways import MOVES
from page_audit import unnamed
from page_scene import Scene
from practice_fake import FakeSitting
from PySide6.QtCore import Qt

from app.domain.deck import NOTE, OwnDeck, Shape
from app.domain.hint import HintText
from app.presenters.practice import LIST, RESULT, RUNNING, Practice
from app.training.course import LESSONS, ORDER
from app.training.lesson import Mode
from app.training.own_lesson import own_lesson
from app.training.own_words import brief_code
from widgets import words
from widgets.pages.practice import PracticePage
from widgets.practice_rows import rows

Key = Qt.Key
FIRST = "repair_address"


@pytest.fixture
def sitting():
    return FakeSitting()


@pytest.fixture
def scene(qtbot, aio, sitting):
    words.set_language("en")
    presenter = Practice(FakeDesk().desk, sitting)

    def make(tasks, go):
        return PracticePage(presenter, tasks, go)

    return Scene(qtbot, aio, make, "practice")


@pytest.fixture
def running(scene, sitting):
    sitting.lay(FIRST, Mode.PRACTISE)
    tick(scene)
    return scene


def state(scene):
    return scene.page.presenter.state


def tick(scene):
    scene.do(lambda: scene.tasks.once("tick", scene.page.presenter.tick))


def said(scene):
    """Everything beside the list."""
    return " | ".join(view.accessibleName() for view in scene.page.side.findChildren(object) if _says(view))


def _says(view):
    return hasattr(view, "accessibleName") and view.accessibleName()


def test_the_course_stands_in_its_order_and_enter_begins_the_lesson_in_the_mode(scene, sitting):
    assert [item.code for item in state(scene).items] == list(ORDER)
    assert unnamed(scene.page) == []

    scene.press(Key.Key_J)
    scene.press(Key.Key_M)
    scene.press(Key.Key_Return)

    assert sitting.begun == [(ORDER[1], Mode.EXAM)]


def test_a_running_lesson_shows_its_goals_and_each_hint_goes_further(running, sitting):
    assert (state(running).place, running.page.title()) == (RUNNING, "The running lesson")
    assert [goal.is_met for goal in state(running).goals].count(True) == 1

    for _ in range(2):
        running.do(lambda: running.tasks.once("hint", running.page.presenter.hint))

    assert len({hint.mark for hint in sitting.pointed}) == 2
    assert state(running).helps == 2
    assert state(running).hint.message == sitting.pointed[-1].mark.text


def test_the_lesson_ends_by_itself_when_every_goal_is_met(running, sitting):
    for move in MOVES[FIRST].values():
        move(sitting.ground)
    tick(running)

    assert (state(running).place, state(running).is_passed) == (RESULT, True)
    assert [(one.lesson, one.passed, one.faults) for one in sitting.done] == [(FIRST, True, ())]
    assert state(running).items[list(ORDER).index(FIRST)].passed == (Mode.PRACTISE,)
    tick(running)
    assert len(sitting.done) == 1

    running.press(Key.Key_Return)
    assert sitting.begun == [(state(running).next, Mode.PRACTISE)]
    assert state(running).next != FIRST


def test_ended_early_what_is_not_met_is_missed_in_sentences_and_comes_back_tomorrow(running, sitting):
    running.press(Key.Key_F)

    assert not state(running).is_passed
    assert "province" in sitting.done[0].faults
    assert state(running).returns_at == sitting.now_at + timedelta(days=1)
    words_there = said(running)
    assert "Not passed yet." in words_there
    assert "The parcel for Hangzhou is sent to Zhejiang" in words_there

    sitting.now_at += timedelta(days=1)
    running.press(Key.Key_L)
    assert state(running).place == LIST
    assert next(item for item in state(running).items if item.code == FIRST).is_due


def test_r_lays_the_same_lesson_anew(running, sitting):
    running.press(Key.Key_R)

    assert sitting.begun == [(FIRST, Mode.PRACTISE)]


def test_an_exam_shows_no_hint(scene, sitting):
    sitting.lay(FIRST, Mode.EXAM)
    tick(scene)

    scene.do(lambda: scene.tasks.once("hint", scene.page.presenter.hint))

    assert (sitting.pointed, state(scene).hint, state(scene).may_ask) == ([], None, False)


def test_asking_for_somebody_is_told_and_taken_back(running, sitting):
    running.do(running.page.presenter.ask)
    assert (sitting.playing.asks, sitting.asked) == (True, 1)

    running.do(running.page.presenter.ask)
    assert (sitting.playing.asks, sitting.asked) == (False, 2)


def test_whoever_is_not_named_is_told_that_it_counts_for_nobody(qtbot, aio):
    words.set_language("en")
    presenter = Practice(FakeDesk().desk, FakeSitting(learner=""))
    scene = Scene(qtbot, aio, lambda tasks, go: PracticePage(presenter, tasks, go), "practice")

    assert "counts for nobody" in scene.page.notice.words()


def test_what_the_company_made_itself_stands_behind_the_course_by_its_own_name(qtbot, aio):
    words.set_language("en")
    sitting = FakeSitting()
    sitting.lessons = (*sitting.lessons, own_lesson(OwnDeck(code="2026_05", shapes=(Shape(kind=NOTE),))))
    presenter = Practice(FakeDesk().desk, sitting)
    scene = Scene(qtbot, aio, lambda tasks, go: PracticePage(presenter, tasks, go), "practice")

    names = [row.title for row in rows(state(scene))]

    assert names[-2:] == ["Our own exceptions", "Our exceptions of 2026-05"]
    assert names[0] == "Order clerk"
    assert names.index("Warehouse") < names.index("Night review")


def test_a_lesson_says_the_words_of_a_trainer_in_the_language_they_are_in(aio, sitting):
    words.set_language("en")
    own = {ORDER[0]: HintText(code=brief_code(ORDER[0]), zh="先找尾号", en="Last digits first")}
    presenter = Practice(FakeDesk().desk, sitting, own)
    aio(presenter.refresh())

    first, second = presenter.state.items[:2]
    assert words.trn(first.brief) == "Last digits first"
    assert second.brief == LESSONS[ORDER[1]].brief
    words.set_language("zh_CN")
    assert words.trn(first.brief) == "先找尾号"


def test_in_a_narrow_window_goals_and_result_come_to_the_front_and_the_lessons_come_back(scene, sitting):
    scene.do(lambda: scene.shell.resize(960, 540))
    scene.until(lambda: scene.page.panes.is_narrow)
    scene.press(Key.Key_Return)
    begun = list(sitting.begun)  # the first Enter shows what the lesson is about, and the keys
    assert scene.page.bar.isVisible()
    scene.press(Key.Key_Escape)
    assert not scene.page.side.isVisible()

    sitting.lay(FIRST, Mode.PRACTISE)
    tick(scene)
    running = scene.page.side.isVisible()
    scene.press(Key.Key_F)
    ended = scene.page.side.isVisible()
    scene.press(Key.Key_L)

    assert (begun, running, ended) == ([], True, True)
    assert scene.page.lessons.isVisible()
