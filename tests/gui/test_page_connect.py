"""Connect to a hub: a try says what is there, unsent work keeps a desk with its hub."""

from __future__ import annotations

from datetime import timedelta

import builders
import pytest
from desk_fake import FakeDesk, Here
from page_audit import unnamed
from page_scene import ALT, Scene
from PySide6.QtCore import Qt

from app.boot.desk import furnish, open_window
from app.ports import OutboxRow
from app.presenters.connect import Connect
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.connect import ConnectPage

Key = Qt.Key
URL = "https://hub.lan:8765"
WRONG = "Nobody listens at this address."


class FakeConnection:
    """One hub that answers; every other address is wrong."""

    def __init__(self):
        self.checked, self.kept = [], []

    def chosen(self):
        return "", ""

    def check(self, url, ca):
        self.checked.append((url, ca))
        if url != URL:
            raise Trouble("hub_refused", Text(WRONG))

    def keep(self, url, ca):
        self.kept.append((url, ca))


class Connecting(Scene):
    """The page over a fake desk and a fake line."""

    def __init__(self, qtbot, aio, fake):
        words.set_language("en")
        self.connection = FakeConnection()
        presenter = Connect(fake.desk, self.connection, Here())
        super().__init__(qtbot, aio, lambda tasks, go: ConnectPage(presenter, tasks, go), "connect")


@pytest.fixture
def fake():
    fake = FakeDesk(user="lin")
    fake.desk.sign_out()
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    return Connecting(qtbot, aio, fake)


def test_a_try_says_that_a_hub_is_there_and_changes_nothing(scene):
    assert scene.page.url.hasFocus()
    scene.type(URL)

    scene.press(Key.Key_T, ALT)

    assert scene.page.found.accessibleName() == "A hub answers there, and this PC trusts it."
    assert (scene.connection.checked, scene.connection.kept) == ([(URL, "")], [])


def test_a_try_says_what_is_wrong_and_typing_takes_it_away(scene):
    scene.type("https://other")
    scene.press(Key.Key_T, ALT)
    assert scene.page.notice.words() == WRONG

    scene.type("!")
    assert not scene.page.notice.isVisible()


def test_enter_keeps_a_hub_that_answers_and_asks_to_start_again(scene, fake):
    fake.drafts["amend/o1"] = {"qty": "2"}
    scene.page.ca.setText("/stick/ca.crt")
    scene.type(URL)
    scene.press(Key.Key_Return)

    assert scene.connection.kept == [(URL, "/stick/ca.crt")]
    assert fake.drafts == {}
    assert scene.page.found.accessibleName() == "Kept. Close Docket and start it again."
    assert scene.page.use.text() == "Close Docket"
    scene.press(Key.Key_Escape)
    assert scene.went == []

    scene.page.use.click()
    assert not scene.shell.isVisible()


def test_a_hub_that_does_not_answer_is_not_kept(scene, fake):
    fake.drafts["amend/o1"] = {"qty": "2"}
    scene.type("https://other")
    scene.press(Key.Key_Return)

    assert scene.page.notice.words() == WRONG
    assert scene.connection.kept == []
    assert fake.drafts


def test_unsent_work_keeps_a_desk_with_its_hub(qtbot, aio, fake):
    saved = builders.NOW - timedelta(minutes=41)
    fake.waiting = [OutboxRow(n=2, name="hold", subject="DK-1", who="lin", saved_at=saved, state="saved")]
    scene = Connecting(qtbot, aio, fake)
    scene.type(URL)
    scene.press(Key.Key_Return)

    assert scene.page.why.words() == "1 not sent to the present hub yet: send them first"
    assert (scene.connection.checked, scene.connection.kept) == ([], [])


def test_who_goes_to_another_hub_is_told_what_had_no_copy_but_here(scene, fake):
    fake.line = {"unprotected": 2, "makes_copies": False}
    scene.type(URL)
    scene.press(Key.Key_Return)
    assert "2 would be lost with its disk" in scene.page.notice.words()
    assert scene.connection.kept == []

    scene.press(Key.Key_Return)
    assert scene.connection.kept == [(URL, "")]


def test_a_new_ca_of_the_same_hub_is_kept_whatever_waits(qtbot, aio, fake, monkeypatch):
    saved = builders.NOW - timedelta(minutes=41)
    fake.waiting = [OutboxRow(n=2, name="hold", subject="DK-1", who="lin", saved_at=saved, state="saved")]
    monkeypatch.setattr(FakeConnection, "chosen", lambda _self: (URL, "old.crt"))
    scene = Connecting(qtbot, aio, fake)
    scene.page.ca.setText("new.crt")
    scene.press(Key.Key_Return)

    assert scene.connection.kept == [(URL, "new.crt")]
    assert fake.waiting
    scene.shell.hide()


def test_without_an_address_the_hub_of_this_pc_is_meant(scene):
    scene.press(Key.Key_Return)

    assert (scene.connection.checked, scene.connection.kept) == ([], [("", "")])


def test_a_file_is_chosen_in_a_dialog(scene, tmp_path):
    scene.press(Key.Key_F, ALT)
    scene.do(lambda: scene.page.dialog.filesSelected.emit([str(tmp_path / "ca.crt")]))
    scene.page.dialog.close()

    assert scene.page.ca.text() == str(tmp_path / "ca.crt")


def test_esc_goes_back_to_the_door(scene):
    scene.press(Key.Key_Escape)

    assert scene.went == [("sign_in", {})]


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []


def test_the_window_of_a_desk_knows_the_page_and_its_hub(qapp, aio, tmp_path):
    shell = open_window(qapp, tmp_path)
    station = furnish(shell, tmp_path, hub_url="http://127.0.0.1:9")

    async def there():
        shell.go("connect")
        await station.tasks.cancel_all()
        return shell.page.code, shell.page.url.text()

    try:
        assert aio(there()) == ("connect", "http://127.0.0.1:9")
    finally:
        station.close()
        shell.deleteLater()
