"""What happened to seeded mistakes: kept, put before somebody, answered."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.drill import Drill, Mistake, Told, drill_key, mistake_key
from app.domain.event import Event
from app.domain.values import Key

__all__ = ["DrillAnswered", "DrillPlanted", "MistakeKept"]


class MistakeKept(Event, frozen=True, kw_only=True):
    """Something reviewers had found was mended; it may teach others."""

    mistake: Mistake

    @override
    def keys(self) -> tuple[Key, ...]:
        return (mistake_key(self.mistake.id),)


class DrillPlanted(Event, frozen=True, kw_only=True):
    drill: Drill

    @override
    def keys(self) -> tuple[Key, ...]:
        return (drill_key(self.drill.person, self.drill.id),)


class DrillAnswered(Event, frozen=True, kw_only=True):
    """`told` is known to the hub first."""

    person: str
    drill: str
    at: datetime
    told: Told | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        return (drill_key(self.person, self.drill),)
