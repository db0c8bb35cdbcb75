"""What somebody did in a lesson: on the practice floor, never with a real order.

Source: capabilities 11, `attempt(person, scenario, mode, result, faults, seconds)`.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from app.domain.values import Key

EXAM = "exam"
MODES = ("watch", "practise", EXAM)
"""看, 练, 考: led through, hints on demand, none. What was done without help counts in an exam only."""
LANGUAGES = ("zh_CN", "en")
SECONDS_MOST = 86_400
HELPS_MOST, FAULTS_MOST = 1_000, 50
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


def attempt_key(user: str, id: str) -> Key:
    """Name an attempt; it stands under its person, so that it is no colleague's."""
    return ("attempt", f"{user}/{id}")


def is_lesson_code(text: str) -> bool:
    """Tell whether a text names a lesson, or a goal of one."""
    return _CODE.fullmatch(text) is not None
