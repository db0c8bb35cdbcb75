"""From a place to a region: how far, who takes a parcel, for how much, and when it would be there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.carrier import Carrier, place_said, refusal
from app.domain.distance import Atlas, transit_h
from app.domain.freight import CM3_PER_LITRE, Fare, Parcel, price_minor
from app.domain.values import Region
from app.domain.working_time import Calendar, next_open_day
from app.sourcing.case import BATTERY, Order, Place
from app.text import N_, Text

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FAR_KM = 99_999
"""What lies nobody knows where comes last, and is still there."""
_MISSING = object()
Prices = dict[tuple[int, bool], int | None]
"""What a fare asks for a charged weight, of goods that travel for nothing or not."""


FREE = (0.0, 0.0, 0.0)


class Option:
    """One carrier and service on a lane. Prices are remembered by charged weight."""

    __slots__ = (
        *("carrier", "divisor", "fare", "first_g", "hours", "least"),
        *("most_g", "prices", "service", "step_g", "takes_battery"),
    )

    def __init__(self, carrier: Carrier, service: str, fare: Fare | None, hours: int, prices: Prices) -> None:
        self.carrier, self.service, self.fare, self.hours = carrier, service, fare, hours
        own = fare.volume_divisor if fare is not None else 0
        self.divisor, self.most_g = own or carrier.volume_divisor, carrier.most_g
        self.first_g, self.step_g, self.takes_battery = carrier.first_g, carrier.step_g, carrier.takes_battery
        self.prices = prices
        self.least = _least(fare, carrier) if fare is not None else FREE

    def price(self, weight_g: int, volume_cm3: int, flags: int, value_minor: int) -> int | None:
        """Return what a parcel costs, None where it is not taken. Units: minor units."""
        if (flags & BATTERY and not self.takes_battery) or (self.most_g and weight_g > self.most_g):
            return None
        if self.fare is None:
            return 0
        charged = weight_g
        if self.divisor and (size_g := -(-volume_cm3 * CM3_PER_LITRE // self.divisor)) > weight_g:
            charged = size_g
        free = self.fare.free_from_minor
        key = (charged, free > 0 and value_minor >= free)
        if key not in self.prices:
            self.prices[key] = price_minor(self.fare, self.first_g, self.step_g, charged, value_minor)
        return self.prices[key]


class Lane(NamedTuple):
    """One way. `why_not` says what each carrier has against it.

    No parcel costs less than `first`, nor than `base` and `slope` for each gram, unless it is worth
    `free_from`; none is sooner there than in `hours`.
    """

    km: int
    options: tuple[Option, ...]
    why_not: tuple[Text, ...]
    first: float = 0.0
    base: float = 0.0
    slope: float = 0.0
    free_from: float = math.inf
    hours: int = 0
    is_listed: bool = False
    """The first option that takes a parcel does, not the cheapest."""


class Lanes:
    """All ways, each worked out once: orders of a day share them.

    `quota` is what is left of each carrier's parcels today; who is not in it takes as many as come.
    """

    def __init__(
        self, carriers: Mapping[str, Carrier], atlas: Atlas, *, quota: Mapping[str, int] | None = None
    ) -> None:
        self.carriers, self.atlas, self.quota = carriers, atlas, quota or {}
        self._active = tuple(sorted(code for code, one in carriers.items() if one.active))
        self._known: dict[tuple[object, ...], Lane] = {}
        self._refusals: dict[tuple[str, Region, bool, str, date], Text | None] = {}
        self._fares: dict[tuple[object, ...], tuple[tuple[str, Fare], ...]] = {}
        self._prices: dict[int, Prices] = {}
        self._leaves: dict[tuple[object, ...], tuple[datetime, date, Calendar]] = {}

    @property
    def remembered(self) -> int:
        """Return how much is kept of what was asked."""
        return len(self._known) + len(self._leaves) + len(self._fares)

    def lane(self, place: Place, order: Order, on: date) -> Lane:
        """Return the way from a place to where an order goes."""
        here = (place.code, place.region, place.carriers, place.full, place.by_cost)
        key = (here, order.region, order.is_cod, order.contract, order.currency, on)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._worked_out(place, order, on)
        return known

    def leaves(self, place: Place, now: datetime) -> tuple[datetime, date]:
        """Return when a parcel leaves that is ordered now, and what day it is there."""
        key = (place.zone, place.cut_off, place.handling_min, place.not_before, id(place.calendar), now)
        known = self._leaves.get(key)
        if known is None:
            known = self._leaves[key] = leaves_at(place, now), local_day(place, now), place.calendar
        return known[0], known[1]

    def _worked_out(self, place: Place, order: Order, on: date) -> Lane:
        km = self.atlas.km(place.region, order.region)
        far = FAR_KM if km is None else km
        parcel = Parcel(is_cod=order.is_cod, origin=origin_of(place.region), contract=order.contract)
        options: list[Option] = []
        refused: list[Text] = []
        for code in place.carriers or self._active:
            carrier = self.carriers.get(code)
            if carrier is None:
                continue
            told = (code, order.region, order.is_cod, order.currency, on)
            if told not in self._refusals:
                self._refusals[told] = self._why_not(carrier, order, parcel, on)
            why_not = self._refusals[told]
            if code in place.full:
                why_not = Text(N_("{carrier} takes no more parcels by its contract"), {"carrier": code})
            mine = () if why_not is not None else self._options(carrier, order.region, parcel, on, far)
            options += mine if place.by_cost else mine[:1]
            if not mine:
                no_fare = N_("{carrier} has no fare for {place}")
                known: dict[str, str | int | Text] = {"carrier": code, "place": place_said(order.region)}
                refused.append(why_not or Text(no_fare, known))
        if not options:
            return Lane(far, (), tuple(refused))
        floors = [option.least for option in options]
        free = [one.fare.free_from_minor for one in options if one.fare and one.fare.free_from_minor]
        hours = min(option.hours for option in options)
        first, base, slope = (min(one) for one in zip(*floors, strict=True))
        least = (first, base, slope, min(free, default=math.inf), hours)
        return Lane(far, tuple(options), tuple(refused), *least, not place.by_cost)

    def _why_not(self, carrier: Carrier, order: Order, parcel: Parcel, on: date) -> Text | None:
        if carrier.currency != order.currency:
            return Text(N_("{carrier} is paid in other money"), {"carrier": carrier.code})
        if self.quota.get(carrier.code, 1) <= 0:
            return Text(N_("{carrier} takes no more parcels today"), {"carrier": carrier.code})
        return refusal(carrier, order.region, parcel, on)

    def _options(
        self, carrier: Carrier, region: Region, parcel: Parcel, on: date, km: int
    ) -> tuple[Option, ...]:
        """Return the services a carrier has a fare for; without any fare at all it costs nothing."""
        if not carrier.fares:
            service = carrier.services[0] if carrier.services else ""
            return (Option(carrier, service, None, transit_h(km), {}),)
        key = (carrier.code, *parcel.origin, region.province, region.city, parcel.contract, on)
        found = self._fares.get(key)
        if found is None:
            found = self._fares[key] = self._found(carrier, region, parcel, on)
        return tuple(
            Option(carrier, service, fare, fare.hours or transit_h(km), self._prices.setdefault(id(fare), {}))
            for service, fare in found
        )

    def _found(
        self, carrier: Carrier, region: Region, parcel: Parcel, on: date
    ) -> tuple[tuple[str, Fare], ...]:
        """Return the fare of each service from one city to another."""
        found = (
            (service, carrier.tariff.fare_for(region, parcel, service, on))
            for service in carrier.services or ("",)
        )
        return tuple((service, fare) for service, fare in found if fare is not None)


class Ride(NamedTuple):
    """An option with what its lateness costs. Units: hours; minor units."""

    option: Option
    arrives_at: datetime
    late_h: int
    late_minor: int


class Road:
    """The way of one order from one place: what a parcel on it costs at least, with its lateness."""

    __slots__ = ("_known", "km", "lane", "leaves_at", "rides", "value_minor")

    def __init__(self, lane: Lane, leaves_at: datetime, order: Order, late_minor: int) -> None:
        self.km, self.leaves_at, self.value_minor = lane.km, leaves_at, order.value_minor
        self.lane = lane
        self.rides = tuple(_ride(option, leaves_at, order.promised_at, late_minor) for option in lane.options)
        self._known: dict[tuple[int, int, int], int | None] = {}

    def cost(self, weight_g: int, volume_cm3: int, flags: int) -> int | None:
        """Return the least cost of a parcel, None where nobody takes it. Units: minor units."""
        key = (weight_g, volume_cm3, flags)
        known = self._known.get(key, _MISSING)
        if known is _MISSING:
            best = None
            for ride in self.rides:
                price = ride.option.price(weight_g, volume_cm3, flags, self.value_minor)
                if price is not None and (best is None or price + ride.late_minor < best):
                    best = price + ride.late_minor
                    if self.lane.is_listed:
                        break
            known = self._known[key] = best
        return known  # type: ignore[return-value]  # what stands there is a cost or None

    def ride(self, weight_g: int, volume_cm3: int, flags: int) -> tuple[Ride, int] | None:
        """Return who takes a parcel and for how much; of equally dear ones the first to arrive."""
        taken = [
            (price + ride.late_minor, ride.arrives_at, n, ride, price)
            for n, ride in enumerate(self.rides)
            if (price := ride.option.price(weight_g, volume_cm3, flags, self.value_minor)) is not None
        ]
        if not taken:
            return None
        *_, ride, price = taken[0] if self.lane.is_listed else min(taken, key=lambda one: one[:3])
        return ride, price


def _least(fare: Fare, carrier: Carrier) -> tuple[float, float, float]:
    """Return the first price of a fare, and the line through its first weight that no price is below."""
    slope = min(fare.step_minor, *(band.step_minor for band in fare.bands)) if fare.bands else fare.step_minor
    a_gram = slope / (fare.step_g or carrier.step_g)
    return (fare.first_minor, fare.first_minor - a_gram * (fare.first_g or carrier.first_g), a_gram)


def origin_of(region: Region) -> tuple[str, ...]:
    """Return what the place a parcel leaves from is called in fares."""
    return (region.city, region.province)


def leaves_at(place: Place, now: datetime) -> datetime:
    """Return when a parcel leaves that is ordered now: with the next truck of a day on which somebody works.

    Source: capabilities 6, cut-off, handling time and holidays.
    """
    zone = _zone(place.zone)
    ready = (now + timedelta(minutes=place.handling_min)).astimezone(zone)
    day = ready.date() if ready.time() <= place.cut_off else ready.date() + DAY
    if place.not_before is not None:
        day = max(day, place.not_before)
    day = next_open_day(place.calendar, day)
    return datetime.combine(day, place.cut_off, zone).astimezone(UTC)


def local_day(place: Place, at: datetime) -> date:
    """Return the date on the walls of a place."""
    return at.astimezone(_zone(place.zone)).date()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _ride(option: Option, leaves: datetime, promised_at: datetime | None, late_minor: int) -> Ride:
    arrives = leaves + option.hours * HOUR
    late_h = 0
    if promised_at is not None and arrives > promised_at:
        late_h = -(-(arrives - promised_at) // HOUR)
    return Ride(option, arrives, late_h, late_h * late_minor)
