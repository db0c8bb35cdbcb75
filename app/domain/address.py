"""Read a Chinese delivery address: parse, complete, judge, suggest; nothing a customer wrote is lost.

Source: capabilities.md section 2; libraries.md section 4.
"""

from __future__ import annotations

from app.domain.abroad import read_abroad
from app.domain.address_key import normal_key
from app.domain.characters import folded, tidied
from app.domain.gazetteer import Gazetteer
from app.domain.locate import FIELD_END
from app.domain.mistyped import read_mistyped
from app.domain.one_line import apart
from app.domain.phone import judge_phone
from app.domain.postcode import judge_postcode, written_postcode
from app.domain.reading import ACCEPT, ADDED, CONFIRM, CONFIRM_ADD, DOUBTFUL, FIX, KEPT, Part, Reading
from app.domain.region_parts import Regions
from app.domain.regions import CHOICES, judge_regions
from app.domain.second_look import look_again
from app.domain.street import cut_street, doubt_of_lead, judge_street, lacks_room, phone_in
from app.domain.town import read_town

__all__ = ["ACCEPT", "CONFIRM", "CONFIRM_ADD", "FIX", "Part", "Reading", "judge_phone", "normal_key", "read"]

NO_FIELDS = ("", "", "")


def read(
    text: str,
    gazetteer: Gazetteer,
    *,
    province: str = "",
    city: str = "",
    district: str = "",
    postcode: str = "",
    phone: str = "",
    country: str = "CN",
) -> Reading:
    """Read an address from one text, from fields, or from any mix of both.

    A landline phone only orders the choices; it never picks one.
    Source: capabilities.md section 2, rules and defaults; AC 2.1 to 2.4.
    """
    fields = NO_FIELDS
    if province or city or district:
        fields = (tidied(province).strip(), tidied(city).strip(), tidied(district).strip())
    return read_tidied(tidied(text), gazetteer, fields, postcode, phone, country)


def read_tidied(
    text: str,
    gazetteer: Gazetteer,
    fields: tuple[str, str, str] = NO_FIELDS,
    postcode: str = "",
    phone: str = "",
    country: str = "CN",
) -> Reading:
    """Read what was tidied before."""
    if country != "CN" and fields is NO_FIELDS and not postcode:
        return read_whole(text, country)
    if country != "CN":
        return read_abroad(text.strip(), fields, postcode.strip(), country)
    reading = _read(text, fields, postcode, phone, gazetteer)
    if reading.can_go or any(fields):
        return reading
    return look_again(
        text, reading, gazetteer, lambda other: _read(other, fields, postcode, phone, gazetteer)
    )


def read_whole(text: str, country: str) -> Reading:
    """Read an address abroad that stands in one text."""
    found = apart(text, country)
    return read_abroad(found.street, (found.province, found.city, ""), found.postcode, country)


def _read(
    text: str, fields: tuple[str, str, str], postcode: str, phone: str, gazetteer: Gazetteer
) -> Reading:
    written, start = text.replace(FIELD_END, " "), 0
    if fields is not NO_FIELDS:
        head = "".join(field.replace(FIELD_END, " ") + FIELD_END for field in fields if field)
        written, start = head + written, len(head)
    folded_whole = folded(written)
    regions = judge_regions(written, folded_whole, fields, gazetteer)
    street = cut_street(written, start, regions)
    plain = street if folded_whole is written else folded(street)
    town, regions = read_town(plain, regions, gazetteer)
    if plain is not street and town.before:
        town = _as_written(town, street)
    if _has_no_district(regions, gazetteer):
        street, regions = read_mistyped(street, regions, gazetteer)
        plain = plain[len(plain) - len(street) :]
    cuts = regions.cuts
    is_led = bool(cuts) and (len(cuts) > 1 or cuts[0][0] > start)
    door = judge_street(street, plain, doubt_of_lead(folded_whole, start, cuts) if is_led else None)
    code = _postcode(regions, written_postcode(postcode, text), gazetteer)
    parts = (*regions.parts, door, code)
    verdict = _verdict(regions, parts, plain)
    offending = regions.offending
    if door.verdict == DOUBTFUL and (number := phone_in(street)):
        offending = (*offending, number)
    return Reading(
        province=parts[0].after,
        city=parts[1].after,
        district=parts[2].after,
        street=street,
        postcode=code.after,
        verdict=verdict,
        confidence=regions.confidence,
        parts=parts,
        candidates=_choices(regions, phone, gazetteer) if verdict in (CONFIRM, FIX) else (),
        offending=offending,
        town=town,
    )


def _as_written(town: Part, street: str) -> Part:
    """Give the town as the street begins, in whatever characters."""
    before = street[: len(town.before)]
    kind = ADDED if town.verdict == KEPT and before != town.after else town.verdict
    return Part(town.field, before, town.after, kind, town.reason)


def _has_no_district(regions: Regions, gazetteer: Gazetteer) -> bool:
    district = regions.parts[2]
    nothing = not district.before and not district.after and not regions.is_open
    return nothing and regions.city >= 0 and gazetteer.has_districts(regions.city)


def _postcode(regions: Regions, written: str, gazetteer: Gazetteer) -> Part:
    province, city, _ = regions.parts
    certain = regions.city >= 0 and not regions.is_doubtful
    return judge_postcode(
        written, province.after, city.after, regions.usual_postcode, gazetteer, certain=certain
    )


def _verdict(regions: Regions, parts: tuple[Part, ...], plain: str) -> str:
    province, city, _, street, code = parts
    if regions.is_open or not (province.after and city.after and street.after):
        return FIX
    if regions.is_doubtful or DOUBTFUL in (street.verdict, code.verdict):
        return CONFIRM
    return CONFIRM_ADD if lacks_room(plain) else ACCEPT


def _choices(regions: Regions, phone: str, gazetteer: Gazetteer) -> tuple[tuple[str, ...], ...]:
    """Give the choices, those the landline rings in first."""
    if not regions.choices or not phone:
        return regions.choices[:CHOICES]
    return tuple(sorted(regions.choices, key=lambda path: not gazetteer.rings_in(phone, path[1]))[:CHOICES])
