"""Take an address abroad apart that stands in one text: street, city, area and code."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.domain.land import Land, land_of, plain
from app.domain.land_names import land_name

_CUT = re.compile(r"\s*[\n\r,;]+\s*")
OTHERS = {
    "US": ("USA", "United States of America"), "GB": ("UK", "England", "Great Britain", "Scotland", "Wales"),
    "AE": ("UAE",), "KR": ("Korea", "Republic of Korea"), "HK": ("Hong Kong",), "MO": ("Macao", "Macau"),
    "NL": ("The Netherlands", "Holland"), "CZ": ("Czech Republic",), "RU": ("Russian Federation",),
    "TW": ("Taiwan",),
}  # fmt: skip
"""What people write below an address beside the name and the letters of its country."""
AREA_WORDS = 4
"""The longest name of an area: Newfoundland and Labrador has three words, some have four."""


class Apart(NamedTuple):
    """The fields of an address; what was not found is empty and stands in the street."""

    street: str
    city: str = ""
    province: str = ""
    postcode: str = ""


def apart(text: str, country: str) -> Apart:
    """Take a text apart: its end names country, code, area and city, whatever comes before is the street."""
    land = land_of(country)
    pieces = [piece for piece in _CUT.split(text.strip()) if piece]
    if land is None or len(pieces) < 2:
        return Apart(text.strip())
    named = {plain(name) for name in (country, land_name(country), *OTHERS.get(country, ()))}
    if plain(pieces[-1]) in named:
        pieces.pop()
    postcode = _code(pieces, land)
    if len(pieces) > 1 and plain(pieces[-1]) in named and "city" not in land.needed:
        pieces.pop()
    province = _area(pieces, land)
    has_city = len(pieces) > 1 and ("city" in land.needed or "%C" in land.latin_format)
    city = pieces.pop() if has_city else ""
    return Apart(", ".join(pieces), city, province, postcode)


def _code(pieces: list[str], land: Land) -> str:
    """Take the code out of the last piece that has one; the first piece is the street."""
    if not land.has_code:
        return ""
    form = re.compile(rf"(?<![\w-])(?:{land.zip})(?![\w-])", re.IGNORECASE)
    for at in range(len(pieces) - 1, 0, -1):
        found = list(form.finditer(pieces[at]))
        if found:
            start, end = found[-1].span()
            rest = " ".join((pieces[at][:start] + pieces[at][end:]).split()).strip(" -")
            pieces[at : at + 1] = [rest] if rest else []
            return found[-1][0]
    return ""


def _area(pieces: list[str], land: Land) -> str:
    """Take the area off the end of the last piece: a piece of its own, or the words behind the city."""
    if not land.has_areas or len(pieces) < 2:
        return ""
    words = pieces[-1].split()
    for at in range(max(0, len(words) - AREA_WORDS), len(words)):
        name = " ".join(words[at:]).strip(" -")
        if land.area(name) is None or (at == 0 and len(pieces) == 2 and "city" in land.needed):
            continue
        pieces[-1:] = [" ".join(words[:at]).strip(" -")] if at else []
        return name
    return ""
