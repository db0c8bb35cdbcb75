"""What somebody did in a lesson: on the practice floor, never with a real order.

Source: capabilities 11, `attempt(person, scenario, mode, result, faults, seconds)`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.values import Key

EXAM = "exam"
MODES = ("watch", "practise", EXAM)
"""看, 练, 考: led through, hints on demand, none. What was done without help counts in an exam only."""
LANGUAGES = ("zh_CN", "en")
SECONDS_MOST = 86_400
HELPS_MOST, FAULTS_MOST = 1_000, 50
Code = Annotated[str, Meta(max_length=121, pattern="^[A-Za-z0-9_/-]*$")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
_CODE = re.compile(r"[a-z0-9_]{1,60}(/[a-z0-9_]{1,60})?")


class Attempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One lesson, once. `faults` are the codes of goals that were missed, `helps`: hints asked for."""

    id: str
    user: str
    lesson: str
    lesson_version: int
    mode: str
    passed: bool
    seconds: int
    at: datetime
    faults: tuple[str, ...] = ()
    helps: int = 0
    language: str = "zh_CN"


class Beat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where somebody is in a lesson. Nothing of it is kept longer than it is news.

    `errors`: what the program would not do; `met` of `goals`; `asks`: they would like somebody to come.
    """

    lesson: Code = ""
    mode: Code = ""
    page: Code = ""
    seconds: Count = 0
    errors: Count = 0
    helps: Count = 0
    met: Count = 0
    goals: Count = 0
    asks: bool = False


def attempt_key(user: str, id: str) -> Key:
    """Name an attempt; it stands under its person, so that it is no colleague's."""
    return ("attempt", f"{user}/{id}")


def is_lesson_code(text: str) -> bool:
    """Tell whether a text names a lesson, or a goal of one."""
    return _CODE.fullmatch(text) is not None
