"""The command palette: what was typed last is what runs."""

from __future__ import annotations

import asyncio

import pytest
import shell_demo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets.aio import Tasks
from widgets.palette import PaletteRow


class Finder:
    """Answers at once, or holds its answers until told."""

    def __init__(self):
        self.ran = []
        self.asked = []
        self.gate = None
        self.names = ["采用建议地址", "打开订单", "去仓内"]

    async def __call__(self, text):
        self.asked.append(text)
        if self.gate is not None:
            await self.gate.wait()
        return [self.row(name) for name in self.names if text in name]

    def row(self, name):
        return PaletteRow("orders", name, lambda: self.ran.append(name), "DK-118204", "1")


@pytest.fixture
def finder():
    return Finder()


@pytest.fixture
def tasks():
    return Tasks()


@pytest.fixture
def window(qtbot, aio, finder, tasks):
    window = shell_demo.shell(find=finder, tasks=tasks)
    qtbot.addWidget(window)

    async def show():
        window.show()
        window.page.focus_first()

    aio(show())
    return window


@pytest.fixture
def settle(aio, tasks):
    """Do something and let what it started end."""

    async def acted(act):
        act()
        await rounds(tasks)

    return lambda act: aio(acted(act))


async def rounds(tasks):
    """Give the loop turns enough for a search, its answer, and one more search."""
    for _ in range(20):
        await asyncio.sleep(0)
    assert not tasks.is_running("palette")


def open_it(window):
    QTest.keyClick(QApplication.focusWidget(), "k", Qt.KeyboardModifier.ControlModifier)


def verbs(window):
    return [row.verb for row in window.palette_.shown()]


def test_ctrl_k_opens_it_with_the_cursor_in_the_field(window, settle):
    settle(lambda: open_it(window))

    assert window.palette_.isVisible()
    assert QApplication.focusWidget() is window.palette_.input
    assert verbs(window) == ["采用建议地址", "打开订单", "去仓内"]


def test_typing_narrows_and_enter_runs_the_first_row(window, settle, finder):
    settle(lambda: open_it(window))
    settle(lambda: window.palette_.input.setText("打开"))
    narrowed = verbs(window)

    settle(lambda: QTest.keyClick(window.palette_.input, Qt.Key.Key_Return))

    assert narrowed == ["打开订单"]
    assert finder.ran == ["打开订单"]
    assert not window.palette_.isVisible()
    assert QApplication.focusWidget() is window.page.list


def test_arrows_choose_and_go_round(window, settle, finder):
    settle(lambda: open_it(window))

    def choose():
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Down)
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Up)
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Up)
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Return)

    settle(choose)

    assert finder.ran == ["去仓内"]


def test_keys_of_the_page_are_only_letters_in_the_palette(window, settle):
    settle(lambda: open_it(window))

    settle(lambda: QTest.keyClicks(window.palette_.input, "1?/z"))

    assert window.palette_.input.text() == "1?/z"
    assert window.page.did == []
    assert window.palette_.shown() == ()
    assert window.palette_._empty.isVisible()


def test_enter_before_the_answer_runs_the_answer_to_what_was_typed(window, aio, finder, tasks):
    async def type_fast():
        finder.gate = asyncio.Event()
        open_it(window)
        window.palette_.input.setText("仓")
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Return)
        ran_early = list(finder.ran)
        finder.gate.set()
        await rounds(tasks)
        return ran_early

    ran_early = aio(type_fast())

    assert ran_early == []
    assert finder.ran == ["去仓内"]
    assert finder.asked[-1] == "仓"


@pytest.mark.parametrize("close", ["Esc", "Ctrl+K", "outside"])
def test_it_closes_and_gives_the_focus_back(window, settle, close):
    settle(lambda: open_it(window))

    if close == "Esc":
        QTest.keyClick(window.palette_.input, Qt.Key.Key_Escape)
    elif close == "Ctrl+K":
        open_it(window)
    else:
        QTest.mouseClick(window.palette_, Qt.MouseButton.LeftButton, pos=window.palette_.rect().bottomLeft())

    assert not window.palette_.isVisible()
    assert QApplication.focusWidget() is window.page.list
    QTest.keyClick(window.page.list, "1")
    assert window.page.did == ["suggest"]


def test_it_stands_at_its_place_and_shows_at_most_ten_rows(window, settle, finder):
    finder.names = [f"verb {n}" for n in range(14)]

    settle(lambda: open_it(window))
    place = window.palette_.sheet.geometry()

    assert len(window.palette_.shown()) == 10
    assert (place.width(), place.top(), place.center().x()) == (640, 96, 719)
    assert place.height() == 40 + 10 * 32 + 4


def test_a_row_says_verb_object_and_key_to_a_screen_reader(window, settle):
    settle(lambda: open_it(window))

    model = window.palette_.rows.model()

    assert model.data(model.index(0, 0), Qt.ItemDataRole.DisplayRole) == "采用建议地址 DK-118204 1"
