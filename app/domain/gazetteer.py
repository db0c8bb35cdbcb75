"""Divisions of China since 2000 and every name people write for them, in one automaton.

Source: built by resources/geo/build_regions.py from published packages; see resources/geo/NOTICE.md.
"""

from __future__ import annotations

import gzip
from typing import Any, NamedTuple, Self

import ahocorasick
import msgspec

PROVINCE, CITY, DISTRICT = 1, 2, 3
COMPLETE = frozenset("省市县区州盟旗")
"""What a name ends with that stands by itself: 喀左县 does, 喀左 does not."""


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


class Mention(NamedTuple):
    """A name that stands in a text, with every division it may mean."""

    start: int
    end: int
    names: tuple[Name, ...]


class _Row(msgspec.Struct, array_like=True, frozen=True):
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


class Gazetteer:
    """Answers which divisions a text mentions, and how divisions hang together.

    Inside, a division is a number (its place in the table); outside, it is a `Division`.
    """

    def __init__(self, resource: _Resource) -> None:
        rows = self._rows = resource.rows
        newest = max(row.last_year for row in rows)
        self.inputs = tuple(resource.inputs)
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
            names.setdefault(row.name, []).append(Name(place, full=True))
            for also in row.also:
                names.setdefault(also, []).append(Name(place, full=len(also) > 2 and also[-1] in COMPLETE))
            if self.today[place]:
                self._children.setdefault(row.parent, []).append(place)
                self._by_code[row.code] = place
        self._names = {name: tuple(meant) for name, meant in names.items()}
        self._automaton: Any = ahocorasick.Automaton()
        for name in self._names:
            self._automaton.add_word(name, name)
        self._automaton.make_automaton()
        self._prefixes = self._postal_prefixes()
        self.kin = [self._kin(place) for place in range(len(rows))]

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the region resource (gzipped JSON)."""
        return cls(msgspec.json.decode(gzip.decompress(data), type=_Resource))

    def mentions(self, text: str) -> list[Mention]:
        """List every known name in a text, in the order in which they end."""
        return [
            Mention(last - len(name) + 1, last + 1, self._names[name])
            for last, name in self._automaton.iter(text)
        ]

    def meaning(self, name: str) -> tuple[Name, ...]:
        """Tell which divisions a name may mean."""
        return self._names.get(name, ())

    def name(self, place: int) -> str:
        return self._rows[place].name

    def path(self, place: int) -> tuple[str, str, str]:
        """Name a division from province to district; what is below it is empty."""
        chain: list[str] = []
        while place >= 0:
            chain.insert(0, self._rows[place].name)
            place = self.parent[place]
        province, city, district = [*chain, "", ""][:3]
        return province, city, district

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

    def seat(self, place: int) -> int:
        """Give the city level of a municipality (上海市 of 上海市), else the place itself."""
        if self.level[place] != PROVINCE:
            return place
        below = self._children.get(place, [])
        return next((child for child in below if self.name(child) == self.name(place)), place)

    def has_districts(self, place: int) -> bool:
        return place in self._children

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
        return tuple(self._division(place) for place, now in enumerate(self.today) if not now)

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
