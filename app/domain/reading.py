"""What reading an address comes to: a field before and after, and one next action."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from app.domain.values import Region
from app.text import N_, Text

KEPT, ADDED, REPLACED, DOUBTFUL = "kept", "added", "replaced", "doubtful"
ACCEPT, CONFIRM_ADD, CONFIRM, FIX = "accept", "confirm_add", "confirm", "fix"
"""One next action: none; ask for the room if you speak anyway; confirm what is doubtful; fix it first."""
NO_REASON = Text("")
FIELD_WORDS: Mapping[str, str] = {
    "country": N_("Country or region"),
    "province": N_("Province"),
    "city": N_("City"),
    "district": N_("District"),
    "street": N_("Street"),
    "postcode": N_("Postcode"),
}


class Part(msgspec.Struct, frozen=True, gc=False):
    """One field before and after; verdict kept, added, replaced or doubtful."""

    field: str
    before: str
    after: str
    verdict: str
    reason: Text = NO_REASON


NO_TOWN = Part("town", "", "", KEPT)


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What a written address comes to; `verdict` says the one next action."""

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
    town: Part = NO_TOWN
    """The town the street begins with, if any; it stays in the street."""

    @property
    def can_go(self) -> bool:
        """Tell whether a parcel can go there as it stands; a missing room is asked for, not waited for."""
        return self.verdict in (ACCEPT, CONFIRM_ADD)

    @property
    def detail(self) -> str:
        """Give the street behind the town."""
        return self.street.removeprefix(self.town.before).strip()

    def region(self, country: str = "CN") -> Region:
        return Region(
            country=country,
            province=self.province,
            city=self.city,
            district=self.district,
            postcode=self.postcode,
            verdict=ACCEPT if self.can_go else self.verdict,
        )
