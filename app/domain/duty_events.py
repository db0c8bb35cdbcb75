"""What happened to the duty of an exception: whose it is, how long it sleeps, when the lead must look."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.clock import WAIT_TITLES, Times
from app.domain.duty import WHY, Escalation, Snooze, Why
from app.domain.event import Event
from app.text import N_, Text

__all__ = [
    "DutyEvent", "SnagAssigned", "SnagClaimed", "SnagEscalated", "SnagGivenBack", "SnagRecalled",
    "SnagSnoozed", "SnagWoken",
]  # fmt: skip


class SnagAssigned(Event, frozen=True, kw_only=True):
    """`to` is empty where nobody who knows the type is on shift: then it stands before the lead."""

    order: str
    kind: str
    to: str
    at: datetime

    @override
    def says(self) -> Text:
        if not self.to:
            return Text(N_("Before the lead: {why}"), {"why": Text(WHY[Why.NOBODY])})
        return Text(N_("Given to {who}"), {"who": self.to})


class SnagClaimed(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    by: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("Claimed by {who}"), {"who": self.by})


class SnagGivenBack(Event, frozen=True, kw_only=True):
    """`to` had it before; `declined_by` shall not get it again."""

    order: str
    kind: str
    to: str = ""
    claimed_at: datetime | None = None
    declined_by: str = ""

    @override
    def says(self) -> Text:
        return Text(N_("Given back"))


class SnagSnoozed(Event, frozen=True, kw_only=True):
    """`stops` says whether the clock stands still meanwhile."""

    order: str
    kind: str
    snooze: Snooze
    stops: bool = False

    @override
    def says(self) -> Text:
        if self.snooze.wait:
            return Text(N_("Waits for {wait}"), {"wait": Text(WAIT_TITLES[self.snooze.wait])})
        return Text(N_("Put off"))


class SnagWoken(Event, frozen=True, kw_only=True):
    """It wants to be looked at again; `times` where its clock stood still and goes on."""

    order: str
    kind: str
    at: datetime
    times: Times | None = None

    @override
    def says(self) -> Text:
        return Text(N_("Back in the list"))


class SnagEscalated(Event, frozen=True, kw_only=True):
    order: str
    kind: str
    escalation: Escalation

    @override
    def says(self) -> Text:
        if self.escalation.reason:
            return Text(N_("To the lead: {reason}"), {"reason": self.escalation.reason})
        return Text(N_("Before the lead: {why}"), {"why": Text(WHY[self.escalation.why])})


class SnagRecalled(Event, frozen=True, kw_only=True):
    """It does not stand before the lead any more; `to` has it again."""

    order: str
    kind: str
    to: str = ""
    claimed_at: datetime | None = None

    @override
    def says(self) -> Text:
        return Text(N_("Taken back from the lead"))


DutyEvent = (
    SnagAssigned | SnagClaimed | SnagGivenBack | SnagSnoozed | SnagWoken | SnagEscalated | SnagRecalled
)
