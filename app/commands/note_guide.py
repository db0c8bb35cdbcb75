"""Note what became of the suggestions of a guide: used or overridden, step by step, without any value."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.habit import is_habit_code, step_code
from app.domain.step_use import StepUse
from app.domain.values import Keys
from app.text import N_

STEPS_MOST = 12


class NoteGuide(Command, frozen=True, kw_only=True):
    """Names a guide and its steps, never whom or what it was about."""

    form: str
    steps: tuple[StepUse, ...]


def needs(_command: NoteGuide) -> Keys:
    """Name no row: nothing changes."""
    return frozenset()


def decide(command: NoteGuide, _facts: Facts) -> Decided:
    """Let it be written down; no row changes and no history mentions it.

    Refuses: `bad_step`.
    """
    codes = {step_code(command.form, use.step) for use in command.steps}
    if not 1 <= len(codes) == len(command.steps) <= STEPS_MOST or not all(map(is_habit_code, codes)):
        return refuse("bad_step", N_("There is no such step. Update Docket on this PC."))
    return []


SPEC = Spec("note_guide", NoteGuide, needs, decide, Authority.DESK, touches=False)
