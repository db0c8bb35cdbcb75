"""Read an address abroad by the postal rules of its country: what it needs, its areas, its codes.

Where a country has no rules only presence is judged. Rules are hints (old towns, spellings without accents):
they make a doubt, never a refusal. What the buyer wrote is kept; a name is given as the post there writes it,
a code in its form, an area that is not told where the code lies in one only.
Source: libraries.md section 3, world addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.domain.land import UNKNOWN, Area, Land, land_of, plain
from app.domain.land_names import land_name
from app.domain.reading import (
    ACCEPT,
    ADDED,
    CONFIRM,
    DOUBTFUL,
    FIELD_WORDS,
    FIX,
    KEPT,
    REPLACED,
    Part,
    Reading,
)
from app.domain.values import Receiver, Region
from app.text import N_, Text

FIELDS = ("province", "city", "district", "street", "postcode")
NEEDED_WITHOUT_RULES = frozenset(("province", "city", "street", "postcode"))
NOTHING = frozenset(["na", "none", "null", "nil", "unknown", "tbd", "xx", "xxx", "xxxx", "test"])
"""What people type into a field they must fill."""
AS_THERE = N_("{field}: the post there writes it differently.")
_LETTER = re.compile(r"[^\W\d_]")


class _Place(NamedTuple):
    """An area as it was told or found, and the code in its form; "" where there is none."""

    area: Area | None
    code: str
    is_found: bool = False
    """The area was not told: the city or the code says it."""


def label_of(field: str, country: str) -> str:
    """Return what a field is called in a country: state or prefecture, ZIP code or Eircode."""
    land = land_of(country) if country != "CN" else None
    return land.labels.get(field, FIELD_WORDS[field]) if land is not None else FIELD_WORDS[field]


def area_code(country: str, province: str) -> str:
    """Return the code channels know an area abroad by, IL or JP-13; its name where there is none."""
    land = land_of(country) if country != "CN" else None
    area = land.area(province) if land is not None and province else None
    if area is None:
        return province
    return f"{country}-{area.iso}" if area.iso.isdecimal() else area.iso or area.latin


def fields_of(region: Region, street: str) -> tuple[str, ...]:
    """Return the fields in the order of the country; what it does not use only where it is told."""
    land = land_of(region.country)
    used = land.fields(street) if land is not None else ("street", "district", "city", "province", "postcode")
    told = tuple(field for field in FIELDS if field not in used and told_in(region, field))
    at = used.index("postcode") if "postcode" in used and used[0] != "postcode" else len(used)
    return (*used[:at], *told, *used[at:])


def told_in(region: Region, field: str) -> str:
    """Return what a region says in one field; the street stands elsewhere."""
    return str(getattr(region, field)) if field != "street" else ""


def lacking(receiver: Receiver, region: Region) -> tuple[str, ...]:
    """Return what no label can be written without: the street, the city or what stands for it."""
    if region.country == UNKNOWN:
        return ("country",)
    land = land_of(region.country)
    needed = land.needed if land is not None else NEEDED_WITHOUT_RULES
    place: tuple[str, ...] = ()
    if not region.city and "city" in needed:
        place = ("city",)
    elif not region.city and not region.province and "province" in needed:
        place = ("province",)
    return (*(() if receiver.street else ("street",)), *place)


def read_abroad(street: str, fields: tuple[str, str, str], postcode: str, country: str) -> Reading:
    """Judge an address of another country field by field."""
    given = dict(zip(FIELDS, (*fields, street, postcode), strict=True))
    land = land_of(country)
    if country == UNKNOWN:
        unknown = Part("country", "", "", DOUBTFUL, Text(N_("Not known. Choose it.")))
        kept = (Part(field, value, value, KEPT) for field, value in given.items())
        return _reading((unknown, *kept), FIX, ())
    if land is None:
        present = tuple(_present(given, field, NEEDED_WITHOUT_RULES, country) for field in FIELDS)
        return _reading(present, _verdict(present, country), ())
    place = _place(land, given)
    needed = land.needed
    parts = (
        _province(land, given, place),
        *(_present(given, field, needed, country) for field in ("city", "district", "street")),
        _postcode(land, given, place),
    )
    return _reading(parts, _verdict(parts, country), tuple(_choices(land, given, place)))


def _reading(parts: tuple[Part, ...], verdict: str, choices: tuple[tuple[str, ...], ...]) -> Reading:
    province, city, district, street, code = (part.after for part in parts[-len(FIELDS) :])
    doubted = [part for part in parts if part.verdict == DOUBTFUL]
    return Reading(
        province,
        city,
        district,
        street,
        code,
        verdict,
        confidence=0.5 if doubted else 1.0,
        parts=parts,
        candidates=choices,
        offending=tuple(part.before for part in doubted if part.before),
    )


def _verdict(parts: tuple[Part, ...], country: str) -> str:
    told = {part.field: part.after for part in parts if not _is_nothing(part.after)}
    region = Region(country=country, province=told.get("province", ""), city=told.get("city", ""))
    if lacking(Receiver(street=told.get("street", "")), region):
        return FIX
    return CONFIRM if any(part.verdict == DOUBTFUL for part in parts) else ACCEPT


def _place(land: Land, given: Mapping[str, str]) -> _Place:
    """Find the area, and the code in its form; a code that lost its zeros in a table has them back."""
    written = given["postcode"]
    code = land.whole_code(written) if land.has_code and written else ""
    if not land.has_areas:
        return _Place(None, code)
    told = land.area(given["province"]) if given["province"] else None
    if told is not None:
        filled = written.strip().zfill(len(land.example)) if written.strip().isdecimal() else ""
        if not code and told.zip and land.whole_code(filled) and told.holds(filled):
            code = filled
        return _Place(told, code)
    if given["province"] or "province" not in land.needed:
        return _Place(None, code)
    named = land.names.get(plain(given["city"])) if given["city"] else None
    around = land.around(code) if code else ()
    if named is not None and (not code or named.holds(code)):
        return _Place(named, code, is_found=True)
    return (
        _Place(around[0], code, is_found=True) if len(around) == 1 and named is None else _Place(None, code)
    )


def _province(land: Land, given: Mapping[str, str], place: _Place) -> Part:
    value, label = given["province"], Text(land.labels["province"])
    if place.is_found and place.area is not None:
        name = place.area.written(given["street"])
        reason = Text(N_("{field}: the rest of the address says it."), {"field": label})
        return Part("province", value, name, ADDED, reason)
    if place.area is None:
        if value and land.has_areas and "province" in land.needed:
            said: dict[str, str | int | Text] = {"field": label, "country": Text(land_name(land.code))}
            reason = Text(N_("{field}: {country} has none of this name."), said)
            return Part("province", value, value, DOUBTFUL, reason)
        return _present(given, "province", land.needed, land.code)
    name = place.area.written(value)
    if name == value:
        return Part("province", value, value, KEPT)
    return Part("province", value, name, ADDED, Text(AS_THERE, {"field": label}))


def _postcode(land: Land, given: Mapping[str, str], place: _Place) -> Part:
    value, label = given["postcode"], Text(land.labels["postcode"])
    if not land.has_code or not value:
        return _present(given, "postcode", land.needed, land.code)
    if not place.code:
        said: dict[str, str | int | Text] = {"field": label, "example": land.example}
        said["country"] = Text(land_name(land.code))
        reason = Text(N_("{field}: {country} writes it like {example}."), said)
        return Part("postcode", value, value, DOUBTFUL, reason)
    area = place.area
    if area is not None and not area.holds(place.code):
        around = land.around(place.code)
        there: dict[str, str | int | Text] = {"field": label, "place": area.written(given["street"])}
        reason = Text(N_("{field}: none in {place} begins like this."), there)
        if len(around) == 1:
            there["other"] = around[0].written(given["street"])
            reason = Text(N_("{field}: it lies in {other}, not in {place}."), there)
        return Part("postcode", value, value, DOUBTFUL, reason)
    if place.code == value:
        return Part("postcode", value, value, KEPT)
    is_same = _bare(place.code) == _bare(value)
    kind = ADDED if is_same else REPLACED
    return Part("postcode", value, place.code, kind, Text(AS_THERE, {"field": label}))


def _choices(land: Land, given: Mapping[str, str], place: _Place) -> Iterator[tuple[str, ...]]:
    """Offer the area in which the code lies where the one that is told is none."""
    if place.area is None and given["province"] and land.has_areas and place.code:
        around = land.around(place.code)
        if len(around) == 1:
            yield around[0].written(given["street"]), given["city"], given["district"]


def _present(given: Mapping[str, str], field: str, needed: frozenset[str], country: str) -> Part:
    value = given[field]
    is_told = not _is_nothing(value)
    if not is_told and field in needed:
        said: dict[str, str | int | Text] = {"field": Text(label_of(field, country))}
        return Part(field, value, value, DOUBTFUL, Text(N_("{field} is missing."), said))
    if is_told and field in ("city", "street") and _LETTER.search(value) is None:
        said = {"field": Text(label_of(field, country))}
        return Part(field, value, value, DOUBTFUL, Text(N_("{field} has no letters."), said))
    return Part(field, value, value, KEPT)


def _is_nothing(value: str) -> bool:
    name = plain(value) if value else ""
    return not name or name in NOTHING


def _bare(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper())
