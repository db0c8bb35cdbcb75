"""How far it is between two places of the country by road, and how long a parcel takes."""

from __future__ import annotations

import gzip
import math
from typing import NamedTuple, Self

import msgspec

from app.domain.values import Region

SCALE = 1_000
"""Coordinates are kept in thousandths of a degree."""
EARTH_KM = 6_371.0088
ROAD_PCT = 130
"""A road is so much longer than the straight line."""
LEAST_H = 14
KM_A_HOUR = 45
"""Trucks drive 70, and stand in every hub a parcel is sorted in."""


class Point(NamedTuple):
    """A place. Units: degrees east and north."""

    lng: float
    lat: float


class _Resource(msgspec.Struct, frozen=True):
    inputs: list[str]
    points: dict[str, tuple[int, int]]


class Atlas:
    """Where the divisions of today lie, by their names from province to district."""

    def __init__(self, points: dict[str, tuple[int, int]]) -> None:
        self._points = points
        self._cities: dict[str, str] = {}
        for path in points:
            parts = path.split("|")
            if len(parts) == 2:
                self._cities.setdefault(parts[1], path)
        self._found: dict[Region, Point | None] = {}
        self._km: dict[tuple[Point, Point], int] = {}

    @classmethod
    def from_bytes(cls, packed: bytes) -> Self:
        """Read what build_points.py wrote."""
        return cls(msgspec.json.decode(gzip.decompress(packed), type=_Resource).points)

    def point(self, region: Region) -> Point | None:
        """Return where a region lies, as exactly as it is named; a city may stand without its province."""
        if region not in self._found:
            self._found[region] = self._looked_up(region)
        return self._found[region]

    def _looked_up(self, region: Region) -> Point | None:
        if region.country != "CN":
            return None
        parts = (region.province, region.city, region.district)
        paths = ["|".join(filter(None, parts[:depth])) for depth in (3, 2)]
        if not region.province:
            paths = [self._cities.get(region.city, "")]
        found = next((self._points[path] for path in (*paths, region.province) if path in self._points), None)
        return Point(found[0] / SCALE, found[1] / SCALE) if found is not None else None

    def whole(self, region: Region) -> Region:
        """Return a city with its province, where only one is called so."""
        path = self._cities.get(region.city, "") if not region.province else ""
        return msgspec.structs.replace(region, province=path.partition("|")[0]) if path else region

    def km(self, one: Region, other: Region) -> int | None:
        """Return how far it is by road, None where nobody knows where one of them lies."""
        here, there = self.point(one), self.point(other)
        if here is None or there is None:
            return None
        known = self._km.get((here, there))
        if known is None:
            known = self._km[here, there] = road_km(here, there)
        return known


def road_km(one: Point, other: Point) -> int:
    """Return the way by road between two points. Units: km. Source: great circle, times a road factor."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other.lng - one.lng) / 2) ** 2
    return round(2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half))) * ROAD_PCT / 100)


def transit_h(km: int) -> int:
    """Return how long a parcel is under way where its fare does not say. Units: hours."""
    return LEAST_H + -(-km // KM_A_HOUR)
