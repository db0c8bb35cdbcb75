"""Days and masked values: what is understood, and what stays hidden."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets import theme, words
from widgets.fields import DateField, MaskedField, TextField
from widgets.file_field import FileField

THURSDAY_ON = date(2026, 6, 11)


@pytest.fixture
def answers():
    """What a control answered, in order."""
    heard = []

    def listen(control):
        control.answered.connect(heard.append)
        return heard

    return listen


# --- days -----------------------------------------------------------------------------------------------


def test_a_day_shows_what_was_understood(shown, answers):
    words.set_language("en")
    field, other = DateField(THURSDAY_ON), TextField()
    heard = answers(field)
    shown(field, other)
    field.setFocus()
    QTest.keyClicks(field, "16")
    other.setFocus()
    assert (field.text(), field.answer(), field._aside) == ("2026-06-16", "2026-06-16", "Tue · in 5 d")
    assert heard == ["1", "16"]


def test_what_is_no_day_is_handed_on_as_it_was_typed(shown):
    field, other = DateField(THURSDAY_ON), TextField()
    shown(field, other)
    field.setFocus()
    QTest.keyClicks(field, "soon")
    other.setFocus()
    assert (field.day(), field.answer(), field._aside) == (None, "soon", "")


def test_arrows_step_a_day(shown, answers):
    field = DateField(THURSDAY_ON)
    heard = answers(field)
    shown(field)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert heard == ["2026-06-11", "2026-06-12", "2026-06-11"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_day_is_picked_from_the_calendar(shown, answers):
    field = DateField(THURSDAY_ON)
    heard = answers(field)
    shown(field)
    QTest.keyClick(field, Qt.Key.Key_F4)
    calendar = field._calendar
    assert calendar.isVisible()
    calendar.setSelectedDate(calendar.selectedDate().addDays(2))
    calendar.activated.emit(calendar.selectedDate())
    assert (heard, calendar.isVisible()) == (["2026-06-13"], False)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", theme.THEMES)
def test_the_calendar_wears_the_theme_and_no_red_weekends(shown, qapp, name):
    theme.apply(qapp, name)
    field = DateField(THURSDAY_ON)
    shown(field)
    field.open_calendar()
    calendar = field._calendar
    weekend = calendar.weekdayTextFormat(Qt.DayOfWeek.Saturday).foreground().color()
    assert weekend == theme.current().color("text")
    assert calendar.grab().toImage().pixelColor(0, 40) == theme.current().color("border")


# --- masked ---------------------------------------------------------------------------------------------


@pytest.fixture
def masked(shown):
    field = MaskedField()
    field.set_answer("13800000000")
    shown(field)
    field.setFocus()
    return field


def test_a_masked_value_is_whole_but_not_shown(masked):
    assert (masked.text(), masked.answer(), masked.is_masked()) == ("138****0000", "13800000000", True)


def test_what_is_masked_cannot_be_copied(masked):
    masked.selectAll()
    masked.copy()
    assert QApplication.clipboard().text() == "138****0000"


def test_a_value_is_shown_only_after_the_page_agreed(masked, qtbot):
    with qtbot.waitSignal(masked.reveal_asked, timeout=1000):
        QTest.keyClick(masked, Qt.Key.Key_F2)
    assert masked.text() == "138****0000"
    masked.reveal()
    assert (masked.text(), masked.is_masked()) == ("13800000000", False)


def test_a_click_on_the_keycap_asks_to_see_too(masked, qtbot):
    with qtbot.waitSignal(masked.reveal_asked, timeout=1000):
        QTest.mouseClick(masked, Qt.MouseButton.LeftButton, pos=QPoint(masked.width() - 12, 16))


def test_typing_over_a_masked_value_begins_anew(masked, answers):
    heard = answers(masked)
    QTest.keyClicks(masked, "139")
    assert (masked.text(), masked.answer(), heard) == ("139", "139", ["1", "13", "139"])


def test_deleting_a_masked_value_deletes_all_of_it(masked, answers):
    heard = answers(masked)
    QTest.keyClick(masked, Qt.Key.Key_Backspace)
    assert (masked.text(), masked.answer(), heard) == ("", "", [""])


def test_a_composed_word_begins_anew_too(shown):
    field = MaskedField(words.mask_name)
    field.set_answer("季小雨")
    shown(field)
    assert field.text() == "季**"
    event = QInputMethodEvent()
    event.setCommitString("蓝")
    QApplication.sendEvent(field, event)
    assert field.answer() == "蓝"


def test_moving_in_a_masked_value_changes_nothing(masked, answers):
    heard = answers(masked)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Escape):
        QTest.keyClick(masked, key)
    assert (masked.answer(), masked.is_masked(), heard) == ("13800000000", True, [])


# --- files ----------------------------------------------------------------------------------------------


def test_a_file_answers_with_its_check_sum_and_shows_its_name(shown, answers, tmp_path):
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"abc")
    field, other = FileField(), TextField()
    heard = answers(field)
    shown(field, other)
    field.setFocus()
    QTest.keyClicks(field, str(signed))
    other.setFocus()

    assert heard[-1] == field.answer() == hashlib.sha256(b"abc").hexdigest()
    assert field.aside_width_px() > 0


def test_a_path_that_leads_nowhere_stays_as_it_was_typed(shown, tmp_path):
    field, other = FileField(), TextField()
    shown(field, other)
    field.setFocus()
    QTest.keyClicks(field, str(tmp_path / "none.pdf"))
    other.setFocus()

    assert field.answer() == str(tmp_path / "none.pdf")
    assert not field.take(tmp_path)
