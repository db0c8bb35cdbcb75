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
HELD, PASSED, ASKED_LATER = N_("Held: {text}"), N_("Gate passed: {text}"), N_("Asked later: {text}")
"""The same of gates, whose code goes with each; `insight.compliance` reads them."""


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
        return Text(HELD, {"text": self.hold.text, "gate": self.hold.gate})


class HoldClosed(Event, frozen=True, kw_only=True):
    """`text` is what the gate says now, met or waiting for another one; without it nobody asks any more."""

    order: str
    gate: str
    text: Text | None = None
    is_met: bool = True

    @override
    def says(self) -> Text | None:
        if self.text is None:
            return None
        return Text(PASSED if self.is_met else ASKED_LATER, {"text": self.text, "gate": self.gate})


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
