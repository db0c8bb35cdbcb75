"""The undo bar: thirty seconds, one thing at a time, Z."""

from __future__ import annotations

import pytest

from widgets import motion, theme
from widgets.prose import Span
from widgets.undo import UndoBar

SENTENCE = (Span("DK-118197", bold=True), " 已换成同款窗帘")


class Clock:
    now_s = 1000.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bar(qtbot, clock):
    bar = UndoBar(clock_s=clock)
    bar.resize(664, 40)
    qtbot.addWidget(bar)
    yield bar
    bar.withdraw()


@pytest.fixture
def done():
    return []


def line_px(bar):
    """How long the time line at the bottom is."""
    image = bar.grab().toImage()
    ink = theme.current().color("invkey").rgb()
    row = bar.height() - 2
    return sum(image.pixelColor(x, row).rgb() == ink for x in range(bar.width()))


def test_an_offer_shows_the_sentence_and_the_seconds(bar, done):
    bar.offer(SENTENCE, lambda: done.append("undone"))

    assert bar.isVisible()
    assert bar.accessibleName() == "DK-118197 已换成同款窗帘"
    assert "30" in bar._left.words()


def test_undo_calls_once_and_closes(bar, done):
    bar.offer(SENTENCE, lambda: done.append("undone"))

    first, second = bar.undo(), bar.undo()

    assert (first, second, done) == (True, False, ["undone"])
    assert not bar.isVisible()


def test_the_button_undoes_too(bar, done):
    bar.offer(SENTENCE, lambda: done.append("undone"))

    bar.button.click()

    assert done == ["undone"]


def test_after_thirty_seconds_the_way_back_is_closed(bar, clock, done, qtbot):
    bar.offer(SENTENCE, lambda: done.append("undone"))
    clock.now_s += 29.9
    bar.tick()
    still = bar.isVisible()

    clock.now_s += 0.1
    with qtbot.waitSignal(bar.ended, timeout=1000):
        bar.tick()

    assert (still, bar.isVisible(), bar.undo(), done) == (True, False, False, [])


def test_a_late_z_between_two_ticks_does_nothing(bar, clock, done):
    bar.offer(SENTENCE, lambda: done.append("undone"))
    clock.now_s += 30.1

    assert (bar.undo(), done, bar.isVisible()) == (False, [], False)


def test_a_newer_offer_replaces_the_older_one_and_starts_again(bar, clock, done):
    bar.offer(SENTENCE, lambda: done.append("old"))
    clock.now_s += 20

    bar.offer("B", lambda: done.append("new"))
    left_s = bar.left_s
    bar.undo()

    assert (left_s, done) == (30.0, ["new"])


def test_the_line_shortens_with_the_time(bar, clock, done):
    bar.offer(SENTENCE, lambda: done.append("undone"))
    whole = line_px(bar)
    clock.now_s += 15
    bar.tick()

    assert (whole, line_px(bar)) == (664, 332)


def test_with_reduced_motion_there_are_seconds_and_no_line(bar, clock, monkeypatch):
    monkeypatch.setattr(motion.motion(), "is_reduced", True)
    bar.offer(SENTENCE, lambda: None)
    clock.now_s += 8
    bar.tick()

    assert line_px(bar) == 0
    assert "22" in bar._left.words()
