"""The passphrase page: words that open a desk, words that do not, and the choice of the first ones."""

from __future__ import annotations

import asyncio
import logging

import pytest
from desk_fake import Here
from page_audit import unnamed
from page_scene import ALT, Scene
from PySide6.QtCore import Qt

from app.boot.desk import furnish, open_window
from app.boot.phrase import WRONG
from app.boot.unlock import asked
from app.presenters.passphrase import Passphrase
from app.text import Text
from app.trouble import Trouble
from widgets import words
from widgets.pages.passphrase import PassphrasePage

Key = Qt.Key
WORDS = "the tea went cold"  # of a desk that lives for one test


class FakeKeys:
    """A desk under one passphrase, or under none yet."""

    def __init__(self, phrase=""):
        self.phrase = phrase

    def is_set(self):
        return bool(self.phrase)

    def open(self, phrase):
        if phrase != self.phrase:
            raise Trouble(
                "phrase", Text("This is not the passphrase of this desk. Nothing is lost; try again.")
            )
        return {"files": b"1", "signs": b"2"}

    def change(self, phrase, new):
        self.open(phrase)
        self.phrase = new

    def set(self, phrase):
        self.phrase = phrase
        return {"files": b"1", "signs": b"2"}


class Locked:
    """The page over a fake desk; `opened` holds the keys it gave out."""

    def __init__(self, qtbot, aio, phrase):
        words.set_language("en")
        self.keys, self.opened = FakeKeys(phrase), []
        self.presenter = Passphrase(self.keys, Here(), self.opened.append)
        self.scene = Scene(qtbot, aio, lambda tasks, _go: PassphrasePage(self.presenter, tasks), "passphrase")
        self.page = self.scene.page

    def enter(self, text):
        self.scene.type(text)
        self.scene.press(Key.Key_Return)


@pytest.fixture
def known(qtbot, aio):
    return Locked(qtbot, aio, WORDS)


@pytest.fixture
def fresh(qtbot, aio):
    return Locked(qtbot, aio, "")


def test_the_right_words_open_the_desk_and_leave_the_field(known):
    assert known.page.phrase.hasFocus()
    assert not known.page.again_field.isVisible()

    known.enter(WORDS)

    assert known.opened == [{"files": b"1", "signs": b"2"}]
    assert known.page.phrase.text() == ""


def test_other_words_are_answered_with_a_sentence_and_may_be_tried_again(known):
    known.enter("another evening")

    assert known.page.notice.words() == WRONG
    assert known.opened == []
    assert (known.page.phrase.text(), known.page.phrase.hasFocus()) == ("", True)

    known.enter(WORDS)
    assert len(known.opened) == 1
    assert not known.page.notice.isVisible()


def test_nothing_typed_asks_nothing(known):
    known.scene.press(Key.Key_Return)

    assert known.page.notice.words() == "Type the passphrase of this desk."


def test_a_first_passphrase_is_typed_twice(fresh):
    fresh.enter(WORDS)
    assert fresh.page.again.hasFocus()

    fresh.enter("another evening")
    assert fresh.page.notice.words() == "These are two different passphrases. Type the same twice."
    assert (fresh.opened, fresh.keys.phrase) == ([], "")
    assert fresh.page.new.text() == WORDS

    fresh.page.again.clear()
    fresh.enter(WORDS)
    assert (len(fresh.opened), fresh.keys.phrase) == (1, WORDS)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tea", "7 characters more."),
        ("aaaaaaaaaaaa", "Too easy to guess. Take words that do not belong together."),
        ("tea went cold", "This will do. Four unrelated words are better."),
        (WORDS, "Good."),
    ],
)
def test_a_first_passphrase_is_graded_while_it_is_typed(fresh, typed, said):
    fresh.scene.type(typed)

    assert fresh.page.new_field.message() == said


def test_what_opens_a_desk_is_not_graded(known):
    known.scene.type("tea")

    assert known.page.presenter.state.strength is None


def test_the_words_stand_in_no_log_and_in_no_state(known, caplog):
    caplog.set_level(logging.DEBUG)

    known.enter("another evening")
    known.enter(WORDS)

    assert WORDS not in caplog.text
    assert WORDS not in repr(known.presenter.state) + repr(vars(known.presenter))
    assert "another evening" not in caplog.text


def test_alt_l_speaks_the_other_language(known):
    known.scene.press(Key.Key_L, ALT)

    assert words.language() == "zh_CN"
    assert known.page.language.text() == "English"
    words.set_language("en")
    assert known.page.enter.text() == "Open desk"


def test_alt_n_puts_the_desk_under_another_passphrase(known):
    known.scene.type(WORDS)
    known.scene.press(Key.Key_N, ALT)
    assert known.page.new.hasFocus()
    known.enter("another evening")
    assert known.page.again.hasFocus()
    known.enter("another evening")

    assert known.keys.phrase == "another evening"
    assert len(known.opened) == 1


def test_another_passphrase_wants_the_present_one(known):
    known.scene.press(Key.Key_N, ALT)
    known.enter("guess")
    known.enter("another evening")
    known.enter("another evening")

    assert known.page.notice.words() == WRONG
    assert (known.keys.phrase, known.opened) == (WORDS, [])

    known.scene.press(Key.Key_N, ALT)
    assert not known.page.new_field.isVisible()
    assert not known.page.notice.isVisible()


def test_everything_that_takes_keys_has_names(fresh):
    assert unnamed(fresh.page) == []


def test_a_desk_is_opened_through_its_page_and_keeps_what_it_kept(qapp, aio, tmp_path, monkeypatch):
    monkeypatch.setattr("app.boot.phrase.MEMORY_KB", 64)

    def opened(*typed):
        shell = open_window(qapp, tmp_path)

        async def typing():
            answer = asyncio.ensure_future(asked(shell, tmp_path))
            await asyncio.sleep(0)
            page = shell.page
            for field in (page.phrase,) if len(typed) == 1 else (page.new, page.again):
                field.setText(typed[0])
            page.submit()
            return await answer

        try:
            keys = aio(typing())
            station = furnish(shell, tmp_path, hub_url="http://127.0.0.1:9", keys=keys)
            kept = station.store.setting("last_user")
            station.store.set_setting("last_user", "lin")
            station.close()
        finally:
            shell.deleteLater()
        return kept

    assert opened(WORDS, WORDS) == ""
    assert opened(WORDS) == "lin"


def test_a_window_that_is_closed_opens_nothing(qapp, aio, tmp_path):
    shell = open_window(qapp, tmp_path)

    async def closing():
        answer = asyncio.ensure_future(asked(shell, tmp_path))
        await asyncio.sleep(0)
        shell.close()
        return await answer

    assert aio(closing()) is None
    assert list(tmp_path.iterdir()) == []
    shell.deleteLater()
