"""Practice as a child of the lessons bench: a round for each lesson, by keys, a line of JSON for each."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import qasync
from desk_work import say
from lesson_hands import PLAYS
from lesson_seat import Seat
from PySide6.QtWidgets import QApplication

from app.boot.desk import dress
from app.boot.hand import Hand, Stuck
from app.boot.practice import Practice, enter
from app.boot.practice_round import Round
from app.choices import CHOICES
from app.training.course import LESSONS
from app.training.lesson import Mode
from widgets import fonts

PATIENCE_S = 8.0


def main(asked: dict[str, Any]) -> None:
    """Play what was asked, in the languages that were asked."""
    home = enter(Path(os.environ["DOCKET_HOME"]) / "practice")
    app = QApplication(sys.argv[:1])
    fonts.install(app)
    app.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(app) as events:
        for language in asked["languages"]:
            looks = CHOICES | {"language": language, "motion": "reduced"}
            dress(app, looks)
            practice = Practice(home, "", looks, app)
            for lesson in asked["lessons"]:
                pictures = Path(asked["pictures"])
                found = events.run_until_complete(_played(practice, lesson, pictures))
                say({"lesson": lesson, "language": language, **found})


async def _played(practice: Practice, lesson: str, pictures: Path) -> dict[str, Any]:
    """Play one lesson in a window of its own; how it went, or why it could not be played."""
    practice.want(lesson, Mode.PRACTISE)
    left, practice.wanted = practice.wanted, None
    assert left is not None
    one = Round(practice, left)
    one.shell.resize(1400, 900)
    hand, living = Hand(one.shell, pictures, lesson, PATIENCE_S), asyncio.ensure_future(one.live())
    began_s = time.monotonic()
    try:
        seat = Seat(one, hand)
        await hand.until(lambda: one.presenter.state.is_laid, "the deck")
        await hand.until(lambda: one.station.desk.is_signed_in and seat.tour.is_level, "the desk")
        page = LESSONS[lesson].page
        await hand.until(lambda: seat.tour.here == page, "the page the lesson begins on")
        await hand.rest()
        laid_s, began_s = time.monotonic() - began_s, time.monotonic()
        await PLAYS[lesson](seat)
        await hand.until(lambda: _is_over(one), "every goal met")
        score = one.playing.score if one.playing is not None else None
        met = len(score.met) if score is not None else 0
        return {"laid_s": round(laid_s, 1), "s": round(time.monotonic() - began_s, 1), "goals": met}
    except (Stuck, LookupError, ValueError, AssertionError) as fault:
        traceback.print_exc()
        await hand.picture(lesson)
        score = one.playing.score if one.playing is not None else None
        missed = ", ".join(score.faults) if score is not None else "?"
        return {"why_not": f"{fault or type(fault).__name__}; missed: {missed}"}
    finally:
        one.leave()
        await living


def _is_over(one: Round) -> bool:
    """The lesson says by itself that every goal is met."""
    return one.playing is not None and one.playing.score is not None and one.playing.score.passed


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
