"""The bars of a page: actions, splits, and the line at the bottom."""

from __future__ import annotations

import pytest
import shell_demo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from widgets import words
from widgets.action_bar import Action, ActionBar, in_lines
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


def test_the_focus_stays_on_an_action_and_never_slips_on_to_another_one(qtbot):
    bar, did = ActionBar("x"), []
    qtbot.addWidget(bar)

    def show(*codes):
        bar.show_actions(
            [Action(code, code, "1", "plain", lambda code=code: did.append(code)) for code in codes]
        )

    show("ask", "fix")
    with qtbot.waitExposed(bar):
        bar.show()
    bar.activateWindow()
    bar.button("fix").setFocus()
    show("wait", "fix", "hold")
    assert bar.button("fix").hasFocus()
    show("wait", "hold")
    bar.button("hold").click()
    shown = [each.objectName() for each in bar.findChildren(QAbstractButton) if each.isVisible()]

    assert (bar.button("hold").hasFocus(), did, shown) == (False, ["hold"], ["x/wait", "x/hold"])


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


def test_where_room_is_short_the_quiet_actions_stand_below_with_their_words(window):
    bar = window.page.bar
    codes = ("suggest", "claim", "later", "escalate", "select")
    wide = {bar.button(code).y() for code in codes}
    one_high = bar.sizeHint().height()
    bar.setParent(None)
    bar.resize(560, 56)
    bar.show()

    at = {code: bar.button(code).geometry() for code in codes}
    assert len(wide) == 1, "in a wide room all stand side by side"
    assert {at[code].y() for code in codes[1:]} == {at["claim"].y()}
    assert at["claim"].y() >= at["suggest"].bottom()
    assert all(each.left() >= 0 and each.right() < 560 for each in at.values())
    assert all(bar.button(code).text() and bar.button(code).isVisible() for code in codes)
    assert bar.sizeHint().height() > max(each.bottom() for each in at.values()) > one_high
    bar.close()


def test_a_bar_that_needed_a_second_line_keeps_it_for_the_next_card(window):
    bar = window.page.bar
    bar.setParent(None)
    bar.resize(560, 56)
    bar.show()
    high = bar.sizeHint().height()
    bar.show_actions([each for each in bar._actions if each.code in ("suggest", "claim")])
    kept = bar.sizeHint().height()
    bar.resize(900, high)

    assert kept == high
    assert bar.sizeHint().height() < high, "in another room it is counted anew"
    bar.close()


@pytest.mark.parametrize(
    ("lead", "quiet", "apart", "lines"),
    [
        ([30, 30], [20, 20], False, [4]),
        ([30, 30], [20, 20], True, [2, 2]),
        ([30, 30], [20, 20, 20, 20], False, [2, 4]),
        ([30], [40, 40, 40], False, [2, 2]),
        ([60, 60, 60], [], False, [1, 1, 1]),
        ([200], [20], False, [1, 1]),
        ([], [], False, [0]),
    ],
)
def test_buttons_are_shared_out_to_lines(lead, quiet, apart, lines):
    assert in_lines(lead, quiet, 5, 115, apart=apart) == lines
