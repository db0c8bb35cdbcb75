"""What stands around the fields of a guide: its steps, how far it is, its draft, the ways on and back."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.guide_state import State
from app.text import N_
from widgets import words
from widgets.prose import Rich, Span
from widgets.step_rail import Place, RailStep
from widgets.words import tr, trn

_PLACES: Final[dict[str, Place]] = {"done": "done", "now": "now", "later": "ahead"}
_ESC: Final = "Esc"
_FIX: Final = (N_("Fix 1 place to go on"), N_("Fix {count} places to go on"))
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


def ways(state: State) -> tuple[str, str, str]:
    """Say the way back, the way forward, and what holds it up; nothing for what there is not."""
    forward = tr("Save: {title}", title=tr(state.title))
    if not state.is_last:
        forward = tr("Next: {step}", step=tr(state.steps[state.at + 1].title))
    reason = ""
    if state.problems and state.edit is None:
        reason = tr(_FIX[0]) if state.problems == 1 else tr(_FIX[1], count=state.problems)
    elif state.edit is not None:
        reason = tr("Esc leaves the hint")
    elif state.is_last and state.off is not None:
        reason = trn(state.off)
    elif state.is_last and state.preview and state.preview.refusal:
        reason = trn(state.preview.refusal.text)
    return tr("Step back") if state.at else "", forward, reason
