"""An attempt at a lesson while it runs, and what is said of it: a beat now and then, its end once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from app.domain.attempt import Beat
from app.training.lesson import Deck, Floor, Goal, Hint, Lesson, Mode, Score, next_hint, score

AGAIN_D: Final = (1, 3, 7)
"""So many days after a failure, and after each pass that follows it, a lesson comes back."""


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="attempt"):
    """A finished attempt. `learner` is empty where nobody said who practises; `at` is the PC's own clock."""

    id: str
    learner: str
    lesson: str
    version: int
    mode: Mode
    passed: bool
    seconds: int
    at: datetime
    faults: tuple[str, ...] = ()
    helps: int = 0
    errors: int = 0
    language: str = "zh_CN"


class Here(msgspec.Struct, frozen=True, kw_only=True, tag="beat"):
    """Where somebody who practises is just now."""

    learner: str
    beat: Beat


Told = Done | Here
"""What the practising process says, a line each."""


@dataclass
class Playing:
    """One attempt: what was refused, which hints were seen, how it stands."""

    lesson: Lesson
    mode: Mode
    deck: Deck
    refused: list[str] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    helps: int = 0
    asks: bool = False
    score: Score | None = None

    def look(self, floor: Floor) -> Score:
        """Say what holds now."""
        self.score = score(self.lesson, floor)
        return self.score

    def is_met(self, goal: Goal) -> bool:
        """Tell whether a goal was met at the last look."""
        return self.score is not None and goal in self.score.met

    @property
    def met(self) -> int:
        """How many goals were met at the last look."""
        return len(self.score.met) if self.score is not None else 0

    @property
    def may_ask(self) -> bool:
        """An exam gives no hints."""
        return self.mode is not Mode.EXAM

    def hint(self, floor: Floor) -> Hint | None:
        """Return what helps now, asked for again what follows it; where each step is shown none counts."""
        if not self.may_ask:
            return None
        goal = self._towards(floor)
        found = next_hint(self.lesson, floor, self.refused, self.shown[goal])
        if found is not None:
            self.shown[found.goal] += 1
            self.helps += self.mode is Mode.PRACTISE
        return found

    def _towards(self, floor: Floor) -> str:
        missed = score(self.lesson, floor).missed
        return next((one for one in missed if one.keeps), missed[0]).code if missed else ""

    def done(self, *, id: str, learner: str, language: str, at: datetime) -> Done:
        """Return how it ended, as it stood at the last look."""
        last = self.score
        return Done(
            id=id,
            learner=learner,
            lesson=self.lesson.code,
            version=self.lesson.version,
            mode=self.mode,
            passed=last is not None and last.passed,
            seconds=last.seconds if last is not None else 0,
            at=at,
            faults=last.faults if last is not None else tuple(goal.code for goal in self.lesson.goals),
            helps=self.helps,
            errors=len(self.refused),
            language=language,
        )

    def beat(self, page: str) -> Beat:
        """Return where the learner is."""
        last = self.score
        return Beat(
            lesson=self.lesson.code,
            mode=self.mode,
            page=page,
            seconds=last.seconds if last is not None else 0,
            errors=len(self.refused),
            helps=self.helps,
            met=self.met,
            goals=len(self.lesson.goals),
            asks=self.asks,
        )


def due_at(attempts: Sequence[Done]) -> datetime | None:
    """Return when a lesson comes back: 1 day after it failed, then 3 and 7 days after it was passed.

    `attempts` are those of one lesson, the oldest first; what was only watched says nothing. None where
    nothing failed, or every return was passed. Passed before it was due counts once more at its time.
    Source: capabilities 11, failed types return after 1, 3, 7 days.
    """
    step, due = len(AGAIN_D), None
    for done in attempts:
        if done.mode is Mode.WATCH:
            continue
        if not done.passed:
            step, due = 0, done.at + timedelta(days=AGAIN_D[0])
        elif due is not None and done.at >= due:
            step += 1
            due = done.at + timedelta(days=AGAIN_D[step]) if step < len(AGAIN_D) else None
    return due


def passed(attempts: Sequence[Done], mode: Mode) -> bool:
    """Tell whether a lesson was passed in a mode."""
    return any(done.passed and done.mode is mode for done in attempts)
