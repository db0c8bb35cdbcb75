"""One message of every verb and event about lessons and what they prove."""

from __future__ import annotations

from datetime import UTC, datetime

from app.commands.note_attempt import NoteAttempt
from app.domain import events as e
from app.domain.attempt import Attempt

AT = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
TRIED = {"lesson": "address_wrong", "lesson_version": 2, "mode": "exam", "seconds": 214}

COMMANDS = (
    NoteAttempt(id="a1", user="lin", **TRIED, passed=False, faults=("stock_kept",), helps=1, language="en"),
)
EVENTS = (
    e.AttemptNoted(attempt=Attempt(id="a1", user="lin", **TRIED, passed=True, at=AT, faults=(), helps=0)),
)
