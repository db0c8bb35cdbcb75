"""Divisions of China since 2000 and every name people write for them, in one automaton; towns beside it.

Source: built by resources/geo/build_regions.py from published packages; see resources/geo/NOTICE.md.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple, Self

import ahocorasick
import msgspec

PROVINCE, CITY, DISTRICT = 1, 2, 3
COMPLETE = frozenset("省市县区州盟旗")
"""What a name ends with that stands by itself: 喀左县 does, 喀左 does not."""


RARE = re.compile("[\U00010000-\U0010ffff]")
"""Characters in no name, of more than two bytes."""
UNDER_PROVINCE = "90"
"""Third and fourth digit of the code of a county without a city above it."""


class Division(msgspec.Struct, frozen=True):
    """One division; `level` is 1 province, 2 city, 3 district. Codes are unique among today's only."""

    code: str
    name: str
    level: int
    parent: str
    postcode: str = ""
    abolished: bool = False
    successors: tuple[str, ...] = ()
    """Codes of today's divisions; several where the old one was divided, none where nobody knows."""


class Name(NamedTuple):
    """One reading of a written name: the division (by number), and whether it is written in full."""

    place: int
    full: bool
    weight: float
    """How much it says: long, and written in full, says most."""


class Word:
    """A written name and all it says by itself, worked out once: most words stand in no text of a day."""

    __slots__ = (
        *("above", "clash", "closes", "full", "generic", "is_lane", "is_road", "is_short"),
        *("length", "meant", "names", "places", "text"),
    )

    def __init__(self, text: str, names: tuple[Name, ...], gazetteer: Gazetteer) -> None:
        self.text, self.length, self.names = text, len(text), names
        short = [gazetteer.level[name.place] for name in names if not name.full]
        self.full, self.is_short = len(short) < len(names), bool(short)
        self.is_lane = DISTRICT in short
        """Among what it means is a district by a short name: 龙泉, which may begin the name of a street."""
        self.is_road = self.is_short and min(short) < DISTRICT
        """The same of a city or a province: 南京."""
        self.generic = len(text) == 2 and text[1] == "区"
        """新区, 东区: a district only right behind its city."""
        self.closes = (
            len(text) > 2 and not short and all(gazetteer.level[name.place] == DISTRICT for name in names)
        )
        """Nothing but a district in full: what follows is a town or a street."""
        is_county = text.endswith("县")  # 泗县 is a place, 城区 may be any town
        self.clash = max((self._clash(name, is_county, gazetteer) for name in names), default=0.0)
        self.meant: dict[int, Name] = {}
        """Every division the word may stand for, and what those became, with the name that says so."""
        if len(names) == 1 and gazetteer.today[names[0].place]:
            place = names[0].place
            self.meant[place] = names[0]
            self.places, self.above = frozenset((place,)), gazetteer.kin[place]
            return
        for name in sorted(names, key=lambda name: name.full):
            for heir in gazetteer.heirs[name.place]:
                self.meant[heir] = name
        for name in names:
            self.meant[name.place] = name
        self.places = frozenset(self.meant)
        self.above = frozenset[int]().union(*(gazetteer.kin[place] for place in self.places))

    def _clash(self, name: Name, is_county: bool, gazetteer: Gazetteer) -> float:
        """Weigh how much the word says against a place it has nothing to do with."""
        if gazetteer.level[name.place] != DISTRICT:
            return 3.0 if name.full else 1.0
        return 2.0 if name.full and (self.length > 2 or is_county) else 0.0


class Mention(NamedTuple):
    """A word that stands in a text."""

    start: int
    end: int
    word: Word


Found = tuple[int, int, Word]
"""A mention while it is only looked for: most texts begin as another did, and need no more."""


class _Row(msgspec.Struct, array_like=True, frozen=True, gc=False):
    code: str
    name: str
    level: int
    parent: int
    last_year: int
    postcode: str
    also: tuple[str, ...]
    heirs: tuple[int, ...]
    dialling: str


class _Resource(msgspec.Struct, frozen=True):
    inputs: list[str]
    rows: list[_Row]


class _Towns(msgspec.Struct, frozen=True):
    inputs: list[str]
    towns: dict[str, str]


def _units(text: str) -> str:
    """Spell every character as two of at most 256, high byte first.

    The automaton looks for the next step one by one, and a thousand characters begin a name.
    """
    spelled = text.encode("utf-16-be", "surrogatepass")
    if len(spelled) != 2 * len(text):
        spelled = RARE.sub("\ufffd", text).encode("utf-16-be", "surrogatepass")
    return spelled.decode("latin-1")


