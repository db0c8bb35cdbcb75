"""Fields: what they answer, what they say, and what they keep hidden."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionComboBox

from widgets import theme, words
from widgets.fields import (
    Card,
    Check,
    ChoiceCards,
    ComboField,
    Field,
    LinesField,
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


def test_two_letters_find_one_answer_also_for_who_looks_for_the_second_key(shown):
    combo = ComboField([("BA", "BA"), ("GA", "GA"), ("GB", "GB")])
    shown(combo)
    combo.setFocus()
    QTest.keyClicks(combo, "GB")
    assert combo.answer() == "GB"
    assert QApplication.keyboardInputInterval() >= 1_000


@pytest.mark.parametrize(
    ("wide", "shown"),
    [(900, "¥268.00"), (300, "短绒地毯 姜黄 120×160"), (120, "…")],
    ids=["whole", "name", "cut"],
)
def test_an_answer_too_long_for_its_combo_leaves_its_figures_to_the_list_before_it_is_cut(qtbot, wide, shown):
    combo = ComboField([("a", "短绒地毯 姜黄 120×160 · RG-1Y，相似 100 %，标价 ¥268.00")])
    qtbot.addWidget(combo)
    combo.set_answer("a")
    combo.resize(wide, combo.height())
    option = QStyleOptionComboBox()

    combo.initStyleOption(option)

    assert option.currentText.endswith(shown)
    assert combo.currentText().endswith("¥268.00")


# --- choices --------------------------------------------------------------------------------------------


def test_arrows_choose_the_next_card(shown, answers):
    cards = ChoiceCards(CARDS)
    heard = answers(cards)
    shown(cards)
    cards.set_answer("full")
    cards.cards()[0].setFocus()
    QTest.keyClick(cards.cards()[0], Qt.Key.Key_Down)
    assert (cards.answer(), heard) == ("part", ["part"])


def test_arrows_choose_also_while_nothing_is_chosen(shown, answers):
    cards = ChoiceCards(CARDS)
    heard = answers(cards)
    shown(cards)
    cards.setFocus()
    QTest.keyClick(cards.cards()[0], Qt.Key.Key_Down)
    assert (cards.answer(), heard) == ("part", ["part"])


def test_the_keys_follow_to_the_card_in_force(shown):
    cards = ChoiceCards(CARDS)
    shown(cards)
    cards.cards()[0].setFocus()
    cards.set_answer("part")
    assert cards.cards()[1].hasFocus()


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
