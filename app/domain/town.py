"""Find the town a street begins with, and what it says about the district.

A town tells the district where the buyer left it out, where a district was divided, and where several are
called alike. Against a district that was written it only makes a doubt.
Source: capabilities.md section 2; boundary changes move towns as well as names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from app.domain.gazetteer import DISTRICT, Gazetteer
from app.domain.locate import LANE
from app.domain.reading import ADDED, DOUBTFUL, KEPT, NO_TOWN, REPLACED, Part
from app.domain.region_parts import FIELDS, Regions
from app.text import N_, Text

LONGEST = 10
TOWN_LIKE = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:街道|镇|乡|苏木|[农林牧]场|团|地区)(?!办?[路街弄巷])")
TOWN_END = re.compile("[道镇乡木场团区]")
GOES_ON = re.compile("[河湖江山海港湾]|工业|产业|经济|开发")
"""What makes the name of a city far away that of something near: 北安河, 临江工业园."""
SURE = re.compile(r".+(?:街道|镇|乡|苏木)")
"""A town written with its kind; 东湖农场 may as well be a farm."""
KIND = re.compile(r"(?:街道|镇|乡|苏木)$")
UNLISTED = Text(N_("Not on the list of towns."))


def read_town(street: str, regions: Regions, gazetteer: Gazetteer) -> tuple[Part, Regions]:
    """Return the town, and the regions as far as it tells more about them."""
    like = TOWN_LIKE.match(street) if TOWN_END.search(street, 1, LONGEST) else None
    if regions.city >= 0:
        town, regions = _in_city(like[0], street, regions, gazetteer) if like else (NO_TOWN, regions)
        if regions.is_lone and (town.verdict == DOUBTFUL or not town.after):
            regions = _only_a_guess(regions)
        elif regions.is_single and town.verdict == DOUBTFUL and gazetteer.has_town(*_kinds(town.after)):
            regions = _only_a_guess(regions)  # 上望镇 of 微山县上望镇 lies in another province
        elif regions.is_single and not regions.is_doubtful:
            other = _other_at_the_head(street, regions, gazetteer)
            regions = regions if other is None else _denied(regions, *other, gazetteer)
        return town, regions
    if like is None or not SURE.fullmatch(like[0]):
        return NO_TOWN, regions
    town = Part("town", like[0], like[0], KEPT)
    if regions.tied:
        fitting = [place for place in regions.tied if _has_town(place, like[0], gazetteer)]
        return (
            (town, _settled(regions, fitting[0], like[0], gazetteer))
            if len(fitting) == 1
            else (NO_TOWN, regions)
        )
    place = gazetteer.only_district_of_town(like[0]) if regions.place < 0 and _is_blank(regions) else None
    return (NO_TOWN, regions) if place is None else (town, _guessed(regions, place, like[0], gazetteer))


def _other_at_the_head(street: str, regions: Regions, gazetteer: Gazetteer) -> tuple[str, int] | None:
    """Find the short name of another place a street begins with: 义乌 of 江山市义乌国际商贸城.

    Many streets begin as a district far away is called. A city is meant, or a place with its town behind it.
    """
    text = next((text for text in (street[:3], street[:2]) if gazetteer.meaning(text)), "")
    names, end = gazetteer.meaning(text), len(text)
    if not names or any(name.full for name in names) or LANE.match(street, end):
        return None
    places = {heir for name in names for heir in gazetteer.heirs[name.place]}
    if len(places) != 1:
        return None
    (place,) = places
    own, family = gazetteer.family(regions.place if regions.place >= 0 else regions.city)
    if place in family or not own.isdisjoint(gazetteer.kin[place]):
        return None
    is_city = gazetteer.level[place] == DISTRICT and gazetteer.name(place).endswith("市")
    if is_city and not GOES_ON.match(street, end):
        return text, place
    like = TOWN_LIKE.match(street, end)
    return (text, place) if like and _has_town(place, like[0], gazetteer) else None


def _denied(regions: Regions, written: str, place: int, gazetteer: Gazetteer) -> Regions:
    """Doubt the one name that tells the place: another place is named right behind it."""
    level = 2 if regions.parts[2].before else 1
    part = regions.parts[level]
    params: dict[str, str | int | Text] = {"name": part.before or part.after, "other": written}
    reason = Text(N_("{name} and {other} contradict each other; choose one."), params)
    doubted = Part(part.field, part.before, part.after, DOUBTFUL, reason)
    mine = regions.place if regions.place >= 0 else regions.city
    return msgspec.structs.replace(
        regions,
        parts=(*regions.parts[:level], doubted, *regions.parts[level + 1 :]),
        is_doubtful=True,
        confidence=0.5,
        choices=tuple(gazetteer.path(one) for one in (mine, place)),
        offending=(*regions.offending, written),
    )


def _is_blank(regions: Regions) -> bool:
    return not any(part.before or part.after for part in regions.parts)


def _in_city(like: str, street: str, regions: Regions, gazetteer: Gazetteer) -> tuple[Part, Regions]:
    towns = gazetteer.towns_of_city(regions.city)
    name, districts = _listed(like, street, towns)
    if not name:
        if not SURE.fullmatch(like):
            return NO_TOWN, regions
        return Part("town", like, like, DOUBTFUL, UNLISTED), regions
    town = Part("town", name, name, KEPT)
    if regions.place in districts or regions.city in districts or not SURE.fullmatch(name):
        return town, regions
    districts = _called_alike(name, towns)
    if regions.place in districts:
        return town, regions
    district = regions.parts[2]
    among = [place for place in districts if place in regions.heirs]
    if len(regions.heirs) > 1 and len(among) == 1:
        return town, _moved(regions, among[0], district.before, name, gazetteer)
    if (
        len(districts) == 1
        and not (district.before or district.after or regions.is_open)
        and not _names_another(street, regions.city, districts, gazetteer)
    ):
        return town, _completed(regions, districts[0], name, gazetteer)
    if regions.place >= 0 and gazetteer.level[regions.place] == DISTRICT:
        return town, _contradicted(regions, districts, name, gazetteer)
    return town, regions


def _names_another(street: str, city: int, districts: tuple[int, ...], gazetteer: Gazetteer) -> bool:
    """Tell whether a street goes on with another district of the city than its town says."""
    return any(gazetteer.name(place) in street for place in gazetteer.below(city) if place not in districts)


def _called_alike(town: str, towns: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Give the districts that have a town of this name of any kind: 永安镇 may be 永安街道 by now."""
    found = [place for name in _kinds(town) for place in towns.get(name, ())]
    return tuple(dict.fromkeys(found))


