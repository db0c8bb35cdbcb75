"""What carriage costs: first weight, each begun further step, where from and to, size as weight.

A fare names what it is for as exactly as it needs to; of those that fit a parcel the most exact counts.
Source: capabilities 6, freight(carrier, service, zone_from, zone_to, first, step, volumetric divisor, valid).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from app.domain.values import Region

CM3_PER_LITRE = 1_000
PLACES_KEPT = 1_000
"""For so many places it is remembered which fares reach them."""
FARES_KEPT = 10_000
"""For so many places, where from, services and days it is remembered which fare it is."""


class Band(msgspec.Struct, frozen=True):
    """Another price of each further step beyond a weight (阶梯续重). Units: grams; minor units."""

    over_g: int
    step_minor: int


class Zone(msgspec.Struct, frozen=True):
    """A name for several provinces or cities (区域), to be used in fares in place of each of them."""

    name: str
    places: tuple[str, ...]


class Fare(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a parcel costs that goes to one place; without a name, everywhere that has no fare of its own.

    `province`, where it goes, and `origin`, where it leaves, may also be a city or a zone of the carrier.
    `contract` is a price agreed with one of our companies, for nobody else. Goods for `free_from_minor`
    or more travel for nothing, 0: never.
    Units: minor units of the carrier's currency, for the first weight and for each further step (首重, 续重);
    grams, 0 is the carrier's own weight; `most_g` 0 is no limit; `hours` on the road, 0: not said;
    `volume_divisor` cm³ a kilogram, 0 is the carrier's own.
    """

    province: str = ""
    origin: str = ""
    service: str = ""
    contract: str = ""
    first_minor: int
    step_minor: int
    first_g: int = 0
    step_g: int = 0
    bands: tuple[Band, ...] = ()
    """In order of weight; the price of a step is that of the last band it begins in."""
    most_g: int = 0
    free_from_minor: int = 0
    hours: int = 0
    since_on: date | None = None
    until_on: date | None = None
    """The last day."""
    volume_divisor: int = 0

    @property
    def meant(self) -> tuple[object, ...]:
        """What a fare is for: no two fares of a carrier are for the same."""
        return (self.province, self.origin, self.service, self.contract, self.since_on)

    def holds_on(self, day: date) -> bool:
        """Tell whether it is charged on a day."""
        is_begun = self.since_on is None or self.since_on <= day
        return is_begun and (self.until_on is None or day <= self.until_on)


class Parcel(NamedTuple):
    """What is carried, and from where. Units: grams; cm³; `value_minor` of the goods, in minor units."""

    weight_g: int = 0
    volume_cm3: int = 0
    value_minor: int = 0
    is_cod: bool = False
    """The buyer pays the carrier."""
    has_battery: bool = False
    """Batteries and other dangerous goods."""
    origin: tuple[str, ...] = ()
    """What the place it leaves from is called: city, province."""
    contract: str = ""


def chargeable_g(weight_g: int, volume_cm3: int, divisor: int) -> int:
    """Return the weight that is charged: what it weighs, or what its size stands for (抛重).

    Units: `divisor` cm³ a kilogram, 0: size does not count.
    """
    return max(weight_g, -(-volume_cm3 * CM3_PER_LITRE // divisor)) if divisor else weight_g


def price_minor(fare: Fare, first_g: int, step_g: int, charged_g: int, value_minor: int = 0) -> int | None:
    """Return what a fare asks for a charged weight; None above what it takes.

    Units: `first_g` and `step_g` are the carrier's, where the fare has none of its own.
    Source: 首重 and each begun step of 续重; a step costs what the band asks in which it begins.
    """
    if fare.most_g and charged_g > fare.most_g:
        return None
    if fare.free_from_minor and value_minor >= fare.free_from_minor:
        return 0
    first_g, step_g = fare.first_g or first_g, fare.step_g or step_g
    steps = -(-max(0, charged_g - first_g) // step_g)
    if not fare.bands:
        return fare.first_minor + fare.step_minor * steps
    cost, price, begun = fare.first_minor, fare.step_minor, 0
    for band in fare.bands:
        until = min(steps, max(begun, -(-max(0, band.over_g - first_g) // step_g)))
        cost += price * (until - begun)
        begun, price = until, band.step_minor
    return cost + price * (steps - begun)


def fare_for(
    fares: Iterable[Fare],
    zones: Mapping[str, frozenset[str]],
    region: Region,
    parcel: Parcel,
    service: str,
    on: date,
) -> Fare | None:
    """Return the fare of a parcel: of those that fit the most exact, of equally exact ones the newest.

    What counts first is a contract, then the service, then where it goes, then where it leaves.
    """
    places = (region.city, region.province)
    fits = (
        (_exactness(fare, there, here), fare)
        for fare in fares
        if fare.contract in ("", parcel.contract)
        and fare.service in ("", service)
        and fare.holds_on(on)
        and (there := _named(fare.province, zones, places)) >= 0
        and (here := _named(fare.origin, zones, parcel.origin)) >= 0
    )
    best = max(fits, key=lambda one: one[0], default=None)
    return best[1] if best is not None else None


class Tariff:
    """All fares of a carrier; which of them may be of parcels for a place is looked for once.

    So is which of them it is, by all that decides it: everything but what a parcel weighs and is worth.
    """

    __slots__ = ("_fares", "_found", "_reaching", "zones")

    def __init__(self, fares: tuple[Fare, ...], zones: Sequence[Zone]) -> None:
        self._fares, self.zones = fares, zone_places(zones)
        self._reaching: dict[tuple[str, str], tuple[Fare, ...]] = {}
        self._found: dict[tuple[object, ...], Fare | None] = {}

    def fare_for(self, region: Region, parcel: Parcel, service: str, on: date) -> Fare | None:
        """Return the fare of a parcel."""
        asked = (region.province, region.city, parcel.origin, parcel.contract, service, on)
        if asked in self._found:
            return self._found[asked]
        if len(self._found) >= FARES_KEPT:
            self._found.clear()
        fare = fare_for(self._fares_to(region), self.zones, region, parcel, service, on)
        self._found[asked] = fare
        return fare

    def _fares_to(self, region: Region) -> tuple[Fare, ...]:
        place = (region.province, region.city)
        found = self._reaching.get(place)
        if found is None:
            if len(self._reaching) >= PLACES_KEPT:
                self._reaching.clear()
            found = self._reaching[place] = reaching(self._fares, self.zones, region)
        return found


def reaching(fares: Iterable[Fare], zones: Mapping[str, frozenset[str]], region: Region) -> tuple[Fare, ...]:
    """Return the fares that may be of parcels for a region."""
    places = (region.city, region.province)
    return tuple(fare for fare in fares if _named(fare.province, zones, places) >= 0)


def zone_places(zones: Sequence[Zone]) -> dict[str, frozenset[str]]:
    """Return what each zone is made of."""
    return {zone.name: frozenset(zone.places) for zone in zones}


def _exactness(fare: Fare, there: int, here: int) -> tuple[bool, bool, int, int, date]:
    return (fare.contract != "", fare.service != "", there, here, fare.since_on or date.min)


def _named(name: str, zones: Mapping[str, frozenset[str]], places: tuple[str, ...]) -> int:
    """Rank a name for a place, given as city and province: exactly its own most, its zone, everywhere 0.

    Less than 0: it names another place.
    """
    if not name:
        return 0
    if name in places:
        return len(places) + 1 - places.index(name)
    return 1 if not zones.get(name, frozenset()).isdisjoint(filter(None, places)) else -1
