"""Lessons as policies and tasks name them: by code, with the title of the day for who does not have them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.skill import Proof
from app.text import Text
from app.training.course import LESSONS, course
from app.training.own_lesson import PREFIX, own_title


def options(known: Iterable[Proof] = ()) -> tuple[tuple[str, Text], ...]:
    """Return what can be chosen: the course in its order, then what was named and is no lesson any more."""
    built = tuple((lesson.code, lesson.title) for lesson in course())
    gone = ((one.code, Text(one.title)) for one in known if one.code not in LESSONS)
    return (*built, *gone)


def proofs(codes: Sequence[str], known: Iterable[Proof] = ()) -> tuple[Proof, ...]:
    """Return these lessons with their titles, in the order of the course."""
    titles = {code: text.message for code, text in options(known)}
    return tuple(Proof(code=code, title=title) for code, title in titles.items() if code in codes)


def title_of(code: str) -> Text:
    """Say what a lesson is called; one of another program by its code."""
    if code.startswith(PREFIX):
        return own_title(code)
    return LESSONS[code].title if code in LESSONS else Text(code)


def goal_of(lesson: str, code: str) -> Text:
    """Say what a goal asks; one of another program by its code."""
    goals = LESSONS[lesson].goals if lesson in LESSONS else ()
    return next((goal.says for goal in goals if goal.code == code), Text(code))
