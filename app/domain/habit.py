"""What the hands of one person know by now: steps of guides that need no hint, tours they have seen."""

from __future__ import annotations

import re

import msgspec

KNOWN_AFTER = 3
"""Correct uses after which a hint fades. Source: capabilities 11.5."""
STEPS_MOST, TOURS_MOST = 500, 100
NAMED_MOST = 50
"""How many one command may name."""
_CODE = re.compile(r"[a-z_]{1,40}(/[a-z_]{1,40})?")


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """`steps`: how often in a row each step was done right, up to `KNOWN_AFTER`, by `step_code`."""

    user: str
    steps: dict[str, int] = {}
    tours: tuple[str, ...] = ()
    """Tours that shall not begin by themselves any more."""

    def knows(self, step: str) -> bool:
        """Tell whether a step is known so well that its hint is only in the way."""
        return self.steps.get(step, 0) >= KNOWN_AFTER


def step_code(form: str, step: str) -> str:
    """Name a step of a guide."""
    return f"{form}/{step}"


def is_habit_code(text: str) -> bool:
    """Tell whether a text names a step or a tour."""
    return _CODE.fullmatch(text) is not None


def practised(habit: Habit, right: tuple[str, ...], wrong: tuple[str, ...], tours: tuple[str, ...]) -> Habit:
    """Count what was done: a right use counts up, a wrong one begins anew."""
    steps = dict(habit.steps)
    for step in right:
        steps[step] = min(KNOWN_AFTER, steps.get(step, 0) + 1)
    for step in wrong:
        steps.pop(step, None)
    seen = tuple(sorted({*habit.tours, *tours}))
    return msgspec.structs.replace(habit, steps=dict(sorted(steps.items())), tours=seen)
