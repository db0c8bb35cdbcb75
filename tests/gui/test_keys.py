"""The one key router: hands, fields, composition and scanners."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from widgets.keys import Key, KeyRouter

CODE = "6901234500417"


class Bench(QWidget):
    """A window with a list, two fields, a button and a router."""

    def __init__(self):
        super().__init__()
        self.did = []
        self.scans = []
        self.list = QListWidget()
        self.list.addItems(["jd", "jacket", "1"])
        self.line = QLineEdit("备注")
        self.area = QPlainTextEdit("一行")
        self.button = QPushButton("x")
        self.button.clicked.connect(lambda: self.did.append("button"))
        rows = QVBoxLayout(self)
        for each in (self.list, self.line, self.area, self.button):
            rows.addWidget(each)
        self.now_s = 100.0
        self.router = KeyRouter(self, clock_s=lambda: self.now_s)
        self.router.scanned.connect(self.scans.append)
        self.table()

    def table(self, *, scans=False, is_same=False):
        names = ("1", "2", "J", "X", "Shift+X", "Enter", "Ctrl+Enter", "Esc", "F1", "Ctrl+A", "Tab")
        self.router.use_page([self.key(name) for name in names], scans=scans, is_same=is_same)
        self.router.use_shared([self.key(name) for name in ("?", "/", "Z", "Ctrl+Z", "Ctrl+K")])

    def key(self, name):
        return Key(name, name, lambda: self.did.append(name), repeats=name == "J")


@pytest.fixture
def bench(qtbot):
    bench = Bench()
    qtbot.addWidget(bench)
    with qtbot.waitExposed(bench):
        bench.show()
    bench.list.setFocus()
    return bench


def press(widget, key, text="", *, at_ms=0, alt=False, again=False):
    """One press and release as the platform sends it, with the platform's time of the press."""
    held = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, held, text, again)
        event.setTimestamp(at_ms)
        QApplication.sendEvent(widget, event)


def scan(widget, code, *, from_ms=1000, gap_ms=5, end=Qt.Key.Key_Return):
    for n, character in enumerate(code):
        press(widget, Qt.Key(ord(character.upper())), character, at_ms=from_ms + n * gap_ms)
    press(widget, end, at_ms=from_ms + len(code) * gap_ms)


