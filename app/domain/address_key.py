"""One key for all spellings of the same address, to find likely duplicates."""

from __future__ import annotations

import functools
import re

from app.domain.characters import folded
from app.domain.land import land_of, plain, without_accents
from app.domain.values import Region

UNITS = r"号楼|号院|号|弄|室|房间|房|栋|幢|楼|单元|座|层|门|组|户"
SUFFIX = re.compile(r"(?<=..)(?:市辖区|特别行政区|自治区|自治州|自治县|地区|省|市|区|县|盟|旗|州)$")
NUMERAL = re.compile(rf"([零〇一二两三四五六七八九十百]+)(?=\s?(?:{UNITS}))")
_AFTER_FIGURE = re.compile(rf"(?<=[0-9a-z])\s?(?:{UNITS}|#)+")
_NO_LETTER = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_LOOSE = re.compile(r"-*(?<![0-9a-z])-+|-+(?![0-9a-z])")
_WORD = re.compile(r"\w+")
SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr",
    "lane": "ln", "court": "ct", "place": "pl", "square": "sq", "highway": "hwy", "apartment": "apt",
    "suite": "ste", "floor": "fl", "building": "bldg", "north": "n", "south": "s", "east": "e", "west": "w",
    "strasse": "str",
}  # fmt: skip
"""Words of an address abroad, and how most people shorten them."""
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
FIGURES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def normal_key(region: Region, street: str) -> str:
    """Return the same key for 文三路１２号３幢五单元601室 and 文三路12-3-5-601.

    Source: capabilities.md section 1 (address key) and section 2 (exact keys fail, normalise first).
    """
    if region.country != "CN":
        return _key_abroad(region, street)
    return f"{_stems(region.country, region.province, region.city, region.district)}|{plain_street(street)}"


def _key_abroad(region: Region, street: str) -> str:
    """Return the same key for 12 Main Street Apt 3, CA and 12 MAIN ST., Apartment 3, California."""
    land = land_of(region.country)
    area = land.area(region.province) if land is not None and region.province else None
    province = area.latin if area is not None else region.province
    words = (SHORT.get(word, word) for word in _WORD.findall(without_accents(street)))
    return "|".join((region.country, plain(province), plain(region.city), "-".join(words)))


@functools.lru_cache(maxsize=4096)
def _stems(country: str, *places: str) -> str:
    stems = dict.fromkeys(SUFFIX.sub("", folded(place).strip()) for place in places if place.strip())
    return "|".join((country, *stems))


def plain_street(street: str) -> str:
    """Write numerals as figures and the words between house, building and room as hyphens."""
    text = folded(street).lower()
    text = NUMERAL.sub(lambda found: str(_figure(found[1])), text)
    text = _AFTER_FIGURE.sub("-", text)
    text = _NO_LETTER.sub("-", text)
    text = _LOOSE.sub("", text)
    return _ZEROS.sub("", text)


def _figure(numeral: str) -> int:
    """Read a Chinese numeral below 1000; a row of figures (三〇二) is read figure by figure."""
    if not re.search("[十百]", numeral):
        return int("".join(str(FIGURES[char]) for char in numeral))
    total = figure = 0
    for char in numeral:
        if char in FIGURES:
            figure = FIGURES[char]
        else:
            total += (figure or 1) * (100 if char == "百" else 10)
            figure = 0
    return total + figure
