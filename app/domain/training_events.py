"""What happened while somebody learnt the program."""

from __future__ import annotations

from typing_extensions import override

from app.domain.attempt import EXAM, Attempt, attempt_key
from app.domain.event import Event
from app.domain.values import Key, habit_key
from app.text import N_, Text

__all__ = ["AttemptNoted", "HabitNoted"]


class HabitNoted(Event, frozen=True, kw_only=True):
    """Steps done right or wrong, tours that are over, of one person."""

    user: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    tours: tuple[str, ...] = ()

    @override
    def keys(self) -> tuple[Key, ...]:
        return (habit_key(self.user),)

    @override
    def says(self) -> Text:
        if self.wrong:
            return Text(N_("Hints shown again for {count} steps"), {"count": len(self.wrong)})
        if self.right:
            return Text(N_("{count} steps of a guide done without help"), {"count": len(self.right)})
        return Text(N_("Tour put away"))


class AttemptNoted(Event, frozen=True, kw_only=True):
    """A lesson is over, passed or not."""

    attempt: Attempt

    @override
    def keys(self) -> tuple[Key, ...]:
        return (attempt_key(self.attempt.user, self.attempt.id),)

    @override
    def says(self) -> Text:
        if self.attempt.passed and self.attempt.mode == EXAM:
            return Text(N_("Lesson {lesson} passed in an exam"), {"lesson": self.attempt.lesson})
        return Text(N_("Lesson {lesson} practised"), {"lesson": self.attempt.lesson})
