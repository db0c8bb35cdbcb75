"""What the names in an address come to: province, city and district, and what speaks against them."""

from __future__ import annotations

import msgspec

from app.domain.reading import Part

FIELDS = ("province", "city", "district")
Path = tuple[str, str, str]


class Regions(msgspec.Struct, frozen=True, gc=False):
    """What the names in an address come to. Positions are those of the text given to `judge_regions`."""

    parts: tuple[Part, Part, Part]
    offending: tuple[str, ...]
    choices: tuple[Path, ...]
    """What a person may choose from: ties, parts of a divided district, both of two addresses."""
    is_open: bool
    """Nothing is known, several places are as good, or two addresses stand in one."""
    is_doubtful: bool
    confidence: float
    cuts: tuple[tuple[int, int], ...]
    """Spans of names that the parts tell; the rest is the street."""
    loose: bool
    """The last cut is a short name, which belongs to the street where that goes on with it: 萧山机场."""
    is_again: bool
    """It says once more what was told: only where it stands alone it is none of the street: 厦门大学."""
    city: int
    """The city by number, or -1; of a municipality its city level."""
    place: int
    """The division of today by number where there is one, or -1."""
    heirs: tuple[int, ...]
    tied: tuple[int, ...]
    """Several places that are as good, by number: districts called alike."""
    is_lone: bool
    """All is told by one short name: 东方 may be a city, or the garden it begins the name of."""
    is_single: bool
    """All is told by one name in full: 微山县."""
    usual_postcode: str
