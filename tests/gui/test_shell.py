"""The window: places, panes, bars, help, and what happens when the program itself breaks."""

from __future__ import annotations

import subprocess
import sys

import pytest
import shell_demo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.boot.desk import SPINE
from widgets import theme, words
from widgets.bridge import Bridge
from widgets.crash import CrashReport
from widgets.keys import Key
from widgets.rail import PLACES, RailState
from widgets.top_bar import PersonState


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def window(qtbot, clock):
    window = shell_demo.shell(clock_s=clock)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.page.focus_first()
    yield window
    window.undo_bar.withdraw()


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def at(window, widget):
    """A widget's place in the window: x, y, width, height."""
    corner = widget.mapTo(window, widget.rect().topLeft())
    return (corner.x(), corner.y(), widget.width(), widget.height())


def test_the_grid_at_1440_is_the_grid_of_the_design(window):
    page = window.page
    shell_demo.offer(window, [])
    QApplication.processEvents()

    assert at(window, window.rail) == (0, 0, 56, 900)
    assert at(window, window.top_bar) == (56, 0, 1384, 48)
    assert at(window, window.sync_line) == (56, 872, 1384, 28)
    assert at(window, window.top_bar.search)[1:] == (7, 340, 32)
    assert page.panes._split.sizes() == [420, 662, 300]
    assert at(window, page.bar)[1::2] == (776, 56)
    assert at(window, window.undo_bar)[1::2] == (832, 40)
    assert at(window, window.rail.cell("inbox")) == (0, 62, 56, 54)


def test_ctrl_digits_and_clicks_reach_the_places(window):
    press("3", Qt.KeyboardModifier.ControlModifier)
    by_key = window.page.code

    window.rail.cell("inbox").click()

    assert (by_key, window.page.code) == ("orders", "inbox")
    assert window.rail.cell("inbox").isChecked()
    assert not window.rail.cell("orders").isChecked()


def test_the_rail_says_what_waits(window):
    window.show_rail(RailState(counts={"review": 2}))

    assert window.rail.cell("review").accessibleName().endswith(" 2")
    assert window.rail.cell("inbox").waiting == 0


def test_pages_are_made_when_opened_and_told_when_they_leave(window):
    inbox = window.page
    assert set(window._pages) == {"inbox"}

    window.go("order", "DK-118204")

    assert window.page.args == "DK-118204"
    assert inbox.told == [("opened", None), ("closed",)]
    assert window.rail.cell("inbox").isChecked()  # the order was opened from there


def test_escape_leaves_the_field_then_the_page(window):
    window.go("order", "DK-1")
    window.go("inbox")
    window.page.filter.setFocus()

    press(Qt.Key.Key_Escape)
    in_list = QApplication.focusWidget() is window.page.list
    window.page.going.emit("order", "DK-2")
    opened = window.page.code
    press(Qt.Key.Key_Escape)

    assert (in_list, opened, window.page.code) == (True, "order", "inbox")


def test_keys_of_a_page_rest_while_another_is_in_front(window):
    inbox = window.page
    window.go("orders")

    press("1")

    assert inbox.did == []


def test_slash_f6_and_ctrl_enter_reach_the_page(window):
    page = window.page

    press("/")
    in_filter = QApplication.focusWidget() is page.filter
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_F6)
    in_detail = page.detail.isAncestorOf(QApplication.focusWidget())

    assert (in_filter, page.did, in_detail) == (True, ["submit"], True)


def test_z_undoes_on_every_page_and_never_leaves_it(window):
    done = []
    shell_demo.offer(window, done)
    window.go("orders")
    shown_on = window.undo_bar.isVisible(), window.undo_bar.parentWidget() is window

    press("z")

    assert (shown_on, done, window.page.code) == ((True, True), ["undone"], "orders")


def test_below_1280_the_evidence_comes_under_the_title(window):
    page = window.page
    window.resize(1200, 800)
    QApplication.processEvents()
    narrow = page.evidence.isVisible(), page.detail.isAncestorOf(page.evidence)

    window.resize(1440, 900)
    QApplication.processEvents()

    assert narrow == (True, True)
    assert not page.detail.isAncestorOf(page.evidence)
    assert page.panes._split.sizes() == [420, 662, 300]


def test_below_1024_list_and_detail_take_turns(window):
    page = window.page
    window.resize(1000, 700)
    QApplication.processEvents()
    first = page.list.isVisible(), page.detail.isVisible()

    page.panes.show_detail()
    turned = page.list.isVisible(), page.detail.isVisible()
    page.bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    page.bar.setFocus()
    press(Qt.Key.Key_Escape)

    assert (first, turned) == ((True, False), (False, True))
    assert (page.list.isVisible(), page.detail.isVisible()) == (True, False)
    assert window.page is page


def test_where_the_action_bar_is_out_of_sight_undo_is_not(window):
    window.resize(1000, 700)
    QApplication.processEvents()

    shell_demo.offer(window, [])

    assert window.undo_bar.isVisible()


