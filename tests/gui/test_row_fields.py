"""Fields that find, count and price: what the hand does and what the form gets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from app.domain.money import read_money, written_money
from app.form import Row, rows_of, rows_text
from widgets import words
from widgets.number_fields import DigitsField, MoneyField
from widgets.row_fields import AmountsField, BasketField, Line
from widgets.seek_field import Hit, SeekField

HITS = (
    Hit("LN-220", "LN-220", "四件套 220 · LN-220, 8 free"),
    Hit("LN-200", "LN-200", "四件套 200 · LN-200, 3 free"),
)


@pytest.fixture(autouse=True)
def english():
    words.set_language("en")


def shown(qtbot, widget):
    window = QWidget()
    window.resize(900, 600)
    column = QVBoxLayout(window)
    column.addWidget(widget)
    column.addStretch(1)
    qtbot.addWidget(window)
    widget.setObjectName("guide/field")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    widget.setFocus()
    widget.host = window  # a parent that nobody holds would take the field along
    return widget


def told(widget):
    heard = []
    widget.answered.connect(heard.append)
    return heard


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1,298", "CNY", 129_800),
        ("12.5", "CNY", 1_250),
        ("¥12.05", "CNY", 1_205),
        ("1200", "JPY", 1_200),
        ("1.234", "KWD", 1_234),
        ("0", "CNY", 0),
        ("1.234", "CNY", None),
        ("-3", "CNY", None),
        ("12a", "CNY", None),
        ("１２", "CNY", None),
        ("", "CNY", None),
    ],
)
def test_money_is_read_as_people_write_it(typed, currency, minor):
    assert read_money(typed, currency) == minor


def test_money_is_written_with_all_its_places():
    assert [written_money(5, "CNY"), written_money(120, "JPY")] == ["0.05", "120"]


def test_a_money_field_answers_in_minor_units(qtbot):
    field = shown(qtbot, MoneyField("CNY"))
    heard = []
    field.told.connect(heard.append)
    QTest.keyClicks(field, "12.5")

    assert heard == ["100", "1200", "1200", "1250"]
    field.set_answer("129800")
    assert (field.text(), field.answer()) == ("1298.00", "129800")


def test_what_is_no_amount_is_answered_as_it_stands(qtbot):
    field = shown(qtbot, MoneyField("CNY"))
    QTest.keyClicks(field, "ab")

    assert field.answer() == "ab"


def test_digits_step_with_the_arrows(qtbot):
    field = shown(qtbot, DigitsField(least=1, most=3))
    heard = told(field)
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down)

    assert heard == ["1", "2", "3", "3", "2"]


def test_typing_seeks_and_down_enter_chooses(qtbot):
    field = shown(qtbot, SeekField())
    heard, sought = told(field), []
    field.sought.connect(sought.append)
    QTest.keyClicks(field, "22")
    field.show_hits(HITS)
    assert field.is_open
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert sought == ["2", "22"]
    assert heard[-1] == "LN-200"
    assert (field.text(), field.answer(), field.is_open) == ("LN-200", "LN-200", False)


def test_a_code_typed_in_full_is_the_answer(qtbot):
    field = shown(qtbot, SeekField())
    heard = told(field)
    field.show_hits(HITS)
    QTest.keyClicks(field, "LN-220")

    assert heard[-1] == "LN-220"


def test_amounts_answer_with_what_is_not_zero(qtbot):
    field = shown(qtbot, AmountsField([Line("1", "四件套", most=2), Line("2", "窗帘", most=1)]))
    field.name_parts("guide/pieces")
    heard = told(field)
    field._parts["1"].qty.setValue(5)

    assert heard == [rows_text([Row("1", 2)])]
    assert field._parts["2"].qty.objectName() == "guide/pieces/2"
    assert field._parts["2"].qty.accessibleName() == "Pieces of 窗帘"


def test_amounts_keep_what_was_typed_when_lines_change(qtbot):
    field = shown(qtbot, AmountsField([Line("1", "四件套"), Line("2", "窗帘")]))
    field._parts["1"].qty.setValue(2)
    field.set_lines([Line("3", "抱枕"), Line("1", "四件套")])

    assert field.answer() == rows_text([Row("1", 2)])


def test_a_basket_takes_an_article_and_asks_how_many(qtbot):
    basket = shown(qtbot, BasketField("CNY"))
    basket.name_parts("guide/lines")
    heard = told(basket)
    basket.show_hits(HITS)
    QTest.keyClicks(basket.seek, "LN-220")
    assert basket.focusWidget() is not None
    basket._parts["LN-220"].qty.setValue(3)
    price = basket._parts["LN-220"].price
    price.setFocus()
    QTest.keyClicks(price, "300")

    assert rows_of(heard[-1]) == (Row("LN-220", 3, 30_000),)
    assert basket.seek.text() == ""
    assert price.objectName() == "guide/lines/LN-220/price"
    basket._parts["LN-220"].remove.click()
    assert heard[-1] == ""


def test_enter_in_a_line_of_a_basket_goes_on_to_the_next_article(qtbot):
    basket = shown(qtbot, BasketField("CNY"))
    basket.set_answer(rows_text([Row("LN-220", 1)]))
    line = basket._parts["LN-220"]
    for part in (line.qty, line.price):
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Return)

        assert basket.seek.hasFocus()


def test_a_basket_shows_the_price_of_the_list_until_one_is_typed(qtbot):
    basket = shown(qtbot, BasketField("CNY"))
    basket.set_lines([Line("LN-220", "四件套", price="320.00")])
    basket.set_answer(rows_text([Row("LN-220", 1)]))

    assert basket._parts["LN-220"].price.placeholderText() == "320.00"
    assert basket.answer() == "LN-220\t1"


def test_the_list_of_hits_goes_with_its_field(qtbot):
    """It hangs in the window: left behind it would choose among lines that are gone."""
    window = QWidget()
    qtbot.addWidget(window)
    field = SeekField()
    box = QVBoxLayout(window)
    box.addWidget(field)
    window.resize(400, 300)
    window.show()
    field.setFocus()
    field.show_hits(HITS)
    field.open_list()
    hung = [each for each in window.findChildren(QListView) if each.isVisible()]
    field.deleteLater()

    qtbot.waitUntil(lambda: not window.findChildren(QListView))
    assert len(hung) == 1
