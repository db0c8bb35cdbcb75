"""Help: the page for where one is, in both languages, with every link alive."""

from __future__ import annotations

import pytest
import shell_demo
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets import help as help_pages
from widgets import words


@pytest.fixture
def window(qtbot):
    window = shell_demo.shell()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.page.focus_first()
    return window


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def test_f1_opens_the_help_for_where_one_is_and_escape_closes_it(window):
    press(Qt.Key.Key_F1)
    opened = window.help.isVisible(), window.help.topic

    press(Qt.Key.Key_Escape)
    window.go("order")
    press(Qt.Key.Key_F1)

    assert opened == (True, "inbox")
    assert window.help.topic == "order"
    window.help.shut()


def test_words_that_look_alike_once_they_are_dressed_are_dressed_one_after_the_other(qtbot):
    document = QTextDocument()
    document.setMarkdown("- **Bold** then `key`, plain, and *slanted words*.\n- next")

    help_pages.dress(document)

    assert "slanted words" in document.toPlainText()


def test_what_can_be_undone_stays_in_sight_beside_the_help_by_mouse_and_by_key(window, qtbot):
    undone = []
    window.help.lay_topic("inbox")
    whole = window.help.sheet.geometry()
    for take_back in (
        lambda: QTest.mouseClick(_under(window), Qt.MouseButton.LeftButton),
        lambda: press(Qt.Key.Key_Z),
    ):
        window.offer_undo("DK-118827 held", lambda: undone.append(window.help.isVisible()))
        qtbot.waitUntil(lambda: not window.help.sheet.geometry().intersects(_place(window)))
        take_back()
    qtbot.waitUntil(lambda: window.help.sheet.geometry() == whole)

    assert undone == [True, True]
    window.help.shut()


def _place(window):
    bar = window.undo_bar
    return QRect(bar.mapTo(window, QPoint(0, 0)), bar.size())


def _under(window):
    """What the mouse meets where the Undo button is."""
    button = window.undo_bar.button
    return window.childAt(button.mapTo(window, button.rect().center()))


def test_tab_stays_inside_what_lies_over_the_page(window):
    press(Qt.Key.Key_F1)
    seen = []
    for _ in range(6):
        press(Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().objectName())
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    back = QApplication.focusWidget().objectName()
    window.help.shut()

    assert set(seen) == {"help/back", "help/find", "help/close", "help/text"}
    assert back == seen[-2]


def test_help_follows_links_and_comes_back(window):
    window.help.lay_topic("index")

    window.help.go("keys")
    there = window.help.topic
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)

    assert (there, window.help.topic) == ("keys", "index")
    window.help.shut()


def test_help_finds_pages_by_their_words(window):
    words.set_language("en")

    assert help_pages.search("scanner")[0] in ("keys", "warehouse")
    assert help_pages.search("settings")[0] == "settings"
    assert help_pages.search("no such word as zyzzyva") == ()


def test_help_is_complete_in_both_languages_and_links_only_to_what_exists():
    pages = {}
    for language in words.LANGUAGES:
        words.set_language(language)
        pages[language] = set(help_pages.topics())
        for topic in help_pages.topics():
            text = help_pages.read(topic)
            links = [part.split(")")[0] for part in text.split("](")[1:]]
            assert text.startswith("# "), topic
            assert set(links) <= pages[language], topic

    assert pages["zh_CN"] == pages["en"]
    assert {"index", "today", "inbox", "offline", "keys"} <= pages["en"]
