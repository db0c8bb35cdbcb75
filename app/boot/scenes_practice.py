"""A scene of the tour: somebody practises, asks for a hint, ends too early, and reads how it went."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QApplication

from app.boot.places import data_dir
from app.boot.practice_files import FOLDER
from app.boot.practice_round import Practice, Round
from app.boot.scenes import Tour
from app.presenters.practice import RESULT
from app.training.lesson import Mode
from widgets.preferences import looks

LESSON = "repair_address"


async def practice(tour: Tour) -> None:
    """Begin a lesson in a window of its own, as F12 does, and go back to the desk, which stayed as it was."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("practice needs a window system, not a bare event loop")
    sitting, desk = Practice(data_dir() / FOLDER, "lin", looks(), app), tour.here
    sitting.want(LESSON, Mode.PRACTISE)
    left, sitting.wanted = sitting.wanted, None
    if left is None:
        raise AssertionError("no lesson was wanted")
    one = Round(sitting, left)
    one.shell.resize(tour.station.shell.size())
    hand, living = tour.hand.at(one.shell), asyncio.ensure_future(one.live())
    try:
        await hand.until(lambda: one.presenter.state.is_laid and hand.find("inbox/rows"), "the deck")
        await hand.press("F8")
        await hand.until(lambda: one.coach.mark is not None, "a hint on a real control")
        await hand.picture("practice-hint")
        await hand.press("Esc", "Esc")
        await hand.until(lambda: one.shell.page is not None and one.shell.page.code == FOLDER, "the lessons")
        await hand.press("F")
        await hand.until(lambda: one.presenter.state.place == RESULT, "how it went")
        await hand.picture("practice-result")
        await hand.press("L")
        await hand.picture("practice")
    finally:
        one.leave()
        await living
    tour.station.shell.activateWindow()
    await tour.hand.rest()
    if tour.here != desk:
        raise AssertionError("practice changed the live desk")
