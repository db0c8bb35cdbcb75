"""Weigh an address by where parcels to the same street and door have arrived before.

Who delivered where is the caller's to know: here it maps places to how often. Evidence adds what the
buyer left out; it never overrules what was written, and of several places called alike it orders the choices
and picks none.
Source: capabilities.md section 2, evidence kinds; AC 2.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from app.domain.address_key import plain_street
from app.domain.gazetteer import Gazetteer
from app.domain.reading import ACCEPT, ADDED, CONFIRM, DOUBTFUL, FIX, Part, Reading
from app.text import N_, Text

Place = tuple[str, str, str]


def arrived(readings: Iterable[Reading]) -> dict[str, dict[Place, int]]:
    """Count by street and door, then by place, where parcels arrived; what was doubtful proves nothing."""
    counts: dict[str, dict[Place, int]] = {}
    for reading in readings:
        key = plain_street(reading.street)
        if reading.can_go and key:
            places = counts.setdefault(key, {})
            place = reading.province, reading.city, reading.district
            places[place] = places.get(place, 0) + 1
    return counts


def weighed(reading: Reading, places: Mapping[Place, int], gazetteer: Gazetteer) -> Reading:
    """Return the reading with what earlier deliveries to its street and door say."""
    if reading.verdict not in (CONFIRM, FIX) or not places:
        return reading
    if reading.candidates:
        ordered = sorted(reading.candidates, key=lambda path: -_count(path, places))
        return msgspec.structs.replace(reading, candidates=tuple(ordered))
    fitting = [place for place in places if _fits(reading, place)]
    if len(fitting) != 1 or reading.parts[3].verdict == DOUBTFUL:
        return reading
    return _completed(reading, fitting[0], places[fitting[0]], gazetteer)


def _count(path: tuple[str, ...], places: Mapping[Place, int]) -> int:
    province, city, district = path
    return places.get((province, city, district), 0)


def _fits(reading: Reading, place: Place) -> bool:
    """Tell whether a place contradicts nothing that was written; only what is missing may differ."""
    for part, name in zip(reading.parts, place, strict=False):
        if part.after and part.after != name:
            return False
        if part.before and (part.verdict == DOUBTFUL or not part.after):
            return False
    return True


def _completed(reading: Reading, place: Place, count: int, gazetteer: Gazetteer) -> Reading:
    reason = Text(N_("Parcels that arrived there before: {count}."), {"count": count})
    regions = [
        Part(part.field, part.before, name, ADDED, reason) if part.verdict == DOUBTFUL else part
        for part, name in zip(reading.parts, place, strict=False)
    ]
    street, code = reading.parts[3:]
    if not code.after and (found := gazetteer.find(*place) or gazetteer.find(*place[:2])):
        usual = found.postcode or _city_code(place, gazetteer)
        told = Text(N_("The usual code of {city}."), {"city": place[1]})
        code = Part(code.field, "", usual, ADDED, told) if usual else code
    return msgspec.structs.replace(
        reading,
        province=place[0],
        city=place[1],
        district=place[2],
        postcode=code.after,
        parts=(*regions, street, code),
        verdict=ACCEPT if code.verdict != DOUBTFUL else CONFIRM,
        confidence=0.95,
        offending=(),
    )


def _city_code(place: Place, gazetteer: Gazetteer) -> str:
    city = gazetteer.find(*place[:2])
    return city.postcode if city is not None else ""
