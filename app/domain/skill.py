"""What somebody has proved they can do, what only they may do then, and what they shall learn.

`Licence` is the policy: which right needs which lessons passed in an exam. `Skills` is one person's record.
Source: capabilities 11, `skill(person, permission, granted_by{pass, manual}, expires)`, and 11.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.values import Key, Role
from app.text import N_, Text

DAYS_USUAL, DAYS_MOST = 180, 1_095
WARNED_DAYS = 14
"""So long before it is over a person hears that a lesson is due again."""
LESSONS_MOST, TASKS_MOST, KEPT_MOST = 8, 30, 200
Code = Annotated[str, Meta(min_length=1, max_length=121)]
Title = Annotated[str, Meta(min_length=1, max_length=120)]
SUGGESTED: Mapping[str, tuple[str, ...]] = {"sign_off": ("sign_review",), "refund_return": ("refund_buyer",)}
"""Rights most companies give only to who passed which lessons; not in force before somebody says so."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson as a policy or a task names it: the title is that of the day, for who does not have it."""

    code: Code
    title: Title


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is the right. People of `roles` use it only after a pass of each lesson in an exam.

    Units: `holds_days` from a pass until it is over.
    """

    code: str
    lessons: Annotated[tuple[Proof, ...], Meta(max_length=100)] = ()
    roles: Annotated[tuple[Role, ...], Meta(max_length=20)] = (Role.CLERK, Role.WAREHOUSE, Role.REVIEWER)
    holds_days: int = DAYS_USUAL
    is_on: bool = False
    rev: int = 0

    @property
    def title(self) -> str:
        """What it is called where nobody knows the right's name."""
        return self.code


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """The last time a lesson was passed in an exam."""

    lesson: str
    version: int
    at: datetime


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A right that somebody gave by hand, with why; `until` is its last day."""

    right: str
    by: str
    at: datetime
    reason: str
    until: date | None = None


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A right that somebody closed by hand: it opens with what is passed later."""

    right: str
    by: str
    at: datetime
    reason: str


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson somebody shall pass by a day."""

    lesson: str
    title: str
    due_on: date
    by: str
    at: datetime


class Skills(msgspec.Struct, frozen=True, kw_only=True):
    """One person's record."""

    user: str
    passed: tuple[Passed, ...] = ()
    given: tuple[Given, ...] = ()
    ended: tuple[Ended, ...] = ()
    tasks: tuple[Task, ...] = ()
    rev: int = 0

    @property
    def title(self) -> str:
        """Whose record it is."""
        return self.user

    def pass_of(self, lesson: str) -> Passed | None:
        """Return the last pass of a lesson."""
        return next((one for one in self.passed if one.lesson == lesson), None)

    def given_of(self, right: str) -> Given | None:
        """Return how a right was given by hand."""
        return next((one for one in self.given if one.right == right), None)


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps a person from a right: the lessons they lack, passed too long ago or never."""

    right: str
    lacking: tuple[Proof, ...]
    is_over: bool = False

    def says(self) -> Text:
        """Say what to do: which lesson, and how one comes to it."""
        title, more = Text(self.lacking[0].title), len(self.lacking) - 1
        if more:
            return Text(_MORE, {"lesson": title, "more": more})
        return Text(_OVER if self.is_over else _LACKS, {"lesson": title})


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """A right that is over soon."""

    right: str
    on: date
    lesson: str = ""


_LACKS = N_("Pass the lesson “{lesson}” in an exam first: F12 opens practice.")
_OVER = N_("Your pass of “{lesson}” is over. Pass it again: F12 opens practice.")
_MORE = N_("Pass “{lesson}” and {more} more lessons in an exam first: F12 opens practice.")


def skill_key(user: str) -> Key:
    """Name the record of a person."""
    return ("skill", user)


def lock_of(
    right: str, role: Role, skills: Skills | None, licences: Mapping[str, Licence], now: datetime
) -> Lock | None:
    """Say what a person must still pass before they use a right; None where nothing keeps them from it."""
    licence = licences.get(right)
    if licence is None or not licence.is_on or role not in licence.roles or not licence.lessons:
        return None
    if skills is not None and _is_given(skills.given_of(right), now):
        return None
    lacking = tuple(one for one in licence.lessons if _ends_at(one.code, licence, skills, now) is None)
    if not lacking:
        return None
    was = skills is not None and any(skills.pass_of(one.code) is not None for one in lacking)
    return Lock(right=right, lacking=lacking, is_over=was)


def endings(
    role: Role, skills: Skills | None, licences: Mapping[str, Licence], now: datetime
) -> tuple[Ending, ...]:
    """Return the rights of a person that are over within some days, the nearest first."""
    found: list[Ending] = []
    for code, licence in sorted(licences.items()):
        if skills is None or not licence.lessons or lock_of(code, role, skills, licences, now) is not None:
            continue
        if not licence.is_on or role not in licence.roles:
            continue
        given = skills.given_of(code)
        if given is not None and _is_given(given, now):
            if given.until is not None:
                found.append(Ending(right=code, on=given.until))
            continue
        ends = [(at, one) for one in licence.lessons if (at := _ends_at(one.code, licence, skills, now))]
        at, lesson = min(ends, key=lambda each: each[0])
        found.append(Ending(right=code, on=at.date(), lesson=lesson.title))
    soon = (now + timedelta(days=WARNED_DAYS)).date()
    return tuple(sorted((one for one in found if one.on <= soon), key=lambda one: (one.on, one.right)))


def with_pass(skills: Skills, passed: Passed) -> Skills:
    """Take a pass down; what was to be learnt is learnt."""
    others = tuple(one for one in skills.passed if one.lesson != passed.lesson)
    tasks = tuple(one for one in skills.tasks if one.lesson != passed.lesson)
    kept = (passed, *others)[:KEPT_MOST]
    return msgspec.structs.replace(skills, passed=kept, tasks=tasks)


def late(skills: Iterable[Skills], today: date) -> tuple[tuple[str, Task], ...]:
    """Return who has not passed in time what they were asked to, the latest first."""
    over = [(one.user, task) for one in skills for task in one.tasks if task.due_on < today]
    return tuple(sorted(over, key=lambda each: (each[1].due_on, each[0], each[1].lesson)))


def _is_given(given: Given | None, now: datetime) -> bool:
    return given is not None and (given.until is None or now.date() <= given.until)


def _ends_at(lesson: str, licence: Licence, skills: Skills | None, now: datetime) -> datetime | None:
    """Return until when a pass opens this right; None where there is none that still does."""
    passed = skills.pass_of(lesson) if skills is not None else None
    if passed is None or skills is None:
        return None
    ended = next((one for one in skills.ended if one.right == licence.code), None)
    ends = passed.at + timedelta(days=licence.holds_days)
    return None if ends <= now or (ended is not None and passed.at <= ended.at) else ends
