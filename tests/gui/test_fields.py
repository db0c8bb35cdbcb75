"""Fields: what they answer, what they say, and what they keep hidden."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from widgets import theme, words
from widgets.fields import (
    Card,
    Check,
    ChoiceCards,
    ComboField,
    DateField,
    Field,
    LinesField,
    MaskedField,
    NumberField,
    Suggestion,
    TextField,
)

THURSDAY_ON = date(2026, 6, 11)
CARDS = (
    Card("full", "整车", "¥612.00", "6月16日上午到"),
    Card("part", "零担", "¥1,032.00", "客户要自卸"),
    Card("post", "快递大件", "¥2,144.00", off="28 件床垫超长，不收"),
)


@pytest.fixture
def shown(qtbot):
    """Put parts into an active window, so that focus is real; the window lives as long as the test."""
    windows = []

    def show(*parts):
        window = QWidget()
        windows.append(window)
        column = QVBoxLayout(window)
        for part in parts:
            column.addWidget(part)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return show


@pytest.fixture
def answers():
    """What a control answered, in order."""
    heard = []

    def listen(control):
        control.answered.connect(heard.append)
        return heard

    return listen


# --- field ----------------------------------------------------------------------------------------------


def test_a_field_names_its_control_for_the_eye_the_ear_and_the_coach(qtbot):
    control = TextField()
    field = Field(
        "guide/phone", "卸货联系电话", "写库房的，不写采购的。", control, why="司机到门口打这个电话。"
    )
    qtbot.addWidget(field)
    assert (control.objectName(), field.objectName()) == ("guide/phone", "guide/phone/field")
    assert control.accessibleName() == "卸货联系电话"
    assert control.accessibleDescription() == "司机到门口打这个电话。 写库房的，不写采购的。"


def test_a_message_is_said_marked_and_taken_back(qtbot):
    control = TextField()
    field = Field("guide/phone", "卸货联系电话", "写库房的。", control)
    qtbot.addWidget(field)
    field.set_state("error", "10 位，少 1 位。")
    assert (field.state(), field.message(), control.property("state")) == (
        "error",
        "10 位，少 1 位。",
        "error",
    )
    assert control.accessibleDescription() == "10 位，少 1 位。 写库房的。"
    field.set_state("ok", "来得及")
    assert control.property("state") == ""
    field.set_state("")
    assert (field.message(), control.accessibleDescription()) == ("", "写库房的。")


def test_nothing_moves_when_a_message_of_one_line_comes(shown):
    first = Field("guide/phone", "卸货联系电话", "写库房的。", TextField())
    second = Field("guide/note", "送货备注", "只写司机要知道的。", TextField())
    shown(first, second)
    before = (first.height(), second.y())
    first.set_state("error", "10 位，少 1 位。")
    QApplication.processEvents()
    assert (first.height(), second.y()) == before


def test_a_control_is_340_wide_and_its_hint_stands_beside_it(shown):
    control = TextField()
    field = Field("guide/phone", "卸货联系电话", "写库房的。", control)
    shown(field)
    assert control.width() == theme.current().px("field.w") == 340
    assert field._hint.x() == 340 + theme.current().px("field.gap")


def test_a_field_that_may_stay_empty_says_so(qtbot):
    words.set_language("en")
    field = Field("guide/note", "Note", "For the driver.", TextField(), is_optional=True)
    qtbot.addWidget(field)
    assert "optional" in [label.text() for label in field.findChildren(type(field._label))]


# --- text, lines, numbers -------------------------------------------------------------------------------


def test_only_typing_is_an_answer_and_not_filling_in(shown, answers):
    field = TextField()
    heard = answers(field)
    shown(field)
    field.set_answer("走东门")
    assert (field.answer(), heard) == ("走东门", [])
    QTest.keyClicks(field, "2")
    assert heard == ["走东门2"]


def test_tab_leaves_a_field_of_several_lines(shown, answers):
    lines, after = LinesField(), TextField()
    heard = answers(lines)
    shown(lines, after)
    lines.set_answer("走东门")
    lines.setFocus()
    QTest.keyClick(lines, Qt.Key.Key_Tab)
    assert after.hasFocus()
    assert (lines.answer(), heard) == ("走东门", [])


def test_a_number_answers_in_figures(shown, answers):
    number = NumberField(1, 99, "件")
    heard = answers(number)
    shown(number)
    number.set_answer("7")
    QTest.keyClick(number, Qt.Key.Key_Up)
    assert (number.answer(), number.text(), heard) == ("8", "8 件", ["8"])
    number.set_answer("many")
    assert number.answer() == "1"


def turn(widget):
    spot = QPointF(10, 10)
    event = QWheelEvent(
        spot,
        widget.mapToGlobal(spot),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("kind", ["number", "combo"])
def test_scrolling_past_a_field_does_not_change_it(shown, kind):
    control = NumberField(0, 9) if kind == "number" else ComboField([("a", "整车"), ("b", "零担")])
    control.set_answer("5" if kind == "number" else "a")
    other = TextField()
    shown(control, other)
    other.setFocus()
    before = control.answer()
    turn(control)
    assert control.answer() == before
    control.setFocus()
    turn(control)
    assert control.answer() != before


def test_a_list_keeps_the_answer_when_its_options_change(qtbot, answers):
    combo = ComboField([("a", "整车"), ("b", "零担")])
    qtbot.addWidget(combo)
    heard = answers(combo)
    assert combo.answer() == ""
    combo.set_answer("b")
    combo.set_options([("c", "快递"), ("b", "零担")])
    assert (combo.answer(), combo.currentText()) == ("b", "零担")
    combo.set_options([("c", "快递")])
    assert (combo.answer(), heard) == ("", [])


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


# --- choices --------------------------------------------------------------------------------------------


def test_arrows_choose_the_next_card(shown, answers):
    cards = ChoiceCards(CARDS)
    heard = answers(cards)
    shown(cards)
    cards.set_answer("full")
    cards.cards()[0].setFocus()
    QTest.keyClick(cards.cards()[0], Qt.Key.Key_Down)
    assert (cards.answer(), heard) == ("part", ["part"])


def test_a_card_that_is_off_cannot_be_chosen_and_says_why(shown, answers):
    cards = ChoiceCards(CARDS)
    heard = answers(cards)
    shown(cards)
    QTest.mouseClick(cards.cards()[2], Qt.MouseButton.LeftButton)
    assert (cards.answer(), heard) == ("", [])
    assert cards.cards()[2].accessibleDescription() == "28 件床垫超长，不收"
    assert cards.cards()[0].accessibleName() == "整车, ¥612.00"


def test_a_click_anywhere_on_a_card_chooses_it(shown, answers):
    cards = ChoiceCards(CARDS)
    heard = answers(cards)
    shown(cards)
    card = cards.cards()[1]
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 5, card.height() - 5))
    assert heard == ["part"]


def test_new_prices_on_the_cards_keep_choice_and_focus(shown):
    cards = ChoiceCards(CARDS)
    shown(cards)
    cards.set_answer("part")
    cards.cards()[1].setFocus()
    cards.set_cards([Card("full", "整车", "¥700.00"), Card("part", "零担", "¥999.00")])
    QApplication.processEvents()
    assert cards.answer() == "part"
    assert cards.cards()[1].hasFocus()


def test_new_cards_carry_the_names_of_their_field(qtbot):
    cards = ChoiceCards()
    field = Field("guide/carriage", "运输方式", "上下键选。", cards)
    qtbot.addWidget(field)
    cards.set_cards(CARDS)
    assert [card.objectName() for card in cards.cards()] == [
        "guide/carriage/full",
        "guide/carriage/part",
        "guide/carriage/post",
    ]


def test_the_label_of_a_field_leads_to_the_card_in_force(shown):
    cards = ChoiceCards(CARDS)
    field = Field("guide/carriage", "运输方式", "上下键选。", cards)
    shown(TextField(), field)
    cards.set_answer("part")
    cards.setFocus()
    assert cards.cards()[1].hasFocus()


def test_a_long_reason_makes_its_card_higher(shown):
    cards = ChoiceCards(
        [Card("a", "整车", "¥1.00", "短"), Card("b", "零担", "¥1.00", "要客户自己卸货，" * 12)]
    )
    field = Field("guide/carriage", "运输方式", "", cards)
    window = shown(field)
    window.resize(700, 500)
    QApplication.processEvents()
    short, long = cards.cards()
    assert short.height() == theme.current().px("choice.h")
    assert long.height() >= long.heightForWidth(long.width()) > short.height()


def test_space_ticks_a_box(shown):
    check = Check("加急")
    shown(check)
    check.setFocus()
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert check.isChecked()
    assert check.height() == theme.current().px("target.min.h")


# --- suggestion -----------------------------------------------------------------------------------------


def test_a_suggestion_is_taken_by_its_button_and_shows_its_key(shown, qtbot):
    card = Suggestion("guide/take", "建议：整车", "比零担省 ¥420.00。", "填入建议")
    shown(card)
    assert (card.button.key(), card.button.objectName()) == ("Alt+1", "guide/take")
    with qtbot.waitSignal(card.taken, timeout=1000):
        card.button.click()
    card.show_advice("建议：零担", "早一天到。")
    assert card.accessibleName() == "建议：零担 早一天到。"
