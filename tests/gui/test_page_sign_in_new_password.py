"""Another password at the door: because the first one opens only so, or because one asks for it."""

from __future__ import annotations

import pytest
from desk_fake import PEOPLE, FakeDesk
from page_scene import ALT, Scene
from PySide6.QtCore import Qt

from app.presenters.sign_in import SignIn
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.sign_in import SignInPage

FIRST = "rumb-bkmc-2m6w"
CHOSEN = "tea-went-cold"
Key = Qt.Key


class FirstDay(FakeDesk):
    """A hub where everybody still has a first password."""

    def __init__(self):
        super().__init__()
        self.desk.sign_out()
        self.asked = []

    def sign_in(self, user, password, new_password=""):
        if password:
            self.asked.append((user, password, new_password))
        if password == FIRST and not new_password:
            raise Trouble("new_password", Text("This was your first password. Choose your own now."))
        if password == FIRST and len(new_password) < 10:
            raise Trouble("weak_password", Text("Choose 10 characters or more."))
        return super().sign_in(user, password)


@pytest.fixture
def fake():
    return FirstDay()


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")

    def make(tasks, go):
        return SignInPage(SignIn(fake.desk, demo_people=PEOPLE), tasks, go)

    return Scene(qtbot, aio, make, "sign_in")


def sign_in_first(scene):
    scene.type(FIRST)
    scene.press(Key.Key_Return)


def test_a_first_password_asks_for_another_one_and_keeps_what_was_typed(scene, fake):
    sign_in_first(scene)

    page = scene.page
    assert page.notice.words() == "This was your first password. Choose your own now."
    assert page.password.text() == FIRST
    assert page.new.hasFocus()
    assert not page.people.isVisible()


def test_the_new_one_is_typed_twice_and_opens_the_door(scene, fake):
    sign_in_first(scene)
    scene.type(CHOSEN)
    scene.press(Key.Key_Return)
    scene.type(CHOSEN)
    scene.press(Key.Key_Return)

    assert fake.asked[-1] == ("lin", FIRST, CHOSEN)
    assert fake.desk.is_signed_in
    assert [field.text() for field in (scene.page.password, scene.page.new, scene.page.again)] == [""] * 3


def test_two_different_ones_ask_the_hub_nothing(scene, fake):
    sign_in_first(scene)
    scene.type(CHOSEN)
    scene.press(Key.Key_Return)
    scene.type("tea-went-hot")
    scene.press(Key.Key_Return)

    assert len(fake.asked) == 1
    assert scene.page.notice.words() == "Type the new password twice, the same both times."


def test_a_weak_one_says_so_and_the_first_one_need_not_be_typed_again(scene, fake):
    sign_in_first(scene)
    for _ in range(2):
        scene.type("short")
        scene.press(Key.Key_Return)

    assert scene.page.notice.words() == "Choose 10 characters or more."
    assert scene.page.password.text() == FIRST
    assert not fake.desk.is_signed_in


def test_alt_n_changes_a_password_of_ones_own(scene, fake):
    scene.press(Key.Key_N, ALT)
    scene.type("docket-demo")
    for text in ("", CHOSEN, CHOSEN):
        scene.type(text)
        scene.press(Key.Key_Return)

    assert fake.asked == [("lin", "docket-demo", CHOSEN)]


def test_alt_n_again_leaves_it_and_no_new_one_is_sent(scene, fake):
    scene.press(Key.Key_N, ALT, times=2)
    scene.do(scene.page.password.setFocus)
    scene.type("docket-demo")
    scene.press(Key.Key_Return)

    assert fake.asked == [("lin", "docket-demo", "")]


def test_arrows_change_nobody_while_a_new_password_is_typed(scene):
    sign_in_first(scene)
    scene.do(scene.page.password.setFocus)
    scene.press(Key.Key_Down)

    assert scene.page.people.current_key() == "lin"
