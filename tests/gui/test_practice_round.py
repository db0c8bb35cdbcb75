"""One round by keys, before any hub answers: the way out, what an exam closes, what is kept of an attempt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.boot.practice_files import take_left
from app.boot.practice_round import READ_TICKS, Practice, Round
from app.desk import Act
from app.presenters.practice import RUNNING, State
from app.training.course import LESSONS
from app.training.lesson import Deck, Hint, Mode
from app.training.playing import Playing
from app.training.tours import Deed, Mark
from widgets import words

Key = Qt.Key
LESSON = "match_sku"


@pytest.fixture
def practice(qapp, tmp_path):
    words.set_language("en")
    return Practice(tmp_path.resolve(), "lin", {"language": "en"}, qapp)


@pytest.fixture
def begin(practice, aio, qtbot):
    """Begin a lesson in a mode; it ends when its window is closed."""
    rounds = []

    def begin(lesson=LESSON, mode=Mode.PRACTISE):
        practice.want(lesson, mode)
        one, practice.wanted = Round(practice, practice.wanted), None
        qtbot.addWidget(one.shell)
        with qtbot.waitExposed(one.shell):
            one.shell.show()
        one.playing = Playing(LESSONS[lesson], mode, Deck(lesson, "1", datetime.now(UTC))) if lesson else None
        rounds.append(one)
        go(aio, one, "practice")
        if lesson:
            one.presenter.show(one.presenter.state.__class__(place=RUNNING))
        return one

    yield begin
    for one in rounds:
        end(one)


def end(one):
    """Close what the window leaves behind, once."""
    if one.station.lanes[0]._pool._shutdown is False:
        one._close()


def go(aio, one, code):
    async def went():
        one.shell.go(code)
        await one.station.tasks.cancel_all()

    aio(went())


def press(aio, one, *keys):
    async def pressed():
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or one.shell, key)
        await one.station.tasks.cancel_all()

    aio(pressed())


def test_f12_closes_the_window_and_the_attempt_goes_on_next_time(begin, practice, aio):
    one = begin(mode=Mode.EXAM)
    one.playing.refused.append("not_yours")

    press(aio, one, Key.Key_F12)
    assert not one.shell.isVisible()
    end(one)

    left = take_left(practice.home, "lin")
    assert (left.lesson, left.mode, left.refused) == (LESSON, Mode.EXAM, ("not_yours",))
    assert practice.results.history("lin") == ()


def test_esc_leads_to_the_lessons_and_from_there_out_and_nothing_is_asked(begin, aio):
    one = begin(lesson="")
    go(aio, one, "stock")

    press(aio, one, Key.Key_Escape)
    assert (one.shell._here.code, one.shell.isVisible()) == ("practice", True)

    press(aio, one, Key.Key_Escape)
    assert not one.shell.isVisible()
    end(one)
    assert not one.place.exists()


@pytest.mark.parametrize(("mode", "is_open"), [(Mode.PRACTISE, True), (Mode.EXAM, False)])
def test_help_is_closed_and_hints_have_no_key_in_an_exam(begin, aio, mode, is_open):
    one = begin(mode=mode)

    press(aio, one, Key.Key_F1)

    assert one.shell.help.isVisible() is is_open
    assert ("F8" in [key.key for key in one.shell.more_keys()]) is is_open
    assert {"F9", "F12"} <= {key.key for key in one.shell.more_keys()}


def test_another_round_throws_this_one_away(begin, practice, aio):
    one = begin()

    async def again():
        one.begin(LESSON, Mode.PRACTISE)

    aio(again())
    end(one)

    assert not one.place.exists()
    assert (practice.wanted.lesson, practice.wanted.round) == (LESSON, "")
    assert take_left(practice.home, "lin") is None


def test_there_is_no_way_from_here_to_another_hub(begin):
    one = begin(lesson="")

    assert not one.shell.knows("connect")
    assert one.station.sign_in.state.is_practice


def test_a_step_that_is_shown_goes_when_it_was_read_or_its_key_was_pressed(begin):
    one = begin(mode=Mode.WATCH)
    read = Hint("sku", Mark("practice/lessons", "Read this", ""))
    pressed = Hint("sku", Mark("practice/lessons", "Press J", "", ("J",)))

    one.point(read)
    assert (one.coach.mark, one._is_seen()) == (read.mark, False)
    one._ticks += READ_TICKS
    assert one._is_seen()

    one.point(pressed)
    one._ticks += READ_TICKS
    assert (one.coach.mark, one._is_seen()) == (pressed.mark, False)
    one.coach.put_away()
    assert one._is_seen()


def test_while_watching_the_program_does_a_step_and_leaves_answers_to_the_person(begin, aio):
    one = begin(mode=Mode.WATCH)
    assert "Show me" in [key.label for key in one.shell.more_keys()]
    offered = State(place=RUNNING, acts=(Act(code="mode", label="Other mode", key="M"),))

    one.presenter.show(offered)
    one.point(Hint("sku", Mark("practice", "Other mode", "")))
    press(aio, one, Key.Key_F8)
    assert one.presenter.state.mode is Mode.EXAM

    one.presenter.show(offered)
    one.point(Hint("sku", Mark("practice/lessons", "Another mode", "", ("M",))))
    press(aio, one, Key.Key_F8)
    assert one.presenter.state.mode is Mode.EXAM

    one.point(Hint("sku", Mark("practice/lessons", "What article is it?", "")))
    press(aio, one, Key.Key_F8)
    assert one.frame.said.words() == "This step is yours: What article is it?"


def test_a_step_that_is_shown_waits_for_its_page_and_for_what_is_typed(begin, aio):
    one = begin(mode=Mode.WATCH)
    opened = Hint("sku", Mark("practice/lessons", "Open it", "", ("Enter",)))
    go(aio, one, "stock")
    one.point(opened)
    assert (one.coach.mark, one._is_seen()) == (None, False)
    go(aio, one, "practice")
    aio(one._show_steps())
    assert (one.coach.mark, one._is_seen()) == (opened.mark, False)

    typed = Hint("sku", Mark("practice/modes", "Type the phone", "", deed=Deed.TYPE))
    one.point(typed)
    one._ticks += READ_TICKS
    press(aio, one, Key.Key_F8)
    assert (one.coach.mark, one._is_seen()) == (typed.mark, False)
    assert one.frame.said.words() == "This step is yours: Type the phone"

    go(aio, one, "stock")
    one.point(opened)
    one._ticks += READ_TICKS
    assert one._is_seen(), "a control that never comes holds nobody up"


def test_keys_of_a_lesson_are_no_keys_of_a_page_with_them(begin, aio):
    one = begin()
    own = {key.key for key in one.shell.more_keys()}
    taken = {f"F{n}" for n in (1, 2, 3, 4, 6)}  # help, show in full, why this number, full text, next pane

    assert own == {"F8", "F9", "F12"}
    assert not own & taken
