"""Sign in by keys: choose a person, type the password, hear what is wrong, see whether the hub is there."""

from __future__ import annotations

import pytest
from desk_fake import PEOPLE, FakeDesk
from page_audit import unnamed
from page_scene import ALT, Scene
from PySide6.QtCore import Qt

from app.presenters.sign_in import SignIn
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.sign_in import SignInPage
from widgets.prose import plain

Key = Qt.Key
PASSWORD = "docket-demo"  # noqa: S105 - of the made-up company, shown on its page


class Strict(FakeDesk):
    """A hub that knows one password."""

    def __init__(self):
        super().__init__()
        self.desk.sign_out()
        self.asked = []

    def sign_in(self, user, password, new_password=""):
        if password:
            self.asked.append((user, password))
        if password not in ("", PASSWORD):
            raise Trouble("wrong_password", Text("Name or password is wrong. Type them again."))
        return super().sign_in(user, password)


@pytest.fixture
def fake():
    return Strict()


def shown(qtbot, aio, fake, **known):
    words.set_language("en")

    def make(tasks, go):
        return SignInPage(SignIn(fake.desk, **known), tasks, go)

    return Scene(qtbot, aio, make, "sign_in")


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake, demo_people=PEOPLE, demo_password=PASSWORD)


def test_the_demo_names_its_people_and_their_password(scene):
    rows = scene.page.people.rows.entries()

    assert [(row.number, row.source) for row in rows][:2] == [
        ("林小满", "Order clerk"),
        ("沈知夏", "Order clerk"),
    ]
    assert plain(scene.page.note.words()) == "Made-up company. Everybody's password is docket-demo."
    assert not scene.page.user_field.isVisible()
    assert scene.page.password.hasFocus()


def test_another_company_never_shows_a_password(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, hub="https://hub.example")

    assert PASSWORD not in plain(scene.page.note.words())
    assert scene.page.link.accessibleName() == "The hub https://hub.example is there."


def test_down_chooses_the_person_and_enter_signs_in(scene, fake):
    scene.press(Key.Key_Down, times=2)
    scene.type(PASSWORD)
    scene.press(Key.Key_Return)

    assert fake.asked == [("gu", PASSWORD)]
    assert fake.desk.login.user.code == "gu"
    assert scene.page.password.text() == ""


def test_a_wrong_password_says_what_to_do_and_nobody_sits_down(scene, fake):
    scene.type("guess")
    scene.press(Key.Key_Return)

    assert scene.page.notice.words() == "Name or password is wrong. Type them again."
    assert scene.page.notice.isVisible()
    assert not fake.desk.is_signed_in
    assert scene.page.password.hasFocus()
    assert scene.page.password.text() == ""


def test_an_empty_password_asks_the_hub_nothing(scene, fake):
    scene.press(Key.Key_Return)

    assert fake.asked == []
    assert scene.page.notice.words() == "Type your name and your password."


def test_a_desk_that_knows_nobody_asks_for_the_name(qtbot, aio, fake, monkeypatch):
    monkeypatch.setattr(fake, "people", list)

    scene = shown(qtbot, aio, fake, hub="https://hub.example")
    assert scene.page.user.hasFocus()

    scene.type("lin")
    scene.press(Key.Key_Return)
    scene.type(PASSWORD)
    scene.press(Key.Key_Return)
    assert fake.asked == [("lin", PASSWORD)]


def test_the_last_person_is_chosen_already(qtbot, aio, fake):
    fake.kept["last_user"] = "he"

    scene = shown(qtbot, aio, fake, demo_people=PEOPLE, demo_password=PASSWORD)

    assert scene.page.people.current_key() == "he"


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("online", "The hub on this PC is there."),
        ("starting", "The hub on this PC is starting, a few seconds."),
        (
            "offline",
            "The hub on this PC cannot be reached. Who signed in here lately may sign in without it.",
        ),
    ],
)
def test_one_line_says_whether_the_hub_is_there(scene, fake, link, sentence):
    fake.link_state = link

    scene.do(scene.page.presenter.look)

    assert scene.page.link.accessibleName() == sentence


def test_alt_l_speaks_the_other_language_and_the_desk_remembers_it(scene, fake):
    scene.press(Key.Key_L, ALT)
    try:
        assert words.language() == "zh_CN"
        assert fake.kept["language"] == "zh_CN"
        assert scene.page.language.text() == "English"
        assert scene.page.people.rows.entry(0).source == words.tr("Order clerk") != "Order clerk"
    finally:
        words.set_language("en")


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []
