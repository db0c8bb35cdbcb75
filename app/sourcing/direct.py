"""One parcel from one place, where that is proven to be the cheapest without looking at any set of places.

Most orders are of this kind. What is returned is what the search would find: a bound that no split is below
makes looking for one needless.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from app.domain.decision import Candidate, Parcel, Sending
from app.domain.money import shown
from app.sourcing.case import BATTERY, SPLIT_MOST, Order, Place, Policy, Want
from app.sourcing.lanes import HOUR, Lane, Lanes, Option
from app.text import N_, Text

HOUR_S = 3_600
SAID_KEPT = 4_096
"""So many differences are said without being written anew: fares differ by few amounts."""


class Load(NamedTuple):
    """Everything an order wants, in one parcel. Units: grams, cm³, pieces."""

    grams: int
    volume: int
    flags: int
    pieces: int
    wanted: dict[str, int]


class Way(NamedTuple):
    """A place with what a parcel from there would come to; without an option nobody takes it, or it has less.

    Units: minor units, hours.
    """

    at: int
    place: Place
    km: int
    leaves_at: datetime
    has: int
    cost: int = 0
    price: int = 0
    late_h: int = 0
    option: Option | None = None
    why_not: Text | None = None

    @property
    def rank(self) -> tuple[int, int, int]:
        """Order ways: the cheapest first, then the shortest, then as they stand in the list."""
        return (self.cost, self.km, self.at)


class Least:
    """What no parcel costs less than, whatever place it comes from: a first price, and a price by weight."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.base = self.slope = self.late = 0.0

    def look(self, lane: Lane, value_minor: int, late_minor: int) -> None:
        """Count with one more place."""
        is_free = value_minor >= lane.free_from
        first, base, slope = (0, 0, 0) if is_free else (lane.first, lane.base, lane.slope)
        if self.first is None:
            self.first, self.base, self.slope, self.late = first, base, slope, late_minor
            return
        self.first, self.base = min(self.first, first), min(self.base, base)
        self.slope, self.late = min(self.slope, slope), min(self.late, late_minor)

    def of(self, parcels: int, grams: int, split_minor: int) -> float:
        """Return what so many parcels of so much weight cost at least. Units: minor units; grams."""
        prices = max(parcels * (self.first or 0), parcels * self.base + self.slope * grams)
        return prices + parcels * self.late + split_minor * (parcels - 1)


def directly(
    order: Order,
    wants: tuple[Want, ...],
    places: Sequence[Place],
    rules: Sequence[Text | None],
    policy: Policy,
    lanes: Lanes,
    now: datetime,
) -> Sending | None:
    """Return the one parcel that is cheapest; None where a split might cost less, or none sends it all."""
    load = _load(wants)
    most = min(policy.split_most, SPLIT_MOST, load.pieces - 1, len(places) - 1) + 1
    least = Least() if most > 1 else None
    ways = [
        _way(at, place, rule, order, load, policy, lanes, now, least)
        for at, (place, rule) in enumerate(zip(places, rules, strict=True))
    ]
    able = [way for way in ways if way.option is not None]
    if not able:
        return None
    best = min(able, key=lambda way: way.rank)
    if least is not None and any(
        least.of(n, load.grams, policy.split_minor) < best.cost for n in range(2, most + 1)
    ):
        return None
    return _sending(best, ways, wants, order, load, policy)


def _load(wants: tuple[Want, ...]) -> Load:
    grams = volume = flags = pieces = 0
    wanted: dict[str, int] = {}
    for want in wants:
        qty = want.qty
        grams += want.weight_g * qty
        volume += want.volume_cm3 * qty
        pieces += qty
        if want.has_battery:
            flags = BATTERY
        wanted[want.sku] = wanted.get(want.sku, 0) + qty
    return Load(grams, volume, flags, pieces, wanted)