def _kinds(town: str) -> list[str]:
    """Give the names a town may have by now."""
    stem = KIND.sub("", town)
    return [stem + kind for kind in ("街道", "镇", "乡", "苏木")]


def _has_town(place: int, town: str, gazetteer: Gazetteer) -> bool:
    city = gazetteer.parent[place] if gazetteer.level[place] == DISTRICT else place
    return place in _called_alike(town, gazetteer.towns_of_city(city))


def _listed(like: str, street: str, towns: Mapping[str, tuple[int, ...]]) -> tuple[str, tuple[int, ...]]:
    """Find the town a street begins with: what looks like one, else the longest that is one."""
    if like in towns:
        return like, towns[like]
    for length in range(min(LONGEST, len(street)), len(like), -1):
        if street[:length] in towns:
            return street[:length], towns[street[:length]]
    return "", ()


def _with_district(regions: Regions, part: Part, place: int) -> Regions:
    parts = (regions.parts[0], regions.parts[1], part)
    doubtful = any(one.verdict == DOUBTFUL for one in parts)
    offending = tuple(text for text in regions.offending if text != part.before)
    sure = min(regions.confidence, 0.5) if doubtful else 0.95
    return msgspec.structs.replace(
        regions,
        parts=parts,
        place=place,
        heirs=(place,),
        is_doubtful=doubtful,
        choices=(),
        offending=offending,
        confidence=sure,
    )


