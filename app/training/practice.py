"""When hints fade and when they return: three right uses of a step by one person, one wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from app.commands.note_habit import NoteHabit
from app.domain.habit import KNOWN_AFTER, Habit, step_code


class Practice:
    """What one person does in one guide: a step was right when the guide ends and nothing held it up."""

    def __init__(self, form: str, habit: Habit) -> None:
        self._form = form
        self.habit = habit
        self._held_up: set[str] = set()

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

    def ended(self, steps: Iterable[str]) -> NoteHabit | None:
        """Return what is to be said of a guide that came to its end; nothing once all of it is known."""
        codes = (step_code(self._form, step) for step in steps if step not in self._held_up)
        right = tuple(code for code in codes if self.habit.steps.get(code, 0) < KNOWN_AFTER)
        return NoteHabit(user=self.habit.user, right=right) if right else None