@pytest.mark.parametrize(
    ("key", "modifier", "did"),
    [
        ("1", Qt.KeyboardModifier.NoModifier, "1"),
        ("j", Qt.KeyboardModifier.NoModifier, "J"),
        ("x", Qt.KeyboardModifier.ShiftModifier, "Shift+X"),
        ("?", Qt.KeyboardModifier.ShiftModifier, "?"),
        ("/", Qt.KeyboardModifier.NoModifier, "/"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Enter"),
        ("1", Qt.KeyboardModifier.KeypadModifier, "1"),
        ("k", Qt.KeyboardModifier.ControlModifier, "Ctrl+K"),
        ("z", Qt.KeyboardModifier.ControlModifier, "Ctrl+Z"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "Tab"),
        ("1", Qt.KeyboardModifier.AltModifier, "1"),
    ],
)
def test_a_key_outside_a_field_calls_once(bench, key, modifier, did):
    QTest.keyClick(bench.list, key, modifier)

    assert bench.did == [did]


def test_a_list_does_not_search_for_the_letter_of_a_key(bench):
    bench.list.setCurrentRow(2)

    QTest.keyClick(bench.list, "j")

    assert bench.list.currentRow() == 2


def test_a_key_without_meaning_stays_with_the_widget(bench):
    bench.list.setCurrentRow(0)

    QTest.keyClick(bench.list, Qt.Key.Key_Down)

    assert (bench.list.currentRow(), bench.did) == (1, [])


def test_a_key_sent_to_the_window_counts_when_nothing_has_the_focus(bench):
    bench.list.clearFocus()

    QTest.keyClick(bench, "1")

    assert bench.did == ["1"]


def test_a_key_that_qt_passes_up_to_the_window_is_not_called_twice(bench):
    QTest.keyClick(bench.list, Qt.Key.Key_F1)
    QTest.keyClick(bench.list, Qt.Key.Key_F2)

    assert bench.did == ["F1"]


def test_in_a_text_field_a_single_key_types_and_alt_commands(bench):
    bench.line.setFocus()
    bench.line.end(False)

    QTest.keyClicks(bench.line, "1?/z")
    QTest.keyClick(bench.line, "1", Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(bench.line, "z", Qt.KeyboardModifier.AltModifier)

    assert bench.line.text() == "备注1?/z"
    assert bench.did == ["1", "Z"]


def test_in_a_text_field_enter_undo_and_select_all_belong_to_the_text(bench):
    bench.line.setFocus()
    bench.line.setText("")
    QTest.keyClicks(bench.line, "ab")

    QTest.keyClick(bench.line, "a", Qt.KeyboardModifier.ControlModifier)
    selected = bench.line.selectedText()
    QTest.keyClick(bench.line, "z", Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(bench.line, Qt.Key.Key_Return)

    assert (selected, bench.line.text(), bench.did) == ("ab", "", [])


def test_in_a_text_field_ctrl_keys_f_keys_and_escape_still_command(bench):
    bench.area.setFocus()

    QTest.keyClick(bench.area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(bench.area, Qt.Key.Key_Escape)
    QTest.keyClick(bench.area, Qt.Key.Key_F1)
    QTest.keyClick(bench.area, "k", Qt.KeyboardModifier.ControlModifier)

    assert bench.did == ["Ctrl+Enter", "Esc", "F1", "Ctrl+K"]
    assert bench.area.toPlainText() == "一行"


def test_keycaps_hear_when_alt_is_needed(bench, qtbot):
    said = []
    bench.router.alt_needed.connect(said.append)

    bench.line.setFocus()
    bench.area.setFocus()
    bench.list.setFocus()

    assert said == [True, False]


def test_a_read_only_text_is_no_field(bench):
    bench.area.setReadOnly(True)
    bench.area.setFocus()

    QTest.keyClick(bench.area, "1")

    assert bench.did == ["1"]


def test_single_keys_can_be_switched_off_and_alt_still_works(bench):
    bench.router.set_single_keys(False)

    QTest.keyClick(bench.list, "1")
    QTest.keyClick(bench.list, "1", Qt.KeyboardModifier.AltModifier)

    assert bench.did == ["1"]


def test_a_held_key_fires_again_only_where_it_may(bench):
    for again in (False, True, True):
        press(bench.list, Qt.Key.Key_1, "1", again=again)
        press(bench.list, Qt.Key.Key_J, "j", again=again)

    assert bench.did == ["1", "J", "J", "J"]


def test_enter_on_a_button_presses_the_button(bench):
    bench.button.setFocus()

    QTest.keyClick(bench.button, Qt.Key.Key_Return)

    assert bench.did == ["button"]


def test_a_key_whose_moment_is_not_now_stays_with_the_widget(bench):
    bench.router.use_page([Key("Tab", "next split", lambda: bench.did.append("Tab"), when=lambda: False)])

    QTest.keyClick(bench.list, Qt.Key.Key_Tab)

    assert bench.did == []
    assert QApplication.focusWidget() is bench.line


def test_composition_is_never_taken_as_keys(bench):
    bench.line.setFocus()
    QApplication.sendEvent(bench.line, QInputMethodEvent("xia", []))

    QTest.keyClick(bench.line, Qt.Key.Key_Escape)
    QTest.keyClick(bench.line, Qt.Key.Key_F1)
    composing = list(bench.did)
    committed = QInputMethodEvent("", [])
    committed.setCommitString("下")
    QApplication.sendEvent(bench.line, committed)
    QTest.keyClick(bench.line, "1", Qt.KeyboardModifier.AltModifier)

    assert composing == []
    assert bench.did == ["1"]
    assert bench.line.text() == "备注下"


def test_an_overlay_keeps_every_key_of_the_page_out(bench):
    bench.router.use_overlay([bench.key("Esc")])

    QTest.keyClick(bench.list, "1")
    QTest.keyClick(bench.list, "k", Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(bench.list, Qt.Key.Key_Escape)
    bench.router.use_overlay(None)
    QTest.keyClick(bench.list, "1")

    assert bench.did == ["Esc", "1"]


def test_a_scan_over_the_list_gives_its_code_and_no_keys(bench):
    bench.table(scans=True)

    scan(bench.list, CODE)

    assert (bench.scans, bench.did) == ([CODE], [])


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_a_scan_into_a_field_gives_the_field_its_text_back(bench, end):
    bench.table(scans=True)
    bench.line.setFocus()
    bench.line.setCursorPosition(1)
    entered = []
    bench.line.returnPressed.connect(lambda: entered.append(1))

    scan(bench.line, CODE, end=end)

    assert (bench.scans, bench.did, entered) == ([CODE], [], [])
    assert (bench.line.text(), bench.line.cursorPosition()) == ("备注", 1)
    assert QApplication.focusWidget() is bench.line


def test_a_scan_into_a_text_area_gives_the_area_its_text_back(bench):
    bench.table(scans=True)
    bench.area.setFocus()

    scan(bench.area, CODE)

    assert (bench.scans, bench.area.toPlainText()) == ([CODE], "一行")


def test_a_hand_on_a_scanning_page_waits_forty_milliseconds_and_then_counts(bench, qtbot):
    bench.table(scans=True)

    press(bench.list, Qt.Key.Key_1, "1", at_ms=1000)
    held = list(bench.did)

    assert held == []
    qtbot.waitUntil(lambda: bench.did == ["1"])
    assert bench.scans == []


def test_news_that_change_the_keys_of_a_page_lose_no_key_that_is_held(bench, qtbot):
    bench.table(scans=True)

    press(bench.list, Qt.Key.Key_1, "1", at_ms=1000)
    bench.table(scans=True, is_same=True)

    qtbot.waitUntil(lambda: bench.did == ["1"])


def test_news_in_the_middle_of_a_scan_cut_no_code(bench):
    bench.table(scans=True)
    half = len(CODE) // 2

    for n, character in enumerate(CODE[:half]):
        press(bench.list, Qt.Key(ord(character)), character, at_ms=1000 + n * 5)
    bench.table(scans=True, is_same=True)
    scan(bench.list, CODE[half:], from_ms=1000 + half * 5)

    assert (bench.scans, bench.did) == ([CODE], [])


def test_shift_of_a_held_key_is_kept(bench, qtbot):
    bench.table(scans=True)

    QTest.keyClick(bench.list, "x", Qt.KeyboardModifier.ShiftModifier)

    qtbot.waitUntil(lambda: bench.did == ["Shift+X"])


def test_enter_right_after_a_hands_key_keeps_their_order(bench):
    bench.table(scans=True)

    press(bench.list, Qt.Key.Key_1, "1", at_ms=1000)
    press(bench.list, Qt.Key.Key_Return, at_ms=1030)

    assert bench.did == ["1", "Enter"]


def test_five_fast_keys_are_no_code(bench):
    bench.table(scans=True)

    scan(bench.list, "12121")

    assert bench.scans == []
    assert bench.did == ["1", "2", "1", "2", "1", "Enter"]


@pytest.mark.parametrize(("gap_ms", "scans"), [(35, [CODE]), (36, [])])
def test_thirty_five_milliseconds_part_a_scanner_from_a_hand(bench, gap_ms, scans):
    bench.table(scans=True)

    scan(bench.list, CODE, gap_ms=gap_ms)

    assert bench.scans == scans


def test_a_code_that_never_ends_presses_nothing(bench, qtbot):
    bench.table(scans=True)
    for n, character in enumerate("1212121212"):
        press(bench.list, Qt.Key(ord(character)), character, at_ms=1000 + n * 5)

    press(bench.list, Qt.Key.Key_J, "j", at_ms=3000)

    qtbot.waitUntil(lambda: bench.did == ["J"])
    assert bench.scans == []


def test_a_hand_that_types_into_a_field_of_a_scanning_page_just_types(bench, qtbot):
    bench.table(scans=True)
    bench.line.setFocus()
    bench.line.clear()

    for n, character in enumerate("hello world"):
        press(bench.line, Qt.Key(ord(character.upper())), character, at_ms=1000 + n * 60)
    press(bench.line, Qt.Key.Key_Return, at_ms=2000)

    assert (bench.line.text(), bench.scans, bench.did) == ("hello world", [], [])


def test_a_scan_on_a_page_that_does_not_scan_presses_no_repair(bench):
    scan(bench.list, "9121212121")

    assert (bench.scans, bench.did) == ([], [])


def test_a_scan_into_a_search_field_of_another_page_is_typed_and_entered(bench):
    bench.line.setFocus()
    bench.line.clear()
    entered = []
    bench.line.returnPressed.connect(lambda: entered.append(bench.line.text()))

    scan(bench.line, CODE)

    assert entered == [CODE]


def test_leaving_a_scanning_page_forgets_what_was_held(bench, qtbot):
    bench.table(scans=True)
    press(bench.list, Qt.Key.Key_1, "1", at_ms=1000)

    bench.table(scans=False)
    press(bench.list, Qt.Key.Key_2, "2", at_ms=2000)

    assert bench.did == ["2"]
