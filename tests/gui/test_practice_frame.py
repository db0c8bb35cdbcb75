"""The frame of practice: around everything, over everything, spoken, and out with F12 or Esc."""

from __future__ import annotations

import pytest
import shell_demo
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication

from app.training.tours import Deed, Mark, Tour
from widgets import theme, words
from widgets.coach import Coach
from widgets.practice_frame import PracticeFrame, Strip


@pytest.fixture
def window(qtbot):
    window = shell_demo.shell()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.undo_bar.withdraw()


@pytest.fixture
def frame(window):
    words.set_language("en")
    made = PracticeFrame(window)
    QApplication.processEvents()
    return made


def edge_colors(window):
    """What stands on the middle line of the stripes, all round."""
    picture, half = window.grab().toImage(), theme.current().px("practice.stripe") // 2
    wide, high = picture.width(), picture.height()
    along = [QPoint(x, y) for x in range(0, wide, 3) for y in (half, high - half)]
    down = [QPoint(x, y) for y in range(0, high, 3) for x in (half, wide - half)]
    return {picture.pixelColor(at).name() for at in (*along, *down)}


def is_striped(window):
    """Only the two colours of practice, and what lies between them where they meet."""
    found = edge_colors(window)
    look = theme.current()
    both = {look.color("prac").name(), look.color("pracbg").name()}
    return both <= found and all(_between(name, both) for name in found)


def _between(name, both):
    red = sorted(int(each[1:3], 16) for each in both)
    return red[0] - 1 <= int(name[1:3], 16) <= red[1] + 1


def place(window, widget):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_stripes_all_round_and_a_band_and_everything_else_inside(window, frame):
    inside = window.contentsRect()

    assert (inside.left(), inside.top()) == (8, 8 + 36)
    assert (window.width() - 1 - inside.right(), window.height() - 1 - inside.bottom()) == (8, 8)
    assert all(
        inside.contains(place(window, part))
        for part in (window.rail, window.top_bar, window.stack, window.sync_line)
    )
    assert place(window, frame.band) == QRect(8, 8, window.width() - 16, 36)
    assert is_striped(window)


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_nothing_that_lies_over_the_page_veils_it(qapp, window, frame, look):
    theme.apply(qapp, look)
    coach = Coach(window, window.router)
    mark = Mark("sync", "Look here", "because", deed=Deed.KEY)
    assert coach.begin(Tour("here", window.page.code, (mark,)))
    assert is_striped(window)
    coach.leave()

    window.key_sheet.lay_keys("Inbox", window.router.page_keys, window.router.shared_keys)
    QApplication.processEvents()
    assert is_striped(window)
    assert window.contentsRect().contains(place(window, window.key_sheet))
    window.key_sheet.shut()
    window.help.lay_topic("index")
    QApplication.processEvents()

    assert is_striped(window)
    assert window.contentsRect().contains(place(window, window.help.sheet))


def test_the_window_and_a_screen_reader_say_so_in_both_languages(window, frame):
    assert (window.windowTitle(), window.accessibleName()) == ("Docket practice", "Docket practice")
    assert "made-up company" in frame.accessibleName()
    assert not window.windowIcon().isNull()

    words.set_language("zh_CN")

    assert window.windowTitle() == "Docket 练习"
    assert "虚构" in frame.accessibleName()


def test_the_band_shows_the_lesson_its_goals_and_time_and_what_may_be_asked(window, frame):
    assert not frame.hint.isVisible()

    goals = (("It goes to Zhejiang", True), ("It has a postcode", False))
    frame.show_strip(Strip("Repair an address", "Practise", 65, 60, goals, may_ask=True))
    QApplication.processEvents()

    assert frame.lesson.words() == "Repair an address, Practise"
    assert frame.clock.accessibleName() == "01:05 of 01:00"
    assert frame.goals.accessibleName() == (
        "Goals 1 of 2; Done: It goes to Zhejiang; To do: It has a postcode"
    )
    assert frame.hint.isVisible()

    frame.show_strip(Strip("Repair an address", "Exam", 5, 60, goals))
    assert not frame.hint.isVisible()


def test_a_hint_stands_below_the_band_and_makes_room_for_itself(window, frame):
    before = window.contentsRect().top()

    frame.tell("Press J for the next exception.")
    assert window.contentsRect().top() > before

    frame.tell("")
    assert window.contentsRect().top() == before
