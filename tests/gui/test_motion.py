"""Movements: short, never in the way, and none at all when motion is reduced."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets import motion


@pytest.fixture
def card(qtbot):
    window = QWidget()
    card = QLineEdit("DK-118204", window)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    card.setFocus()
    card.window_ = window  # a child lives as long as its window
    return card


@pytest.fixture
def reduced(monkeypatch):
    monkeypatch.setattr(motion.motion(), "is_reduced", True)


def ghosts(card):
    return card.findChildren(motion.Ghost)


def test_a_fade_ends_without_a_trace(card, qtbot):
    card.hide()

    motion.fade_in(card)

    assert card.isVisible()
    qtbot.waitUntil(lambda: card.graphicsEffect() is None)


def test_a_card_that_leaves_lets_keys_through_and_goes(card, qtbot):
    motion.slide_out(card)
    QTest.keyClick(card, "1", Qt.KeyboardModifier.NoModifier)
    (ghost,) = ghosts(card)

    assert card.text() == "DK-1182041"
    qtbot.waitUntil(lambda: not shiboken6.isValid(ghost))


def test_a_second_card_cuts_the_first_short(card):
    motion.slide_out(card)
    first = ghosts(card)[0]

    motion.slide_out(card)

    assert first.isHidden()
    assert [ghost.isVisible() for ghost in ghosts(card) if ghost is not first] == [True]


def test_with_reduced_motion_nothing_moves(card, reduced):
    card.hide()
    motion.fade_in(card)
    motion.slide_out(card)

    assert card.isVisible()
    assert card.graphicsEffect() is None
    assert ghosts(card) == []
