"""Buttons and keycaps: ring, dashes, Alt, and what presses them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from widgets import keycap, theme
from widgets.button import Button
from widgets.controls import Label


def picture(widget):
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def at(widget, x, y):
    return picture(widget).pixelColor(x, y).name()


def color(role):
    return theme.current().color(role).name()


def test_a_button_has_the_height_of_its_kind():
    heights = {
        kind: Button("x", "1", kind).sizeHint().height()
        for kind in ("primary", "plain", "quiet", "floor", "inverse")
    }
    assert heights == {"primary": 32, "plain": 32, "quiet": 32, "floor": 56, "inverse": 28}


@pytest.mark.parametrize("kind", ["primary", "plain", "quiet"])
def test_a_button_that_stands_for_something_else_looks_as_if_it_always_had(shown, kind):
    fresh, other = Button("问买家", "2", kind), Button("采用建议", "Enter", "plain")
    other.set_off("没有建议")
    shown(Label("x"), fresh, other)

    other.become("问买家", "2", kind)
    for each in (fresh, other):
        each.clearFocus()
        each.adjustSize()

    assert picture(other) == picture(fresh)
    assert (other.accessibleName(), other.toolTip(), other.isEnabled()) == ("问买家", "", True)


def test_only_the_primary_button_is_filled_with_the_accent(shown):
    primary, plain = Button("采用建议", "1", "primary"), Button("问买家", "2")
    shown(Label("x"), primary, plain)
    primary.clearFocus()
    assert at(primary, 4, 4) == color("accent")
    assert at(plain, 4, 4) == color("base")


@pytest.mark.parametrize("name", theme.THEMES)
def test_a_focused_button_wears_a_ring_of_two_pixels(shown, qapp, name):
    theme.apply(qapp, name)
    other, plain = Button("a", "1"), Button("问买家", "2")
    shown(other, plain)
    other.setFocus()
    assert at(plain, 0, 16) == color("border")
    assert at(plain, 1, 16) == color("base")
    plain.setFocus()
    assert [at(plain, x, 16) for x in (0, 1, 2)] == [color("accent"), color("accent"), color("base")]


def test_the_ring_of_a_primary_button_stands_on_the_accent(shown):
    primary = Button("采用建议", "1", "primary")
    shown(primary)
    primary.setFocus()
    assert [at(primary, x, 16) for x in (0, 2, 3)] == [color("accent"), color("onaccent"), color("onaccent")]


def test_an_off_button_is_dashed_says_why_and_does_nothing(shown):
    button, pressed = Button("打面单", "P"), []
    button.clicked.connect(lambda: pressed.append(1))
    shown(Label("x"), button)
    button.clearFocus()

    def edge():
        image = picture(button)
        return {image.pixelColor(x, 0).name() for x in range(8, button.width() - 8)}

    assert edge() == {color("border")}
    button.set_off("还差 1 件")
    assert len(edge()) > 1
    assert (button.reason(), button.accessibleDescription()) == ("还差 1 件", "还差 1 件")
    button.click()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == []
    button.set_off("")
    button.click()
    assert pressed == [1]
    assert button.accessibleDescription() == ""


def test_in_a_text_field_the_keycaps_show_alt(qtbot):
    one, enter, slash = Button("采用建议", "1"), Button("手动改", "Enter"), Button("筛选", "/")
    plain_w = one.sizeHint().width()
    for button in (one, enter, slash):
        button.set_alt(True)
    assert [button.key() for button in (one, enter, slash)] == ["Alt+1", "Enter", "/"]
    assert one.sizeHint().width() == plain_w + keycap.size("Alt+1").width() - keycap.size("1").width()
    one.set_alt(False)
    assert (one.key(), one.sizeHint().width()) == ("1", plain_w)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_press_the_focused_button(shown, key):
    button, pressed = Button("采用建议", "1"), []
    button.clicked.connect(lambda: pressed.append(1))
    shown(button)
    button.setFocus()
    QTest.keyClick(button, key)
    assert pressed == [1]


def test_the_foot_of_a_keycap_is_two_pixels(shown):
    button = Button("问买家", "2")
    shown(Label("x"), button)
    button.clearFocus()
    look = theme.current()
    middle = look.px("line") + look.px("button.pad.key") + look.px("key.min.w") // 2
    bottom = (look.px("button.h") + look.px("key.h")) // 2 - 1
    assert [at(button, middle, bottom - up) for up in (0, 1, 2)] == [
        color("border"),
        color("border"),
        color("base"),
    ]


def test_two_keys_are_two_caps():
    assert keycap.size("J K").width() == 2 * keycap.size("J").width() + theme.current().px("space.1")
