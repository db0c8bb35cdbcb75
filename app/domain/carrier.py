"""Carriers: where each goes and does not go, what a parcel costs there, which of them takes an order.

The first allowed one of the warehouse's list takes it. Where the usual one does not go there, the next takes
its place as long as it costs little more; a large difference is asked of a person.
Source: capabilities 6, carrier after warehouse; 6.6, carriers are excluded for areas they do not serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

import msgspec

from app.domain.freight import Fare, Parcel, Tariff, Zone, chargeable_g, price_minor
from app.domain.land_names import land_name
from app.domain.money import shown
from app.domain.route import Lane, Leg
from app.domain.said_time import day_said
from app.domain.values import Region
from app.text import N_, Text


class NotServed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An area a carrier does not go to (停发), as far down as it is named; without a day it has no end."""

    province: str
    city: str = ""
    district: str = ""
    until_on: date | None = None
    """The last day."""

    def covers(self, region: Region, on: date) -> bool:
        """Tell whether a parcel for this region is not taken on a day."""
        if self.until_on is not None and self.until_on < on:
            return False
        named = ((self.province, region.province), (self.city, region.city), (self.district, region.district))
        return all(not mine or mine == theirs for mine, theirs in named)


class PickUp(msgspec.Struct, frozen=True, kw_only=True):
    """A place where a buyer fetches a parcel (自提点); `street` is the house of a business, nobody's own."""

    province: str
    city: str
    district: str
    street: str


