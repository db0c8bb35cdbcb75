"""Hunt a bug that was put in on purpose: simulate seeds until one shows it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bug import Bug
from simulate import Plan, run

STEPS = 300


@dataclass(frozen=True, slots=True)
class Catch:
    """Which invariants gave it away, and where."""

    broken: frozenset[str]
    where: str
    seconds: float


def hunt(bug: Bug, seeds: int, first: int = 1) -> Catch | None:
    """Return how the bug was caught, None when it was not within so many seeds."""
    begun_s = time.monotonic()
    for seed in range(first, first + seeds):
        plan = Plan(seed, STEPS, bug=bug.name)
        broken = frozenset(run(plan).broken)
        if broken and not run(replace(plan, bug="")).broken:  # else it was not this bug
            return Catch(broken, f"seed {seed}", time.monotonic() - begun_s)
    return None
