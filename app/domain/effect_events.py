"""What became of what was asked of the world outside."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.effect import Outcome
from app.domain.event import Event
from app.text import N_, Text

__all__ = ["EffectAskedAgain", "EffectRecorded", "EffectWithdrawn"]


class EffectRecorded(Event, frozen=True, kw_only=True):
    """A worker, or a person who looked, says what became of it.

    `fence` is the lease under which a worker tried; 0 where a person says so.
    """

    order: str
    outcome: Outcome
    fence: int = 0

    @override
    def says(self) -> Text:
        return self.outcome.text


class EffectAskedAgain(Event, frozen=True, kw_only=True):
    """A person found that it did not happen, or cured why it was rejected: it is done once more."""

    order: str
    key: str
    until: datetime | None = None
    """When it leaves the house; until then it can be taken back."""
    looks: bool = False
    """Nobody has looked: what became of it is asked first, and it is sent only where it never arrived."""

    @override
    def says(self) -> Text:
        return Text(N_("Sent out once more: {key}"), {"key": self.key})


class EffectWithdrawn(Event, frozen=True, kw_only=True):
    """It is not done once more: what was known of it before holds again."""

    order: str
    outcome: Outcome

    @override
    def says(self) -> Text:
        return Text(N_("Not sent once more: {key}"), {"key": self.outcome.key})