def _way(
    at: int,
    place: Place,
    rule: Text | None,
    order: Order,
    load: Load,
    policy: Policy,
    lanes: Lanes,
    now: datetime,
    least: Least | None,
) -> Way:
    leaves, on = lanes.leaves(place, now)
    lane = lanes.lane(place, order, on)
    free = place.free
    has = sum([min(free.get(sku, 0), qty) for sku, qty in load.wanted.items()])
    if rule is not None:
        return Way(at, place, lane.km, leaves, has, why_not=rule)
    promised, value = order.promised_at, order.value_minor
    over_s = (leaves - promised).total_seconds() if promised is not None else -math.inf
    if least is not None and has and lane.options:
        least.look(lane, value, _late_h(over_s, lane.hours) * policy.late_minor)
    best: tuple[int, int, int] | None = None
    price, late_h, taken = 0, 0, None
    for n, option in enumerate(lane.options if has == load.pieces else ()):
        asked = option.price(load.grams, load.volume, load.flags, value)
        if asked is None:
            continue
        late = _late_h(over_s, option.hours)
        rank = (asked + late * policy.late_minor, option.hours, n)
        if best is None or rank < best:
            best, price, late_h, taken = rank, asked, late, option
            if lane.is_listed:
                break
    if best is None:
        return Way(at, place, lane.km, leaves, has, why_not=removed(lane, has, load.pieces))
    return Way(at, place, lane.km, leaves, has, best[0], price, late_h, taken)


def _late_h(over_s: float, hours: int) -> int:
    """Return the begun hours after the promise. Units: `over_s` seconds from the promise to leaving."""
    late_s = over_s + hours * HOUR_S
    return math.ceil(late_s / HOUR_S) if late_s > 0 else 0


def removed(lane: Lane, has: int, wants: int) -> Text:
    """Say why an open place cannot send everything by itself."""
    if not lane.options:
        return lane.why_not[0] if lane.why_not else Text(N_("no carrier leaves from there"))
    if has < wants:
        return Text(N_("has {has} of {wants} pieces"), {"has": has, "wants": wants})
    return Text(N_("no carrier takes such a parcel"))


def lost(more_minor: int, more_parcels: int, more_km: int, currency: str) -> Text:
    """Say what made another plan win."""
    if more_minor:
        return _dearer(more_minor, currency)
    if more_parcels:
        return Text(N_("costs the same in more parcels"))
    if more_km:
        return Text(N_("costs the same, {km} km further"), {"km": more_km})
    return Text(N_("costs the same, comes later in the list"))


@lru_cache(maxsize=SAID_KEPT)
def _dearer(more_minor: int, currency: str) -> Text:
    return Text(N_("{money} more"), {"money": shown(more_minor, currency)})


def _sending(
    best: Way, ways: Sequence[Way], wants: tuple[Want, ...], order: Order, load: Load, policy: Policy
) -> Sending:
    option = best.option
    parcel = Parcel(
        place=best.place.code,
        takes=tuple((want.line, want.qty) for want in wants),
        weight_g=load.grams,
        carrier=option.carrier.code if option is not None else "",
        service=option.service if option is not None else "",
        freight_minor=best.price,
        late_h=best.late_h,
        leaves_at=best.leaves_at,
        arrives_at=_arrives(best),
    )
    return Sending(
        lines=tuple(want.line for want in wants),
        parcels=(parcel,),
        candidates=tuple(_told(best, ways, order, load)),
        score=best.cost,
        freight_minor=best.price,
        late_minor=best.late_h * policy.late_minor,
        km=best.km,
    )


def _arrives(way: Way) -> datetime:
    return way.leaves_at + way.option.hours * HOUR if way.option is not None else way.leaves_at


def _told(best: Way, ways: Sequence[Way], order: Order, load: Load) -> Iterator[Candidate]:
    """Tell of every place, the chosen one first, those that cannot send it last."""
    for way in sorted(ways, key=lambda way: (way.option is None, *way.rank)):
        if way.option is None:
            yield Candidate(
                places=(way.place.code,),
                km=way.km,
                has=way.has,
                wants=load.pieces,
                leaves_at=way.leaves_at,
                why_not=way.why_not,
            )
            continue
        yield Candidate(
            places=(way.place.code,),
            km=way.km,
            has=way.has,
            wants=load.pieces,
            freight_minor=way.price,
            score=way.cost,
            parcels=1,
            leaves_at=way.leaves_at,
            arrives_at=_arrives(way),
            late_h=way.late_h,
            why_not=None if way is best else lost(way.cost - best.cost, 0, way.km - best.km, order.currency),
        )