def _moved(regions: Regions, place: int, before: str, town: str, gazetteer: Gazetteer) -> Regions:
    params: dict[str, str | int | Text] = {"before": before, "after": gazetteer.name(place)}
    if any(gazetteer.is_area(name.place) for name in gazetteer.meaning(before)):
        reason = Text(N_("{town} of {before} lies in {after}."), params | {"town": town})
        return _with_district(regions, Part(FIELDS[2], before, gazetteer.name(place), ADDED, reason), place)
    reason = Text(N_("{before} became {after} (boundary change)."), params)
    return _with_district(regions, Part(FIELDS[2], before, gazetteer.name(place), REPLACED, reason), place)


def _completed(regions: Regions, place: int, town: str, gazetteer: Gazetteer) -> Regions:
    reason = Text(N_("Completed from {name}."), {"name": town})
    return _with_district(regions, Part(FIELDS[2], "", gazetteer.name(place), ADDED, reason), place)


def _contradicted(regions: Regions, districts: tuple[int, ...], town: str, gazetteer: Gazetteer) -> Regions:
    district = regions.parts[2]
    if district.verdict == DOUBTFUL:
        return regions
    params: dict[str, str | int | Text] = {
        "town": town,
        "other": gazetteer.name(districts[0]),
        "name": district.after,
    }
    reason = Text(N_("{town} lies in {other} today, not in {name}."), params)
    part = Part(FIELDS[2], district.before, district.after, DOUBTFUL, reason)
    paths = tuple(map(gazetteer.path, (regions.place, *districts)))
    changed = _with_district(regions, part, regions.place)
    return msgspec.structs.replace(changed, choices=paths, offending=(*regions.offending, district.before))


def _settled(regions: Regions, place: int, town: str, gazetteer: Gazetteer) -> Regions:
    """Choose among places called alike the one that has the town."""
    parts = []
    for part, name in zip(regions.parts, gazetteer.path(place), strict=True):
        if part.field == FIELDS[2]:
            params: dict[str, str | int | Text] = {"before": part.before, "after": name}
            reason = Text(N_("{before} means {after}."), params)
            parts.append(Part(part.field, part.before, name, KEPT if part.before == name else ADDED, reason))
        elif part.verdict == DOUBTFUL:
            reason = Text(N_("Completed from {name}."), {"name": town})
            parts.append(Part(part.field, "", name, ADDED, reason))
        else:
            parts.append(part)
    return _placed(regions, (parts[0], parts[1], parts[2]), place, gazetteer, confidence=0.95)


def _guessed(regions: Regions, place: int, town: str, gazetteer: Gazetteer) -> Regions:
    """Take the only town of the country that is called so as a guess."""
    reason = Text(N_("Only a guess from {name}; please check."), {"name": town})
    province, city, district = (
        Part(field, "", name, DOUBTFUL, reason)
        for field, name in zip(FIELDS, gazetteer.path(place), strict=True)
    )
    return _placed(regions, (province, city, district), place, gazetteer, confidence=0.5)


def _placed(
    regions: Regions, parts: tuple[Part, Part, Part], place: int, gazetteer: Gazetteer, *, confidence: float
) -> Regions:
    return msgspec.structs.replace(
        regions,
        parts=parts,
        offending=(),
        choices=(),
        is_open=False,
        is_doubtful=any(part.verdict == DOUBTFUL for part in parts),
        confidence=confidence,
        city=gazetteer.parent[place] if gazetteer.level[place] == DISTRICT else place,
        place=place,
        heirs=(place,),
        tied=(),
        usual_postcode=gazetteer.postcode(place),
    )


def _only_a_guess(regions: Regions) -> Regions:
    """Doubt a city that one short name stands for: 东方 of 东方花园 is no city."""
    province, city, district = regions.parts
    if DOUBTFUL in (city.verdict, district.verdict):
        return regions
    reason = Text(N_("Only a guess from {name}; please check."), {"name": city.before or district.before})
    doubted = Part(city.field, city.before, city.after, DOUBTFUL, reason)
    return msgspec.structs.replace(
        regions, parts=(province, doubted, district), is_doubtful=True, confidence=0.5
    )
