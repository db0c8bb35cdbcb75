"""Whose work an exception is, until when nobody looks at it, and why it stands before the lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from app.domain.values import Role
from app.text import N_

REASON_MOST = 200
"""Characters that say why something goes to the lead."""
LEADS = frozenset({Role.LEAD, Role.ADMIN})
"""Who works off what stands before the lead."""
SNOOZE_MOST = timedelta(days=30)


class Snooze(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Nobody looks at it until a time, or until whoever is waited for has done something (`clock.Wait`)."""

    by: str
    at: datetime
    until: datetime | None = None
    wait: str = ""


class Why(StrEnum):
    """Why an exception stands before the lead."""

    ASKED = "asked"
    """Somebody sent it there and said why."""
    LATE = "late"
    """Its time is over; whoever has it keeps it."""
    NOBODY = "nobody"
    """Nobody who knows the type is on shift; goes to the first who comes."""


WHY: Mapping[str, str] = {
    Why.ASKED: N_("Sent to the lead"),
    Why.LATE: N_("Overdue"),
    Why.NOBODY: N_("Nobody who knows this is on shift"),
}
"""What the screen says of each."""


class Escalation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It stands before the lead. `by` and `reason` where a person sent it."""

    why: str
    at: datetime
    by: str = ""
    reason: str = ""