def test_splitters_stay_where_a_hand_put_them(window, qtbot):
    window.page.panes._split.setSizes([500, 582, 300])
    window.page.panes._moved()

    other = shell_demo.Shell(memory=window.memory)
    qtbot.addWidget(other)
    other.add_page("inbox", shell_demo.InboxPage)
    other.go("inbox")
    with qtbot.waitExposed(other):
        other.show()

    assert other.page.panes._split.sizes() == [500, 582, 300]


def test_before_sign_in_no_key_leads_past_it_and_nothing_can_be_undone(window):
    done = []
    shell_demo.offer(window, done)
    window.go("sign_in")
    window.page.setFocus()

    press("3", Qt.KeyboardModifier.ControlModifier)
    press("k", Qt.KeyboardModifier.ControlModifier)
    press("z")
    press(Qt.Key.Key_Escape)

    assert (window.page.code, done) == ("sign_in", [])
    assert not window.palette_.isVisible()


def test_sign_in_shows_neither_rail_nor_bars(window):
    window.go("sign_in")
    bare = [part.isVisible() for part in (window.rail, window.top_bar, window.sync_line)]

    window.go("inbox")

    assert bare == [False, False, False]
    assert window.rail.isVisible()


def test_question_mark_lays_the_keys_over_the_page(window):
    words.set_language("en")
    window.page.actions()
    press("?")
    shown = window.key_sheet.isVisible(), window.key_sheet.accessibleName()

    press("1")
    press(Qt.Key.Key_Escape)

    assert shown[0]
    assert "2 Ask the buyer" in shown[1]
    assert "Ctrl+3 Orders" in shown[1]
    assert window.page.did == []
    assert not window.key_sheet.isVisible()


def test_a_key_that_the_page_takes_for_itself_is_named_once(window):
    words.set_language("en")
    window.key_sheet.lay_keys("Import", [Key("Ctrl+O", "Choose file", int)], window.router.shared_keys)

    said = window.key_sheet.accessibleName()

    assert said.count("Ctrl+O ") == 1
    assert "Ctrl+O Choose file" in said


def test_a_bug_is_one_calm_line_and_the_work_goes_on(window):
    bridge = Bridge()
    window.use_bridge(bridge)

    bridge.tell(object())
    before = window.crash_bar.isVisible()
    bridge.tell(CrashReport("", "", "", "KeyError", "", (), "crash-1.json"))
    press("1")

    assert not before
    assert window.crash_bar.isVisible()
    assert window.page.did == ["suggest"]


def test_a_scan_reaches_the_page_that_wants_it(window):
    window.go("order")
    window.setFocus()

    for character in "6901234500417":
        press(character)
    press(Qt.Key.Key_Return)

    assert window.page.codes == ["6901234500417"]


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_the_frame_takes_every_theme_without_a_restart(window, look):
    theme.apply(QApplication.instance(), look)
    image = window.grab().toImage()
    ink = theme.current().color

    assert image.pixelColor(28, 600) == ink("sunken")
    assert image.pixelColor(600, 20) == ink("base")
    assert image.pixelColor(700, 886) == ink("window")
    assert image.pixelColor(1, 62 + 27) == ink("accent")


def test_a_change_of_language_reaches_every_part(window, qtbot):
    before = window.rail.cell("today").text(), window.sync_line.part_names()

    words.set_language("en")
    QApplication.processEvents()

    assert window.rail.cell("today").text() == "Today"
    assert window.top_bar.search.text() == "Find an order or do anything"
    qtbot.waitUntil(lambda: window.sync_line.part_names()[1].endswith("? Keys"))
    assert before[1][0] != ""


def test_everything_a_hand_can_use_has_a_name(window):
    shell_demo.offer(window, [])
    nameless = [
        child.objectName() or type(child).__name__
        for part in (window.rail, window.top_bar, window.undo_bar, window.page.bar)
        for child in part.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and not child.accessibleName()
    ]

    assert nameless == []


def test_the_shell_imports_nothing_heavy_and_no_source_is_read_through_for_it():
    code = (
        "import linecache, sys, widgets.shell; "
        "print(sorted({'sqlalchemy', 'requests', 'structlog'} & set(sys.modules))); "
        "print([name for name in linecache.cache if 'widgets' in name])"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.split() == ["[]", "[]"]


def test_every_place_with_a_page_stands_on_the_rail_of_the_desk():
    assert {place.code for place in PLACES} - SPINE == {"training"}


def test_what_a_person_is_follows_the_language(window):
    words.set_language("en")
    window.show_person(PersonState("林小满", "Order clerk"))
    box = window.top_bar.person
    assert box.accessibleName() == "林小满, Order clerk, switch person"
    words.set_language("zh_CN")
    assert "订单组" in box.accessibleName()
    words.set_language("en")
