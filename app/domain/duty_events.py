"""What happened to the duty of an exception: whose it is, how long it sleeps, when the lead must look."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.clock import WAIT_TITLES, Times
from app.domain.duty import WHY, Escalation, Snooze, Why
from app.domain.event import Event
from app.domain.values import Key, order_key, snag_key
from app.text import N_, Text

__all__ = [
    "DutyEvent", "SnagAssigned", "SnagClaimed", "SnagEscalated", "SnagGivenBack", "SnagRecalled",
    "SnagSnoozed", "SnagWoken",
]  # fmt: skip


class _OfSnag(Event, frozen=True, kw_only=True):
    """It concerns an exception of an order; or of a delivery or a command, which are cases."""

    order: str = ""
    kind: str
    case: str = ""

    @override
    def keys(self) -> tuple[Key, ...]:
        return (snag_key(self.case) if self.case else order_key(self.order),)


class SnagAssigned(_OfSnag, frozen=True, kw_only=True):
    """`to` is empty where nobody who knows the type is on shift: then it stands before the lead."""

    to: str
    at: datetime

    @override
    def says(self) -> Text:
        if not self.to:
            return Text(N_("Before the lead: {why}"), {"why": Text(WHY[Why.NOBODY])})
        return Text(N_("Given to {who}"), {"who": self.to})


class SnagClaimed(_OfSnag, frozen=True, kw_only=True):
    by: str
    at: datetime

    @override
    def says(self) -> Text:
        return Text(N_("Claimed by {who}"), {"who": self.by})


class SnagGivenBack(_OfSnag, frozen=True, kw_only=True):
    """`to` had it before; `declined_by` shall not get it again."""

    to: str = ""
    claimed_at: datetime | None = None
    declined_by: str = ""

    @override
    def says(self) -> Text:
        return Text(N_("Given back"))


class SnagSnoozed(_OfSnag, frozen=True, kw_only=True):
    """`stops` says whether the clock stands still meanwhile."""

    snooze: Snooze
    stops: bool = False

    @override
    def says(self) -> Text:
        if self.snooze.wait:
            return Text(N_("Waits for {wait}"), {"wait": Text(WAIT_TITLES[self.snooze.wait])})
        return Text(N_("Put off"))


class SnagWoken(_OfSnag, frozen=True, kw_only=True):
    """It wants to be looked at again; `times` where its clock stood still and goes on."""

    at: datetime
    times: Times | None = None

    @override
    def says(self) -> Text:
        return Text(N_("Back in the list"))


class SnagEscalated(_OfSnag, frozen=True, kw_only=True):
    escalation: Escalation

    @override
    def says(self) -> Text:
        if self.escalation.reason:
            return Text(N_("To the lead: {reason}"), {"reason": Text(self.escalation.reason)})
        return Text(N_("Before the lead: {why}"), {"why": Text(WHY[self.escalation.why])})


class SnagRecalled(_OfSnag, frozen=True, kw_only=True):
    """It does not stand before the lead any more; `to` has it again."""

    to: str = ""
    claimed_at: datetime | None = None

    @override
    def says(self) -> Text:
        return Text(N_("Taken back from the lead"))


DutyEvent = (
    SnagAssigned | SnagClaimed | SnagGivenBack | SnagSnoozed | SnagWoken | SnagEscalated | SnagRecalled
)
