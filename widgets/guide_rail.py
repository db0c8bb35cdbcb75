"""What stands on the rail of a guide: its steps with what was answered, how far it is, where the draft is."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.guide_state import State
from widgets import words
from widgets.prose import Rich, Span
from widgets.step_rail import Place, RailStep
from widgets.words import tr, trn

_PLACES: Final[dict[str, Place]] = {"done": "done", "now": "now", "later": "ahead"}
_ESC: Final = "Esc"
_STEP_MIN: Final = 0.25


def rail_steps(state: State) -> list[RailStep]:
    """The steps, those behind with their answers."""
    return [
        RailStep(
            step.name,
            tr(step.title),
            " ".join(words.day(one) if isinstance(one, date) else trn(one) for one in step.said),
            _PLACES[step.state],
        )
        for step in state.steps
    ]


def progress(state: State) -> str:
    """How far one is, and how long all of it takes."""
    if not state.steps:
        return ""
    minutes = max(1, round(len(state.steps) * _STEP_MIN))
    return tr(
        "Step {at} of {all}, {time}",
        at=state.at + 1,
        all=len(state.steps),
        time=words.span(minutes * 60),
    )


def draft_line(state: State) -> Rich:
    """Where the draft is, and how to leave it."""
    told = tr("A power cut loses nothing, {key} leaves it for later", key=_ESC)
    before, _, after = told.partition(_ESC)
    stays = (before, Span(_ESC, bold=True), after)
    if state.draft_at is None:
        return stays if state.steps else ""
    kept = words.clock(state.draft_at, state.zone)
    return (tr("Draft kept here, {time}", time=kept), "\n", *stays)
