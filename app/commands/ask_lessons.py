"""Ask somebody to pass lessons by a day, or no longer."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, publish, refuse
from app.domain.attempt import is_lesson_code
from app.domain.skill import TASKS_MOST, Proof, Skills, Task, skill_key
from app.domain.values import Keys
from app.text import N_

Lessons = Annotated[tuple[Proof, ...], Meta(min_length=1, max_length=TASKS_MOST)]


class AskLessons(Command, frozen=True, kw_only=True):
    """No `due_on`: they are asked no longer. `rev` is that of the record the person started from."""

    user: str
    lessons: Lessons
    due_on: date | None = None
    rev: int = 0


def needs(command: AskLessons) -> Keys:
    """Name the person's record."""
    return frozenset({skill_key(command.user)})


def decide(command: AskLessons, facts: Facts) -> Decided:
    """Write the day into the record; who is asked again has the new day.

    Refuses: `no_user`, `no_lesson`, `past`, `too_many`, `stale_content`, `unchanged`.
    """
    wrong = _wrong(command, facts)
    if wrong is not None:
        return wrong
    before: Skills = facts.row(skill_key(command.user)) or Skills(user=command.user)
    named = {one.code for one in command.lessons}
    tasks = tuple(task for task in before.tasks if task.lesson not in named)
    if command.due_on is not None:
        by, at, due_on = facts.by.user, facts.now, command.due_on
        tasks += tuple(
            Task(lesson=one.code, title=one.title, due_on=due_on, by=by, at=at) for one in command.lessons
        )
    if len(tasks) > TASKS_MOST:
        return refuse("too_many", N_("30 lessons are open for this person. Let some be passed first."))
    after = msgspec.structs.replace(before, tasks=tasks, rev=command.rev)
    return publish("skill", command.user, after, facts)


def _wrong(command: AskLessons, facts: Facts) -> Refusal | None:
    if command.user not in facts.refs.users:
        return refuse("no_user", N_("There is no such person."))
    if not all(is_lesson_code(one.code) and one.title.isprintable() for one in command.lessons):
        return refuse("no_lesson", N_("There is no such lesson. Choose one from the list."))
    if command.due_on is not None and command.due_on < facts.now.date():
        return refuse("past", N_("This day is over. Choose a later one."))
    return None


SPEC = Spec("ask_lessons", AskLessons, needs, decide, Authority.HUB, touches=False)
