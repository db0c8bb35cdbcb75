"""Scenes of the tour: somebody practises, and the trainer's desk shows where they are and how it went."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

from app.commands.note_attempt import NoteAttempt
from app.domain.attempt import Beat
from app.presenters.training import COHORTS, LESSONS, PEOPLE, WALL
from app.training.course import ORDER
from widgets.words import tr

HOW = (("practise", False, ("held",)), ("exam", True, ()))


async def school(tour: Any) -> None:
    """Note what practice said of the trainer, then look at every view of their desk; sit down as before."""
    desk, hand, lesson = tour.station.desk, tour.hand, ORDER[0]
    before = desk.login.user.code
    await tour.change_person("shen")
    for mode, passed, faults in HOW:
        await desk.submit(
            NoteAttempt(
                id=uuid4().hex, user=desk.login.user.code, lesson=lesson, lesson_version=1, mode=mode,
                passed=passed, seconds=140, faults=faults, helps=len(faults),
            )
        )  # fmt: skip
    await hand.until(lambda: tour.is_level, "the attempts")
    beat = Beat(lesson=lesson, mode="practise", page="inbox", seconds=75, errors=1, met=1, goals=3, asks=True)
    await desk.ask_hub(lambda hub: hub.practising(beat))
    await hand.press("Ctrl+K")
    await hand.type(tr("Training"))
    await hand.press("Return")
    await hand.until(lambda: tour.state("training").report is not None, "the trainer's desk")
    for split in (WALL, PEOPLE, LESSONS, COHORTS):
        await hand.until(partial(_shows, tour, split), f"the view {split}")
        await hand.picture(f"training-{split}")
        await hand.press("Ctrl+Tab")
    await tour.change_person(before)


def _shows(tour: Any, split: str) -> bool:
    return bool(tour.state("training").split == split)
