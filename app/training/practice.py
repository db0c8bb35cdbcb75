"""When hints fade and when they return, and what becomes of suggestions, in one guide of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.commands.note_guide import NoteGuide
from app.commands.note_habit import NoteHabit
from app.domain.habit import KNOWN_AFTER, Habit, step_code
from app.domain.step_use import Advised, Hinted, StepUse
from app.form import Advice

_STANDS = {Hinted.FADED: 0, Hinted.UNFOLDED: 1, Hinted.SHOWN: 2}
"""Hints that came back stay said."""


class Practice:
    """What one person does in one guide: a step was right when the guide ends and nothing held it up."""

    def __init__(self, form: str, habit: Habit) -> None:
        self._form = form
        self.habit = habit
        self._held_up: set[str] = set()
        self._advice: dict[str, Mapping[str, str]] = {}
        self._hinted: dict[str, Hinted] = {}

    def knows(self, step: str) -> bool:
        """Tell whether the hints of a step may rest."""
        return step not in self._held_up and self.habit.knows(step_code(self._form, step))

    def held_up(self, step: str) -> NoteHabit | None:
        """Note that somebody could not go on from a step; what is to be said of it, once."""
        code, is_new = step_code(self._form, step), step not in self._held_up
        self._held_up.add(step)
        if is_new and self.habit.steps.get(code, 0):
            return NoteHabit(user=self.habit.user, wrong=(code,))
        return None

    def saw(self, step: str, advice: Advice | None, *, is_folded: bool) -> None:
        """Note what stands before somebody: the newest suggestion of a step is the one that counts."""
        if advice is not None:
            self._advice[step] = dict(advice.answers)
        unfolded = Hinted.UNFOLDED if self.knows(step) else Hinted.SHOWN
        now, was = Hinted.FADED if is_folded else unfolded, self._hinted.get(step, Hinted.FADED)
        self._hinted[step] = max(now, was, key=_STANDS.__getitem__)

    def ended(self, steps: Iterable[str]) -> NoteHabit | None:
        """Return what is to be said of a guide that came to its end; nothing once all of it is known."""
        codes = (step_code(self._form, step) for step in steps if step not in self._held_up)
        right = tuple(code for code in codes if self.habit.steps.get(code, 0) < KNOWN_AFTER)
        return NoteHabit(user=self.habit.user, right=right) if right else None

    def told(self, steps: Iterable[str], answers: Mapping[str, str]) -> NoteGuide:
        """Return what became of the suggestions of a guide that came to its end; the answers stay here."""
        return NoteGuide(form=self._form, steps=tuple(self._use(step, answers) for step in steps))

    def _use(self, step: str, answers: Mapping[str, str]) -> StepUse:
        advice, advised = self._advice.get(step), Advised.NONE
        if advice is not None:
            is_used = all(answers.get(name, "") == value for name, value in advice.items())
            advised = Advised.USED if is_used else Advised.OVERRIDDEN
        return StepUse(step=step, advised=advised, hinted=self._hinted.get(step, Hinted.SHOWN))
