"""Hunt a bug that was put in on purpose: simulate seeds until one shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from bug import Bug
from simulate import Plan, run

STEPS = 300
IMPOSSIBLE = "impossible row"
CRASHED = "internal"
"""A command that could not be decided at all: that alone says nothing of what a bug broke."""


@dataclass(frozen=True, slots=True)
class Catch:
    """Which invariants gave it away, and where."""

    broken: frozenset[str]
    seed: int
    steps: int

    def __str__(self) -> str:
        return f"{' '.join(sorted(self.broken))} at seed {self.seed} of {self.steps} steps"


def hunt(bug: Bug, seeds: int, first: int = 1) -> Catch | None:
    """Return how the bug was caught, None when it was not within so many seeds."""
    for seed in range(first, first + seeds):
        plan = Plan(seed, STEPS, bug=bug.name, only=bug.weather, is_small=not bug.is_whole)
        broken = _broken(plan)
        if broken - {CRASHED} and not _broken_anyway(replace(plan, bug="")):
            return Catch(broken, seed, STEPS)
    return None


@cache
def _broken_anyway(plan: Plan) -> frozenset[str]:
    """Without a bug put in a seed breaks nothing, or what it breaks says nothing about the bug."""
    return _broken(plan)


def _broken(plan: Plan) -> frozenset[str]:
    try:
        return frozenset(run(plan).broken)
    except ValueError:  # a row that cannot be was met while a command was decided
        return frozenset({IMPOSSIBLE})
