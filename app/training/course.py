"""The built-in course, in the order in which a newcomer takes it."""

from __future__ import annotations

from collections.abc import Mapping

import app.training.lessons
from app.registry import collect
from app.training.lesson import Lesson

LESSONS: Mapping[str, Lesson] = collect(app.training.lessons, "LESSON", Lesson)
ORDER: tuple[str, ...] = ("repair_address",)
"""What comes when; a test fails on a lesson that is not among them."""


def course() -> tuple[Lesson, ...]:
    """Return the lessons one after the other."""
    return tuple(LESSONS[code] for code in ORDER)
