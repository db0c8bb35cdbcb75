"""What happened in review: signatures asked, given, refused."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.values import Key, ballot_key, order_key
from app.domain.vouching import Signature, Vote
from app.text import N_, Text

__all__ = [
    "ReviewRejected",
    "SignaturesAsked",
    "SignedOff",
    "VerdictGiven",
]


class SignaturesAsked(Event, frozen=True, kw_only=True):
    order: str
    count: int

    @override
    def says(self) -> Text:
        return Text(N_("{count} signatures asked"), {"count": self.count})


class VerdictGiven(Event, frozen=True, kw_only=True):
    """Somebody looked. What they said is known at the hub alone until enough people agree."""

    order: str
    user: str
    vote: Vote | None = None

    @override
    def keys(self) -> tuple[Key, ...]:
        return (order_key(self.order), *((ballot_key(self.order),) if self.vote is not None else ()))

    @override
    def says(self) -> Text:
        if self.vote is not None and self.vote.unread:
            return Text(N_("{who} passed it unread: that does not count"), {"who": self.user})
        return Text(N_("Reviewed by {who}"), {"who": self.user})


class SignedOff(Event, frozen=True, kw_only=True):
    order: str
    signature: Signature

    @override
    def says(self) -> Text:
        return Text(N_("Signed off by {who}"), {"who": self.signature.user})


class ReviewRejected(Event, frozen=True, kw_only=True):
    order: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Sent back: {reason}"), {"reason": self.reason})
