"""Which lessons teach a stage, and when who passed one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.domain.attempt import Attempt
from app.training.course import course
from app.training.lesson import Mode


def lessons_of(stage: str) -> tuple[str, ...]:
    """Return the titles of the lessons that teach a type of exceptions or a work state, in their order."""
    return tuple(one.title.message for one in course() if stage in one.teaches)


def passed_first(attempts: Iterable[Attempt]) -> Mapping[tuple[str, str], datetime]:
    """Return when each person first passed a lesson of each stage; to watch one is not to pass it."""
    teaches = {one.code: one.teaches for one in course()}
    found: dict[tuple[str, str], datetime] = {}
    for one in sorted(attempts, key=lambda one: one.at):
        is_pass = one.passed and one.mode != Mode.WATCH
        for stage in teaches.get(one.lesson, ()) if is_pass else ():
            found.setdefault((one.user, stage), one.at)
    return found
