"""A PC nobody knows: the page shows its code, waits, and says when somebody has let it in."""

from __future__ import annotations

import pytest
from desk_fake import PEOPLE, FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.presenters.sign_in import SignIn
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.sign_in import ASK_LOOKS, SignInPage


class NewPc(FakeDesk):
    """A hub that does not know this PC yet."""

    def __init__(self):
        super().__init__()
        self.desk.sign_out()

    def sign_in(self, user, password, new_password=""):
        if password and self.enrolled != "approved":
            message = "This PC is new here. Tell an administrator its code, {code}: they let it in."
            raise Trouble("enrol", Text(message, {"code": "K7Q2-M4TX"}))
        return super().sign_in(user, password)


@pytest.fixture
def fake():
    return NewPc()


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")

    def make(tasks, go):
        return SignInPage(SignIn(fake.desk, demo_people=PEOPLE), tasks, go)

    made = Scene(qtbot, aio, make, "sign_in")
    made.type("docket-demo")
    made.press(Qt.Key.Key_Return)
    return made


def looked(scene):
    for _ in range(ASK_LOOKS):
        scene.do(scene.page._look)


def test_the_code_to_read_aloud_is_shown_and_nobody_sits_here(scene, fake):
    looked(scene)

    assert "K7Q2-M4TX" in scene.page.notice.words()
    assert not fake.desk.is_signed_in


def test_once_it_is_let_in_the_page_says_so_and_the_password_opens(scene, fake):
    fake.enrolled = "approved"
    looked(scene)

    assert scene.page.notice.words() == "This PC is let in. Type your password."
    scene.type("docket-demo")
    scene.press(Qt.Key.Key_Return)
    assert fake.desk.is_signed_in


def test_a_pc_that_was_put_out_is_told(scene, fake):
    fake.enrolled = "revoked"
    looked(scene)

    assert scene.page.notice.words() == "This PC is not let in. Ask your administrator."


def test_a_page_that_went_with_its_window_asks_nobody(scene, fake):
    fake.enrolled = "approved"
    scene.page.window().hide()

    looked(scene)

    assert "K7Q2-M4TX" in scene.page.notice.words()
