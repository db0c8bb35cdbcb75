"""The bars of a page: actions, splits, and the line at the bottom."""

from __future__ import annotations

import pytest
import shell_demo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from widgets import words
from widgets.keycap import in_field
from widgets.splits import Split, Splits
from widgets.sync_line import OFFLINE, WEAK, SyncState


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


def test_keycaps_say_alt_while_a_field_has_the_focus(window):
    bar = window.page.bar

    window.page.filter.setFocus()
    said = bar.button("suggest").key(), bar.button("edit").key(), window.undo_bar.button.key()
    window.page.list.setFocus()

    assert said == (in_field("1"), "Enter", in_field("Z"))
    assert bar.button("suggest").key() == "1"
    assert in_field("1") == "Alt+1"


def test_an_action_that_is_off_says_why_and_does_nothing(window):
    page = window.page
    page.actions("还差 1 件")

    press("1")
    page.bar.button("suggest").click()

    assert page.did == []
    assert not page.bar.button("suggest").isEnabled()
    assert page.bar.findChild(QWidget, "inbox/suggest/reason").text() == "还差 1 件"


def test_a_click_leaves_the_focus_so_that_enter_stays_the_pages(window):
    page = window.page

    QTest.mouseClick(page.bar.button("ask"), Qt.MouseButton.LeftButton)
    press(Qt.Key.Key_Return)

    assert page.did == ["ask", "edit"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SyncState(), "Online, Outbox 0, All protected"),
        (SyncState(WEAK, 5, 4, 12, "saved", "Go on"), "Weak network, Outbox 4, oldest 12 s, Go on"),
        (SyncState(OFFLINE, 133, 17, 2460), "Offline 02:13, Outbox 17, oldest 41 min"),
    ],
)
def test_the_line_at_the_bottom_says_link_outbox_and_age(window, state, said):
    words.set_language("en")

    window.show_sync(state)

    assert window.sync_line.part_names()[0] == said


def test_the_line_at_the_bottom_names_the_keys_of_the_page(window):
    words.set_language("en")
    window.page.actions()

    named = window.sync_line.part_names()[1]

    assert named == "J K Up and down, 1 First repair, Tab Next split, ? Keys"


def test_splits_say_which_is_on_and_tab_goes_round(qtbot):
    splits = Splits("inbox")
    qtbot.addWidget(splits)
    shown = (Split("mine", "我的", "14"), Split("team", "本组", "47"))
    chosen = []
    splits.chosen.connect(lambda code: (chosen.append(code), splits.show_splits(shown, code)))
    splits.show_splits(shown, "mine")

    splits.step()
    splits.step()
    splits.findChild(QAbstractButton, "inbox/split/team").click()

    assert chosen == ["team", "mine", "team"]
    assert splits.here == "team"
    assert splits.findChild(QAbstractButton, "inbox/split/team").accessibleName() == "本组 47"
    assert splits.findChild(QAbstractButton, "inbox/split/mine").isChecked() is False


def test_where_room_is_short_the_last_quiet_actions_keep_only_their_key(window):
    bar = window.page.bar
    wide = [bar.button(code).text() for code in ("claim", "select")]
    bar.setParent(None)
    bar.resize(560, 56)
    bar.show()
    shown = {code: bar.button(code).text() for code in ("claim", "later", "escalate", "select")}

    assert wide == ["认领", "多选"]
    assert (shown["claim"], shown["select"]) == ("认领", "")
    assert all(bar.button(code).isVisible() for code in shown)
    assert bar.button("select").accessibleName() == "多选"
    bar.close()
