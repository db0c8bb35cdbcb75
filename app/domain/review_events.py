"""What happened in review: signatures asked, given, refused."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.domain.vouching import Signature
from app.text import N_, Text

__all__ = [
    "ReviewRejected",
    "SignaturesAsked",
    "SignedOff",
]


class SignaturesAsked(Event, frozen=True, kw_only=True):
    order: str
    count: int

    @override
    def says(self) -> Text:
        return Text(N_("{count} signatures asked"), {"count": self.count})


class SignedOff(Event, frozen=True, kw_only=True):
    order: str
    signature: Signature

    @override
    def says(self) -> Text:
        return Text(N_("Signed off"))


class ReviewRejected(Event, frozen=True, kw_only=True):
    order: str
    reason: str
    by: str

    @override
    def says(self) -> Text:
        return Text(N_("Sent back: {reason}"), {"reason": self.reason})
