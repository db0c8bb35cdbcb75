"""Note how a lesson went: the practice floor says it, the desk of whoever practised sends it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.attempt import (
    EXAM,
    FAULTS_MOST,
    HELPS_MOST,
    LANGUAGES,
    MODES,
    SECONDS_MOST,
    Attempt,
    attempt_key,
    is_lesson_code,
)
from app.domain.events import AttemptNoted, Event, SettingSet
from app.domain.revision import revised
from app.domain.skill import Passed, Skills, skill_key, with_pass
from app.domain.values import Keys
from app.text import N_

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[^/]*$")]
Code = Annotated[str, Meta(min_length=1, max_length=121)]
Faults = Annotated[tuple[Code, ...], Meta(max_length=1_000)]


class NoteAttempt(Command, frozen=True, kw_only=True):
    """`user` is whoever asks, `id` the attempt's new one. Units: `seconds` from its layout to its end."""

    id: Id
    user: str
    lesson: Code
    lesson_version: int
    mode: str
    passed: bool
    seconds: int
    faults: Faults = ()
    helps: int = 0
    language: str = "zh_CN"


def needs(command: NoteAttempt) -> Keys:
    """Name the attempt, and what its person has proved so far."""
    return frozenset({attempt_key(command.user, command.id), skill_key(command.user)})


def decide(command: NoteAttempt, facts: Facts) -> Decided:
    """Write it down under whoever practised; said twice it stands once. An exam passed is a skill.

    Refuses: `not_yours`, `unchanged`, `bad_attempt`.
    """
    if command.user != facts.by.user:
        return refuse("not_yours", N_("Everybody learns for themselves. Sign in as this person."))
    if facts.row(attempt_key(command.user, command.id)) is not None:
        return refuse("unchanged", N_("This is known already. Nothing to do."))
    if not _can_be(command):
        return refuse("bad_attempt", N_("This is no attempt at a lesson. Update Docket on this PC."))
    noted = Attempt(
        id=command.id, user=command.user, lesson=command.lesson, lesson_version=command.lesson_version,
        mode=command.mode, passed=command.passed, seconds=command.seconds, faults=command.faults,
        helps=command.helps, language=command.language, at=facts.now,
    )  # fmt: skip
    decided: list[Event] = [AttemptNoted(attempt=noted)]
    if noted.passed and noted.mode == EXAM:
        before: Skills | None = facts.row(skill_key(command.user))
        passed = Passed(lesson=noted.lesson, version=noted.lesson_version, at=facts.now)
        after = with_pass(before or Skills(user=command.user), passed)
        record = revised("skill", command.user, before, after, facts.by.user, facts.now, noted.lesson)
        decided.append(SettingSet(revision=record))
    return decided


def _can_be(command: NoteAttempt) -> bool:
    is_named = command.mode in MODES and command.language in LANGUAGES
    codes = (command.lesson, *command.faults)
    is_counted = 0 <= command.seconds <= SECONDS_MOST and 0 <= command.helps <= HELPS_MOST
    is_counted = is_counted and 0 <= command.lesson_version < 2**31 and len(command.faults) <= FAULTS_MOST
    return is_named and is_counted and all(map(is_lesson_code, codes))


SPEC = Spec("note_attempt", NoteAttempt, needs, decide, Authority.DESK, touches=False)
