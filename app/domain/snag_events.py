"""What happened around exceptions, holds and cases."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.order import Hold, Settled, Snag
from app.domain.values import Key
from app.text import N_, Text

__all__ = [
    "CaseClosed",
    "CaseOpened",
    "HoldClosed",
    "HoldOpened",
    "SnagCleared",
    "SnagRaised",
    "SnagReopened",
    "SnagSettled",
]


CLEARED = N_("Cleared: {text}")
"""What the journal says of one that ended; the report looks for it."""


class SnagRaised(Event, frozen=True, kw_only=True):
    order: str
    snag: Snag

    @override
    def says(self) -> Text:
        return Text(N_("Exception: {text}"), {"text": self.snag.text})


class SnagCleared(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    text: Text

    @override
    def says(self) -> Text:
        return Text(CLEARED, {"text": self.text})


class SnagSettled(Event, frozen=True, kw_only=True):
    order: str
    settled: Settled
    text: Text

    @override
    def says(self) -> Text:
        return Text(N_("Answered: {text}"), {"text": self.text})


class SnagReopened(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    digest: str

    @override
    def says(self) -> Text:
        return Text(N_("An answer was taken back"))


class HoldOpened(Event, frozen=True, kw_only=True):
    order: str
    hold: Hold

    @override
    def says(self) -> Text:
        return Text(N_("Held: {text}"), {"text": self.hold.text})


class HoldClosed(Event, frozen=True, kw_only=True):
    order: str
    gate: str


class CaseOpened(Event, frozen=True, kw_only=True):
    """A delivery or a command, not an order, needs a person."""

    id: str
    snag: Snag
    subject: str
    """raw | command"""
    subject_id: str
    owner: str = ""

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("snag", self.id),)


class CaseClosed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """`why` where nobody closed it: what was wrong is right by itself."""

    id: str
    why: Text | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("snag", self.id),)

    @override
    def says(self) -> Text | None:
        return self.why
