"""The list of work: merged by key, moved by keys, never moved by news."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from widgets import row_paint, theme
from widgets.rows import Form, More, Row, RowList, Section


def row(number, **fields):
    return Row(f"k{number}", "stops", "缺货", f"DK-{number}", **fields)


@pytest.fixture
def rows(qtbot):
    """A list of 30 rows in a window that shows about five of them, the first one picked."""
    view = RowList("异常")
    qtbot.addWidget(view)
    view.resize(420, 340)
    view.show_rows([row(number) for number in range(30)])
    view.show()
    qtbot.waitExposed(view)
    view.pick("k0")
    return view


def numbers(view):
    return [entry.key for entry in view.rows.entries()]


def top_px(view):
    return view.visualRect(view.currentIndex()).top()


def test_merging_keeps_the_current_row_by_key(rows):
    rows.pick("k3")
    rows.show_rows([row(5), row(3), row(4)])
    assert rows.current_key() == "k3"
    assert numbers(rows) == ["k5", "k3", "k4"]


def test_merging_tells_nothing_when_the_current_row_stays(rows, qtbot):
    rows.pick("k3")
    with qtbot.assertNotEmitted(rows.picked):
        rows.show_rows([row(9), row(3), row(8)])


def test_a_row_that_leaves_hands_the_keys_to_the_next_one(rows):
    told = []
    rows.picked.connect(told.append)
    rows.pick("k3")
    rows.show_rows([row(number) for number in range(30) if number != 3])
    assert rows.current_key() == "k4"
    assert told == ["k3", "k4"]


def test_news_above_waits_behind_a_chip_and_moves_nothing(rows):
    rows.pick("k2")
    before = top_px(rows)
    rows.show_rows([row(100), row(101), row(102), *(row(number) for number in range(30))])
    assert top_px(rows) == before
    assert rows.held_count() == 3
    assert numbers(rows)[:3] == ["k0", "k1", "k2"]


def test_the_chip_lets_the_news_in_and_keeps_the_current_row(rows):
    rows.pick("k2")
    rows.show_rows([row(100), *(row(number) for number in range(30))])
    rows.show_held()
    assert numbers(rows)[:2] == ["k100", "k0"]
    assert rows.current_key() == "k2"
    assert rows.held_count() == 0


def test_going_up_from_the_top_lets_the_news_in(rows):
    rows.pick("k1")
    rows.show_rows([row(100), *(row(number) for number in range(30))])
    rows.step(-1)
    rows.step(-1)
    assert numbers(rows)[0] == "k100"


def test_news_below_comes_in_at_once(rows):
    rows.show_rows([*(row(number) for number in range(30)), row(200)])
    assert numbers(rows)[-1] == "k200"
    assert rows.held_count() == 0


def test_a_reordered_list_keeps_the_current_row_at_its_height(rows):
    rows.pick("k15")
    rows.scrollTo(rows.currentIndex(), RowList.ScrollHint.PositionAtCenter)
    before = top_px(rows)
    order = [*range(10, 30), *range(10)]
    rows.show_rows([row(number) for number in order])
    assert rows.current_key() == "k15"
    assert top_px(rows) == before


def test_stepping_stops_at_both_ends(rows):
    rows.step(-1)
    assert rows.current_key() == "k0"
    rows.step(100)
    assert rows.current_key() == "k29"


def test_stepping_goes_over_headings(qtbot):
    view = RowList("今日", Form.LINE)
    qtbot.addWidget(view)
    view.show_rows([Section("s1", "快到时限", "1"), row(1), Section("s2", "等我处理", "1"), row(2)])
    view.pick_first()
    assert view.current_key() == "k1"
    view.step(1)
    assert view.current_key() == "k2"
    view.step(-1)
    assert view.current_key() == "k1"


def test_enter_opens_the_current_row(rows, qtbot):
    rows.pick("k7")
    with qtbot.waitSignal(rows.opened) as opened:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert opened.args == ["k7"]


def test_the_last_line_of_a_section_opens_too(qtbot):
    view = RowList("今日", Form.LINE)
    qtbot.addWidget(view)
    view.show_rows([row(1), More("more", "还有 4 件", "按 Ctrl+2 看全部")])
    view.pick("more")
    with qtbot.waitSignal(view.opened) as opened:
        view.open_current()
    assert opened.args == ["more"]


def test_rows_are_chosen_one_by_one_by_range_and_all(rows):
    rows.pick("k2")
    rows.toggle()
    assert rows.chosen_keys() == ("k2",)
    rows.step(3)
    rows.toggle_range()
    assert rows.chosen_keys() == ("k2", "k3", "k4", "k5")
    rows.toggle()
    assert rows.chosen_keys() == ("k2", "k3", "k4")
    rows.choose_all()
    assert len(rows.chosen_keys()) == 30
    rows.choose_none()
    assert rows.chosen_keys() == ()


def test_a_chosen_row_that_leaves_is_no_longer_chosen(rows):
    rows.choose_all()
    rows.show_rows([row(1), row(2)])
    assert rows.chosen_keys() == ("k1", "k2")


def test_letters_are_left_to_the_desk(rows, qtbot):
    rows.pick("k0")
    qtbot.keyClicks(rows, "dk")
    assert rows.current_key() == "k0"


def test_a_screen_reader_hears_the_whole_row(qtbot):
    view = RowList("异常")
    qtbot.addWidget(view)
    full = row(1, sentence="差 2 件", badge="DY", source="青禾生活", amount="¥9.00", limit_text="剩 4 分")
    view.show_rows([full])
    view.show()
    inside = QAccessible.queryAccessibleInterface(view).child(0)
    said = inside.text(QAccessible.Text.Name)
    for part in ("缺货", "DK-1", "差 2 件", "DY", "青禾生活", "¥9.00", "剩 4 分"):
        assert part in said


def test_rows_become_one_line_when_the_desk_is_compact(rows, qapp):
    assert row_paint.height_px(row(1), Form.DENSITY) == 68
    theme.apply(qapp, "light", "compact")
    QApplication.processEvents()
    assert row_paint.height_px(row(1), Form.DENSITY) == 40
    assert rows.visualRect(rows.rows.index(1)).height() == 40


def test_a_theme_change_reaches_the_ground_of_the_list(rows, qapp):
    light = rows.grab().toImage().pixelColor(400, 150)
    theme.apply(qapp, "dark")
    dark = rows.grab().toImage().pixelColor(400, 150)
    assert light.lightness() > 200
    assert dark.lightness() < 60


def test_two_entries_with_one_key_are_refused(rows):
    with pytest.raises(ValueError, match="share a key"):
        rows.show_rows([row(1), row(1)])