class Gazetteer:
    """Answers which divisions a text mentions, and how divisions hang together.

    Inside, a division is a number (its place in the table); outside, it is a `Division`.
    """

    def __init__(self, resource: _Resource, towns: bytes = b"") -> None:
        rows = self._rows = resource.rows
        newest = max(row.last_year for row in rows)
        self._packed_towns = towns
        self._inputs = resource.inputs
        self.known: dict[Any, Any] = {}
        """What readers remember of beginnings of addresses; theirs to bound."""
        self.today = [row.last_year == newest for row in rows]
        self.level = [row.level for row in rows]
        self.parent = [row.parent for row in rows]
        self.heirs = [
            row.heirs or ((place,) if now else ())
            for place, (row, now) in enumerate(zip(rows, self.today, strict=True))
        ]
        self._children: dict[int, list[int]] = {}
        self._by_code: dict[str, int] = {}
        names: dict[str, list[Name]] = {}
        for place, row in enumerate(rows):
            share = 0.6 if row.level == DISTRICT else 0.9
            names.setdefault(row.name, []).append(Name(place, full=True, weight=len(row.name) + 1.0))
            for also in row.also:
                full = len(also) > 2 and also[-1] in COMPLETE
                weight = len(also) + 1.0 if full else len(also) * share
                names.setdefault(also, []).append(Name(place, full, weight))
            if self.today[place]:
                self._children.setdefault(row.parent, []).append(place)
                self._by_code[row.code] = place
        self._names = {name: tuple(meant) for name, meant in names.items()}
        self._spelled = list(self._names)
        self._words: list[Word | None] = [None] * len(self._spelled)
        self._automaton: Any = ahocorasick.Automaton()
        for number, name in enumerate(self._spelled):
            self._automaton.add_word(_units(name), number)
        self._automaton.make_automaton()
        self._paths: dict[int, tuple[str, str, str]] = {}
        self._prefixes = self._postal_prefixes()
        self.kin = [self._kin(place) for place in range(len(rows))]
        self._families: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
        self._narrowed: dict[tuple[str, tuple[Name, ...]], Word] = {}
        self._city_towns: dict[int, dict[str, tuple[int, ...]]] = {}

    @classmethod
    def from_bytes(cls, data: bytes, towns: bytes = b"") -> Self:
        """Read the resource of regions and, where given, that of towns (gzipped JSON both)."""
        return cls(msgspec.json.decode(gzip.decompress(data), type=_Resource), towns)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Name what the tables were built from."""
        return (*self._inputs, *(self._towns.inputs if self._packed_towns else ()))

    def mentions(self, text: str) -> list[Found]:
        """List every known name in a text as start, end and word, in order, the longest of a start first."""
        words = self._words
        found: list[Found] = []
        for last, number in self._automaton.iter(_units(text)):  # in order of their ends
            if not last & 1:
                continue  # begins in the middle of a character
            word = words[number]
            if word is None:
                name = self._spelled[number]
                word = words[number] = Word(name, self._names[name], self)
            end = (last >> 1) + 1
            start = end - word.length
            if not found or found[-1][0] < start:
                found.append((start, end, word))
                continue
            position = len(found) - 1
            while position and found[position - 1][0] >= start:
                position -= 1
            found.insert(position, (start, end, word))
        return found

    def family(self, place: int) -> tuple[frozenset[int], frozenset[int]]:
        """Give a division with what it became, and those with all that is above them."""
        known = self._families.get(place)
        if known is None:
            own = frozenset((place, *self.heirs[place]))
            known = self._families[place] = own, own.union(*(self.kin[one] for one in own))
        return known

    def narrowed(self, word: Word, names: tuple[Name, ...]) -> Word:
        """Give the same word with some of its meanings."""
        if len(names) == len(word.names):
            return word
        key = word.text, names
        known = self._narrowed.get(key)
        if known is None:
            known = self._narrowed[key] = Word(word.text, names, self)
        return known

    # --- towns ------------------------------------------------------------------------------------------

    @cached_property
    def _towns(self) -> _Towns:
        return msgspec.json.decode(gzip.decompress(self._packed_towns), type=_Towns)

    @cached_property
    def _towns_anywhere(self) -> dict[str, int]:
        """Give the one district of every town whose name is found once in the country, else -1."""
        found: dict[str, int] = {}
        again: set[str] = set()
        for code, names in self._towns.towns.items():
            own = dict.fromkeys(names.split("|"), self._by_code[code])
            again |= found.keys() & own.keys()
            found.update(own)
        return found | dict.fromkeys(again, -1)

    def towns_of_city(self, city: int) -> Mapping[str, tuple[int, ...]]:
        """Map the towns of a city to their districts, or to the city where it has none or none is known."""
        towns = self._city_towns.get(city)
        if towns is None:
            packed = self._towns.towns if self._packed_towns else {}
            towns = self._city_towns[city] = {}
            for place in (city, *self._children.get(city, ())):
                own = dict.fromkeys(packed.get(self._rows[place].code, "").split("|"), (place,))
                shared = {name: towns[name] + (place,) for name in towns.keys() & own.keys()}
                towns.update(own)
                towns.update(shared)
            towns.pop("", None)
        return towns

    def only_district_of_town(self, town: str) -> int | None:
        """Give the district of a town whose name no other town of the country has."""
        place = self._towns_anywhere.get(town, -1) if self._packed_towns else -1
        return place if place >= 0 else None

    def has_town(self, *names: str) -> bool:
        """Tell whether a town of one of these names is anywhere in the country."""
        return bool(self._packed_towns) and not self._towns_anywhere.keys().isdisjoint(names)

    # --- divisions --------------------------------------------------------------------------------------

    def meaning(self, name: str) -> tuple[Name, ...]:
        """Tell which divisions a name may mean."""
        return self._names.get(name, ())

    def name(self, place: int) -> str:
        return self._rows[place].name

    def path(self, place: int) -> tuple[str, str, str]:
        """Name a division from province to district; what is below it is empty."""
        known = self._paths.get(place)
        if known is None:
            chain, above = list[str](), place
            while above >= 0:
                chain.insert(0, self._rows[above].name)
                above = self.parent[above]
            province, city, district = [*chain, "", ""][:3]
            known = self._paths[place] = province, city, district
        return known

    def postcode(self, place: int) -> str:
        """Give the postal code of the division's city, or nothing."""
        while place >= 0 and self.level[place] > CITY:
            place = self.parent[place]
        return self._rows[place].postcode if place >= 0 else ""

    def prefixes(self, province: str) -> frozenset[str]:
        """Give the first two digits that postal codes of a province begin with; empty where unknown."""
        return self._prefixes.get(province, frozenset())

    def rings_in(self, phone: str, city: str) -> bool:
        """Tell whether a landline number carries the dialling code of a city."""
        codes = (self._rows[meant.place].dialling for meant in self.meaning(city))
        return any(code and phone.startswith(code) for code in codes)

    def is_area(self, place: int) -> bool:
        """Tell what people write as a division and never was one: 雄安新区 spans three counties."""
        return not self._rows[place].last_year

    def seat(self, place: int) -> int:
        """Give the city level of a municipality (上海市 of 上海市), else the place itself."""
        if self.level[place] != PROVINCE:
            return place
        below = self._children.get(place, [])
        return next((child for child in below if self.name(child) == self.name(place)), place)

    def below(self, place: int) -> list[int]:
        """List the numbers of today's divisions right below one."""
        return self._children.get(place, [])

    def has_districts(self, place: int) -> bool:
        return place in self._children

    def is_county(self, province: str, city: str) -> bool:
        """Tell whether a "city" is county-level, right under its province, and so its own county: 潜江市."""
        found = self.find(province, city)
        return found is not None and found.code[2:4] == UNDER_PROVINCE

    def provinces(self) -> tuple[Division, ...]:
        return tuple(self._division(place) for place in self._children[-1])

    def children(self, code: str) -> tuple[Division, ...]:
        """List today's divisions right below one."""
        place = self._by_code.get(code)
        return (
            () if place is None else tuple(self._division(child) for child in self._children.get(place, ()))
        )

    def find(self, province: str, city: str = "", district: str = "") -> Division | None:
        """Find a division of today by its full path."""
        wanted = (province, city, district)
        for meant in self.meaning(district or city or province):
            if meant.full and self.today[meant.place] and self.path(meant.place) == wanted:
                return self._division(meant.place)
        return None

    def abolished(self) -> tuple[Division, ...]:
        """List the divisions that were abolished since 2000."""
        gone = (place for place, now in enumerate(self.today) if not now and not self.is_area(place))
        return tuple(self._division(place) for place in gone)

    def path_of(self, division: Division) -> tuple[str, str, str]:
        """Name any division from province to district, an abolished one with the parents it had."""
        for meant in self.meaning(division.name):
            if meant.full and self._division(meant.place) == division:
                return self.path(meant.place)
        return "", "", ""

    def _division(self, place: int) -> Division:
        row = self._rows[place]
        heirs = () if self.today[place] else tuple(self._rows[heir].code for heir in row.heirs)
        above = self._rows[row.parent].code if row.parent >= 0 else ""
        return Division(row.code, row.name, row.level, above, row.postcode, not self.today[place], heirs)

    def _postal_prefixes(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for place, row in enumerate(self._rows):
            if row.postcode:
                found.setdefault(self.path(place)[0], set()).add(row.postcode[:2])
        return {province: frozenset(codes) for province, codes in found.items()}

    def _kin(self, place: int) -> frozenset[int]:
        """Collect a division's ancestors: those it had, and what they became."""
        above = self.parent[place]
        kin: set[int] = set()
        while above >= 0:
            kin.add(above)
            kin.update(self.heirs[above])
            above = self.parent[above]
        for heir in self.heirs[place] if not self.today[place] else ():
            kin.update(self._kin(heir))
        return frozenset(kin)
