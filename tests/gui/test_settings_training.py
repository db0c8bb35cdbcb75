"""Skills and lessons before rights: what stands in the form is published, for a right and for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.training.course import LESSONS, ORDER
from app.training.own_words import brief_of, own_briefs
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
LESSON = ORDER[0]


@pytest.fixture
def fake():
    words.set_language("en")
    return FakeDesk(user="wu")


def open_(qtbot, aio, fake, section, code):
    scene = settings_scene(qtbot, aio, fake, section)
    aio(scene.page.section().presenter.choose(code))
    return scene


def write(scene, **answers):
    for name, text in answers.items():
        control = scene.page.section()._fields[name].control
        scene.do(lambda control=control, text=text: control.set_answer(text) or control.answered.emit(text))
    scene.press(Qt.Key.Key_Return, CTRL)


def test_a_right_most_companies_choose_stands_there_out_of_force_and_is_turned_on(qtbot, aio, fake):
    scene = open_(qtbot, aio, fake, "settings_licences", "sign_off")
    assert {item.code for item in scene.page.section().presenter.state.items} >= {"sign_off", "refund_return"}
    assert fake.company.refs.licences == {}

    write(scene, lessons=LESSON, roles="reviewer", is_on="1")

    licence = fake.company.refs.licences["sign_off"]
    assert (licence.is_on, [one.code for one in licence.lessons], licence.roles) == (
        True, [LESSON], ("reviewer",),
    )  # fmt: skip


def test_a_person_is_asked_for_a_lesson_by_a_day(qtbot, aio, fake):
    scene = open_(qtbot, aio, fake, "settings_skills", "lin")
    due = NOW.date() + timedelta(days=3)

    write(scene, deed="ask", lessons=LESSON, due_on="soon")
    assert fake.company.refs.skills == {}, "which day that is, nobody can say"
    write(scene, due_on=f"{due}")

    (task,) = fake.company.refs.skills["lin"].tasks
    assert (task.lesson, task.due_on, task.by) == (LESSON, due, "wu")


def test_a_right_is_opened_by_hand_with_a_reason_and_closed_again(qtbot, aio, fake):
    scene = open_(qtbot, aio, fake, "settings_skills", "lin")

    write(scene, deed="open", right="sign_off")
    assert fake.company.refs.skills == {}, "nothing is opened without a reason"
    write(scene, deed="open", right="sign_off", reason="passed at another house")
    assert fake.company.refs.skills["lin"].given_of("sign_off").reason == "passed at another house"
    write(scene, deed="close", right="sign_off", reason="three errors")

    record = fake.company.refs.skills["lin"]
    assert (record.given, [one.right for one in record.ended]) == ((), ["sign_off"])


def test_a_lesson_gets_words_of_the_house_and_its_own_back(qtbot, aio, fake):
    scene = open_(qtbot, aio, fake, "settings_lessons", LESSON)

    write(scene, zh="先找尾号", en="Last digits first")
    assert own_briefs(fake.company.refs.hints)[LESSON].en == "Last digits first"
    write(scene, zh="", en="")
    assert brief_of(LESSONS[LESSON], own_briefs(fake.company.refs.hints)) == LESSONS[LESSON].brief
