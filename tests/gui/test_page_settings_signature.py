"""PIN and badge are set by their owner, after the password, and never stand in clear."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from settings_scene import settings_scene

from app.domain.presence import KeepSigner
from widgets import words


@pytest.fixture
def fake():
    return FakeDesk(user="gu")


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return settings_scene(qtbot, aio, fake, "settings_signature")


def type_all(scene, *said):
    page = scene.page.section()
    for field, text in zip((page.password, page.pin, page.again, page.badge), said, strict=False):
        scene.do(field.setFocus)
        scene.type(text)


def test_a_pin_is_kept_with_the_password_and_leaves_the_screen(scene, fake):
    type_all(scene, "right", "471902", "471902")
    scene.press(Qt.Key.Key_Return)
    page = scene.page.section()

    assert fake.given == [KeepSigner(password="right", pin="471902")]
    assert [field.text() for field in (page.password, page.pin, page.again)] == ["", "", ""]
    assert page.notice.words() == "Kept at the hub."
    assert all(f.echoMode() is QLineEdit.EchoMode.Password for f in page.findChildren(QLineEdit))


def test_a_badge_is_kept_by_the_enter_of_its_scanner(scene, fake):
    type_all(scene, "right")
    scene.do(scene.page.section().badge.setFocus)
    scene.type("BADGE-00417")
    scene.press(Qt.Key.Key_Return)

    assert fake.given == [KeepSigner(password="right", badge="BADGE-00417")]


@pytest.mark.parametrize(
    ("said", "words_"),
    [
        (("right", "471902", "471903"), "The PIN is not the same twice. Type it again."),
        (("wrong", "471902", "471902"), "This is not your password."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(scene, fake, said, words_):
    type_all(scene, *said)
    scene.do(scene.page.section().submit)

    assert scene.page.section().notice.words() == words_
    assert fake.given == []


def test_the_one_primary_button_shows_the_key_that_keeps(scene, fake):
    type_all(scene, "right", "471902", "471902")
    shown = (scene.page.section().keep.key(), scene.page.section().keep.property("kind"))
    scene.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert shown == ("Ctrl+Enter", "primary")
    assert fake.given == [KeepSigner(password="right", pin="471902")]
