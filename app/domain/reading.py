"""What reading an address comes to: a field before and after, and one next action."""

from __future__ import annotations

import msgspec

from app.domain.values import Region
from app.text import Text

KEPT, ADDED, REPLACED, DOUBTFUL = "kept", "added", "replaced", "doubtful"
ACCEPT, CONFIRM, FIX = "accept", "confirm", "fix"
NO_REASON = Text("")


class Part(msgspec.Struct, frozen=True):
    """One field before and after; verdict kept, added, replaced or doubtful."""

    field: str
    before: str
    after: str
    verdict: str
    reason: Text = NO_REASON


class Reading(msgspec.Struct, frozen=True):
    """What a written address comes to; `verdict` says the one next action: accept, confirm or fix."""

    province: str
    city: str
    district: str
    street: str
    postcode: str
    verdict: str
    confidence: float
    parts: tuple[Part, ...]
    candidates: tuple[tuple[str, ...], ...] = ()
    """(province, city, district) to choose from, best first; empty where there is nothing to choose."""
    offending: tuple[str, ...] = ()
    """What to underline in the written text."""

    def region(self, country: str = "CN") -> Region:
        return Region(
            country=country,
            province=self.province,
            city=self.city,
            district=self.district,
            postcode=self.postcode,
            verdict=self.verdict,
        )