class Carrier(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One carrier. `services` are what it offers, the usual one first; `countries` those it goes to.

    `gives_labels`: the hub asks it for a tracking number when an order is released; without it the label is
    printed here and the number is scanned from the carrier's own. `zones` are names of its own for places.
    Units: `first_g`, `step_g`, `most_g` grams, `most_g` 0: no limit; `volume_divisor` cm³ a kilogram, 0: size
    does not count; `daily_quota` and `monthly_quota` parcels, 0: as many as there are.
    """

    code: str
    title: str
    services: tuple[str, ...] = ()
    countries: tuple[str, ...] = ("CN",)
    currency: str = "CNY"
    first_g: int = 1_000
    step_g: int = 1_000
    fares: tuple[Fare, ...] = ()
    not_served: tuple[NotServed, ...] = ()
    points: tuple[PickUp, ...] = ()
    gives_labels: bool = False
    active: bool = True
    rev: int = 0
    zones: tuple[Zone, ...] = ()
    volume_divisor: int = 0
    most_g: int = 0
    takes_cod: bool = True
    takes_battery: bool = True
    daily_quota: int = 0
    monthly_quota: int = 0
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def tariff(self) -> Tariff:
        """Its fares, in the order in which they are looked through."""
        return Tariff(self.fares, self.zones)


class Carriage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who takes an order, and why. `by` is the person who chose; empty: the rule did.

    Units: `cost_minor` in `currency`.
    """

    carrier: str
    service: str = ""
    cost_minor: int = 0
    currency: str = "CNY"
    why: Text
    by: str = ""
    route: tuple[Leg, ...] = ()
    """The lanes it goes over; none: straight to the buyer."""
    left: str = ""
    """The lane it went over before that was closed."""


class Counted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an order counts among the parcels of a carrier: since which day, and in which slots of lanes."""

    carrier: str = ""
    """Nobody, where only lanes have a limit."""
    day: date
    lanes: tuple[str, ...] = ()


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier for one order; `why_not` says what speaks against it. Units: `cost_minor`."""

    carrier: Carrier
    cost_minor: int
    why_not: Text | None = None


def cost_minor(
    carrier: Carrier, region: Region, parcel: Parcel, on: date, *, service: str | None = None
) -> int | None:
    """Return what a parcel costs, None where there is no fare; a carrier without any fare costs nothing.

    `service`: the usual one if not said.
    Units: minor units of the carrier's currency.
    """
    if not carrier.fares:
        return 0
    fare = _fare(carrier, region, parcel, on, service)
    if fare is None:
        return None
    divisor = fare.volume_divisor or carrier.volume_divisor
    charged = chargeable_g(parcel.weight_g, parcel.volume_cm3, divisor)
    return price_minor(fare, carrier.first_g, carrier.step_g, charged, parcel.value_minor)


def road_hours(
    carrier: Carrier, region: Region, parcel: Parcel, on: date, *, service: str | None = None
) -> int:
    """Return how long a parcel is under way by its fare, 0 where none says. Units: hours.

    `service`: the usual one if not said.
    """
    fare = _fare(carrier, region, parcel, on, service)
    return fare.hours if fare is not None else 0


def _fare(carrier: Carrier, region: Region, parcel: Parcel, on: date, service: str | None) -> Fare | None:
    asked = usual_service(carrier) if service is None else service
    return carrier.tariff.fare_for(region, parcel, asked, on)


def usual_service(carrier: Carrier) -> str:
    """Return what a carrier is asked for where nobody says more."""
    return carrier.services[0] if carrier.services else ""


def place_said(region: Region) -> Text:
    """Name where an order goes, down to the district, abroad with its country; sentences name no more."""
    city = region.city if region.city != region.province else ""
    parts = filter(None, (region.province, city, region.district))
    place = " ".join(parts)
    if region.country == "CN":
        return Text("{place}", {"place": place or region.country})
    country = Text(land_name(region.country))
    return Text("{place}, {country}", {"place": place, "country": country}) if place else country


def offer_of(
    carrier: Carrier, region: Region, parcel: Parcel, on: date, *, service: str | None = None
) -> Offer:
    """Say what a carrier would cost, or why it does not take a parcel for this region on a day."""
    cost = cost_minor(carrier, region, parcel, on, service=service)
    why_not = refusal(carrier, region, parcel, on)
    if why_not is None and cost is None:
        why_not = Text(N_("{carrier} has no fare for {place}"), _known(carrier, region))
    return Offer(carrier=carrier, cost_minor=cost or 0, why_not=why_not)


def refusal(carrier: Carrier, region: Region, parcel: Parcel, on: date) -> Text | None:
    """Say why a carrier does not take a parcel for this region on a day, whatever it would cost."""
    stops = [stop for stop in carrier.not_served if stop.covers(region, on)]
    if carrier.active and region.country in carrier.countries and not stops and takes(carrier, parcel):
        return None
    return _why_not(carrier, region, parcel, stops)


def takes(carrier: Carrier, parcel: Parcel) -> bool:
    """Tell whether a carrier takes such a parcel, wherever it goes.

    Source: capabilities 6.6, cash on delivery, battery, weight.
    """
    return (
        (carrier.takes_cod or not parcel.is_cod)
        and (carrier.takes_battery or not parcel.has_battery)
        and not 0 < carrier.most_g < parcel.weight_g
    )


def _why_not(carrier: Carrier, region: Region, parcel: Parcel, stops: list[NotServed]) -> Text:
    known = _known(carrier, region)
    if not carrier.active:
        return Text(N_("{carrier} is not in use any more"), known)
    if region.country not in carrier.countries:
        return Text(
            N_("{carrier} does not go to {country}"), known | {"country": Text(land_name(region.country))}
        )
    if (ends_on := _end_of(stops)) is not None:
        return Text(N_("{carrier} does not go to {place} until {day}"), known | {"day": day_said(ends_on)})
    if stops:
        return Text(N_("{carrier} does not go to {place}"), known)
    if parcel.is_cod and not carrier.takes_cod:
        return Text(N_("{carrier} takes no cash on delivery"), known)
    if parcel.has_battery and not carrier.takes_battery:
        return Text(N_("{carrier} takes no batteries"), known)
    return Text(N_("{carrier} takes up to {most} g"), known | {"most": carrier.most_g})


def _known(carrier: Carrier, region: Region) -> dict[str, str | int | Text]:
    return {"carrier": carrier.code, "place": place_said(region)}


def _end_of(stops: Iterable[NotServed]) -> date | None:
    """Return the last day of all of them; None where one has no end, or none stands."""
    days = [stop.until_on for stop in stops]
    return max((day for day in days if day is not None), default=None) if None not in days else None


def offers(
    region: Region, named: tuple[str, ...], carriers: Mapping[str, Carrier], parcel: Parcel, on: date
) -> Iterator[Offer]:
    """Yield what each carrier says to a parcel, best first: those a warehouse names, else all of them."""
    codes = named or tuple(sorted(code for code, one in carriers.items() if one.active))
    return (offer_of(carriers[code], region, parcel, on) for code in codes if code in carriers)


def allowed(said: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return those that take it, in the same order."""
    return tuple(offer for offer in said if offer.why_not is None)


def chosen(said: Iterable[Offer], extra_minor: int) -> Carriage | None:
    """Return who takes an order by the rule; None where nobody does, or only one that costs much more.

    Nobody is asked behind the first who takes it.
    Units: `extra_minor`, so much more may the next one cost without anybody being asked.
    """
    asked = iter(said)
    usual = next(asked, None)
    if usual is None:
        return None
    if usual.why_not is None:
        return carriage_of(usual, Text(N_("first of the list")))
    first = next((offer for offer in asked if offer.why_not is None), None)
    if first is None or is_dear(first, usual, extra_minor):
        return None
    return carriage_of(first, usual.why_not)


def lane_named(carrier: str, lane: str) -> str:
    """Name a lane among those of all carriers."""
    return f"{carrier}.{lane}"


def lanes_of(carriage: Carriage | None) -> str:
    """Name the lanes an order goes over, and the one it left because that was closed: it is found by them."""
    if carriage is None:
        return ""
    return " ".join((*(lane_named(leg.carrier, leg.lane) for leg in carriage.route), carriage.left)).strip()


def way_of(carriage: Carriage) -> Text:
    """Name who takes an order, and the lanes it goes over."""
    lanes = " → ".join(leg.lane for leg in carriage.route)
    return Text("{carrier}: {lanes}" if lanes else "{carrier}", {"carrier": carriage.carrier, "lanes": lanes})


def carriage_of(offer: Offer, why: Text, *, service: str = "", by: str = "") -> Carriage:
    """Return what an order remembers of who takes it."""
    carrier = offer.carrier
    return Carriage(
        carrier=carrier.code,
        service=service or usual_service(carrier),
        cost_minor=offer.cost_minor,
        currency=carrier.currency,
        why=why,
        by=by,
    )


def difference_said(offer: Offer, usual: Offer) -> Text:
    """Say what one carrier costs, and how much more or less than another in the same money."""
    money = offer.carrier.currency
    extra = offer.cost_minor - usual.cost_minor
    cost = shown(offer.cost_minor, money)
    if money != usual.carrier.currency or extra == 0:
        return Text(N_("{cost}"), {"cost": cost})
    words = N_("{cost}, {extra} more") if extra > 0 else N_("{cost}, {extra} less")
    return Text(words, {"cost": cost, "extra": shown(abs(extra), money)})


def is_dear(offer: Offer, usual: Offer, extra_minor: int) -> bool:
    """Tell whether an offer costs too much more; in other money nobody can tell, so it is asked too."""
    if offer.carrier.currency != usual.carrier.currency:
        return True
    return offer.cost_minor - usual.cost_minor > extra_minor


def point_near(region: Region, carriers: Iterable[Carrier], on: date) -> tuple[Carrier, PickUp] | None:
    """Return the nearest place to fetch a parcel from that its carrier goes to, in the same city at least."""
    found: list[tuple[bool, Carrier, PickUp]] = []
    for carrier in carriers:
        for point in carrier.points:
            there = region_of(point)
            is_near = (point.province, point.city) == (region.province, region.city)
            if is_near and offer_of(carrier, there, Parcel(), on).why_not is None:
                found.append((point.district != region.district, carrier, point))
    best = min(found, key=lambda one: one[0], default=None)
    return best[1:] if best is not None else None


def region_of(point: PickUp) -> Region:
    """Return where such a place is."""
    return Region(province=point.province, city=point.city, district=point.district, verdict="accept")
