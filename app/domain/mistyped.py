"""Recognise a mistyped district behind a known city; only a person takes it over."""

from __future__ import annotations

import re

import msgspec

from app.domain.characters import folded
from app.domain.gazetteer import DISTRICT, Gazetteer
from app.domain.reading import DOUBTFUL, Part
from app.domain.region_parts import FIELDS, Regions
from app.text import N_, Text

DISTRICT_LIKE = re.compile(r"[\u4e00-\u9fff]{1,5}?[区县旗市]")
NO_DISTRICT = re.compile(r".*(?:[小社校园厂库院景矿发业新地片港]区|[超门城夜菜花早]市)")


def read_mistyped(street: str, regions: Regions, gazetteer: Gazetteer) -> tuple[str, Regions]:
    """Return the street and the regions with what looks like a district and is none of the city's.

    One character away from the only district it can be, it goes out of the street; else it stays there.
    """
    found = DISTRICT_LIKE.match(folded(street))
    if found is None or NO_DISTRICT.fullmatch(found[0]):
        return street, regions
    written = street[: found.end()]
    near = [place for place in gazetteer.below(regions.city) if _one_apart(gazetteer.name(place), found[0])]
    city = gazetteer.name(regions.city)
    if len(near) == 1:
        meant = gazetteer.name(near[0])
        params: dict[str, str | int | Text] = {"city": city, "after": meant}
        reason = Text(N_("Nothing in {city} is called so; {after} is the closest."), params)
        part, place, street = (
            Part(FIELDS[2], written, meant, DOUBTFUL, reason),
            near[0],
            street[len(written) :],
        )
    else:
        reason = Text(N_("Nothing in {city} is called so."), {"city": city})
        part, place = Part(FIELDS[2], written, "", DOUBTFUL, reason), regions.place
    return street, msgspec.structs.replace(
        regions,
        parts=(regions.parts[0], regions.parts[1], part),
        place=place,
        offending=(*regions.offending, written),
        is_doubtful=True,
        confidence=min(regions.confidence, 0.5),
    )


def _one_apart(name: str, written: str) -> bool:
    """Tell whether two names of at least three characters differ in exactly one of them."""
    if len(name) != len(written) or len(name) < DISTRICT:
        return False
    return sum(one != other for one, other in zip(name, written, strict=True)) == 1
