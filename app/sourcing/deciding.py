"""Decide which places send an order, and say of every place why or why not.

Source: capabilities 6; 6.1, 6.2, 6.4, 6.8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from app.domain.decision import Candidate, Decision, Parcel, Sending
from app.domain.values import digest
from app.sourcing.case import BATTERY, SPLIT_MOST, Order, Place, Policy, Want
from app.sourcing.cheapest import Item, Plan, Search, Site, Takes, no_cost
from app.sourcing.direct import directly, lost, removed
from app.sourcing.lanes import Lanes, Road
from app.text import N_, Text

SETS_TOLD = 6
"""So many sets of several places are listed, beside every single place."""


class Bundle(NamedTuple):
    """Lines that become one item of the search. A whole one (a kit, a gift with its line) is one piece."""

    wants: tuple[Want, ...]
    is_whole: bool

    @property
    def needs(self) -> Counter[str]:
        """Say what one piece is made of."""
        if not self.is_whole:
            return Counter({self.wants[0].sku: 1})
        needs: Counter[str] = Counter()
        for want in self.wants:
            needs[want.sku] += want.qty
        return needs


def decide(
    order: Order,
    places: Sequence[Place],
    policy: Policy,
    lanes: Lanes,
    now: datetime,
) -> Decision:
    """Return the cheapest way to send an order, and what else was looked at."""
    sendings = []
    taken: Counter[tuple[str, str]] = Counter()
    for wants in sendings_of(order.wants):
        sending = _one(order, wants, places, policy, lanes, now) if not taken else None
        if sending is None:
            sending = Question(order, wants, places, policy, lanes, now, taken).answer()
        sendings.append(sending)
        skus = {want.line: want.sku for want in wants}
        for parcel in sending.parcels:
            for line, qty in parcel.takes:
                taken[parcel.place, skus[line]] += qty
    return Decision(
        order=order.id,
        policy=policy.code,
        version=policy.rev,
        inputs=inputs_of(order, places, policy),
        at=now,
        currency=order.currency,
        sendings=tuple(sendings),
    )


def _one(
    order: Order,
    wants: tuple[Want, ...],
    places: Sequence[Place],
    policy: Policy,
    lanes: Lanes,
    now: datetime,
) -> Sending | None:
    """Return the parcel of an order where one from one place is proven to be cheapest."""
    if policy.scarce_minor:
        return None
    rules = [_rule(place, order) for place in places]
    return directly(order, wants, places, rules, policy, lanes, now)


def inputs_of(order: Order, places: Iterable[Place], policy: Policy) -> str:
    """Digest what a decision was made from."""
    skus = sorted({want.sku for want in order.wants})
    stock = [
        (p.code, p.is_open, p.is_stopped, p.parcels_left, [p.free.get(sku, 0) for sku in skus])
        for p in places
    ]
    return digest(order, policy.code, policy.rev, stock)


class Prices(NamedTuple):
    """What scarce things cost while a whole wave is planned: pieces in a place, and parcels from it."""

    pieces: Mapping[tuple[str, str], float]
    parcels: Mapping[str, float]


class Question:
    """One sending of an order, put to the search."""

    def __init__(
        self,
        order: Order,
        wants: tuple[Want, ...],
        places: Sequence[Place],
        policy: Policy,
        lanes: Lanes,
        now: datetime,
        taken: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.order, self.wants, self.policy, self.taken = order, wants, policy, taken or {}
        self.places = places
        self.gone: Mapping[tuple[str, str], int] = {}
        """What others of the wave take, parcels under no article."""
        self.prices: Prices | None = None
        self.wanted: Counter[str] = Counter()
        for want in wants:
            self.wanted[want.sku] += want.qty
        self.bundles = bundled(wants)
        self.needs = [bundle.needs for bundle in self.bundles]
        self.items = tuple(map(_item, self.bundles))
        self.roads = [_road(place, order, policy, lanes, now) for place in places]
        self.rules = [_rule(place, order) for place in places]
        self.sites = tuple(
            Site(self._have(place, rule), road.cost, road.km)
            for place, road, rule in zip(places, self.roads, self.rules, strict=True)
        )
        counted: Counter[str] = Counter()
        for needs in self.needs:
            counted.update(needs.keys())
        self.overlaps = any(times > 1 for times in counted.values())

    def priced(self, prices: Prices) -> Question:
        """Ask under these prices from now on."""
        self.prices = prices
        self.sites = tuple(
            site._replace(fixed=prices.parcels.get(place.code, 0))
            for site, place in zip(self.sites, self.places, strict=True)
        )
        return self

    def without(self, gone: Mapping[tuple[str, str], int]) -> Question:
        """Ask for what is left when others have taken theirs."""
        self.gone = gone
        self.sites = tuple(
            site._replace(have=self._have(place, rule))
            for site, place, rule in zip(self.sites, self.places, self.rules, strict=True)
        )
        return self

    def search(self) -> tuple[Search, Plan | None]:
        """Look for the cheapest plan."""
        is_dear = self.policy.scarce_minor or (self.prices is not None and self.prices.pieces)
        search = Search(
            self.items,
            self.sites,
            split=self.policy.split_minor,
            parcels_most=min(self.policy.split_most, SPLIT_MOST) + 1,
            piece_cost=self.piece_cost if is_dear else no_cost,
            fits=self.fits if self.overlaps else None,
        )
        return search, search.run()

    def answer(self) -> Sending:
        """Return the cheapest plan and all candidates."""
        search, best = self.search()
        lines = tuple(want.line for want in self.wants)
        if best is None:
            return Sending(lines=lines, candidates=self._candidates(search, None))
        sending = self.sending(best)
        return msgspec.structs.replace(sending, candidates=self._candidates(search, best))

    def sending(self, plan: Plan) -> Sending:
        """Say what a plan sends and what it costs."""
        parcels = self._parcels(plan)
        freight = sum(parcel.freight_minor for parcel in parcels)
        split = self.policy.split_minor * (len(parcels) - 1)
        late = self.policy.late_minor * sum(parcel.late_h for parcel in parcels)
        scarce = sum(
            self._scarce(site, i, qty) for site, takes in plan.takes for i, qty in enumerate(takes) if qty
        )
        return Sending(
            lines=tuple(want.line for want in self.wants),
            parcels=parcels,
            score=freight + split + late + scarce,
            freight_minor=freight,
            split_minor=split,
            late_minor=late,
            scarce_minor=scarce,
            km=plan.km,
            proven=plan.proven,
        )

    # --- what the search asks -------------------------------------------------------------------------

    def free(self, place: Place, sku: str) -> int:
        """Return what may still be promised. Units: pieces."""
        if not self.taken:
            return place.free.get(sku, 0)
        return max(0, place.free.get(sku, 0) - self.taken.get((place.code, sku), 0))

    def _have(self, place: Place, rule: Text | None) -> Takes:
        full = place.parcels_left is not None and place.parcels_left <= self.gone.get((place.code, ""), 0)
        if rule is not None or full:
            return (0,) * len(self.items)
        return tuple(
            min(item.qty, *(self._left(place, sku) // each for sku, each in needs.items()))
            for item, needs in zip(self.items, self.needs, strict=True)
        )

    def fits(self, site: int, takes: Takes) -> bool:
        """Tell whether a place has all pieces, where several items are made of the same article."""
        sums: Counter[str] = Counter()
        for qty, needs in zip(takes, self.needs, strict=True):
            for sku, each in needs.items():
                sums[sku] += qty * each
        return all(self._left(self.places[site], sku) >= qty for sku, qty in sums.items())

    def _left(self, place: Place, sku: str) -> int:
        return max(0, self.free(place, sku) - (self.gone.get((place.code, sku), 0) if self.gone else 0))

    def piece_cost(self, site: int, i: int, qty: int) -> float:
        """Return what it costs to take pieces from a place: how scarce they are there, and to the wave."""
        cost: float = self._scarce(site, i, qty)
        if self.prices is not None:
            code, pieces = self.places[site].code, self.prices.pieces
            cost += sum(pieces.get((code, sku), 0) * each * qty for sku, each in self.needs[i].items())
        return cost

    def _scarce(self, site: int, i: int, qty: int) -> int:
        """Return the penalty for what share of an article is taken. Units: minor units."""
        scarce = self.policy.scarce_minor
        if not scarce:
            return 0
        place = self.places[site]
        return sum(
            scarce * each * qty // max(1, self.free(place, sku)) for sku, each in self.needs[i].items()
        )

    # --- what is told ---------------------------------------------------------------------------------

    def _parcels(self, plan: Plan) -> tuple[Parcel, ...]:
        left = {want.line: want.qty for want in self.wants}
        parcels = []
        for site, takes in plan.takes:
            grams, volume, flags = self._weighed(takes)
            ridden = self.roads[site].ride(grams, volume, flags)
            if ridden is None:
                raise ValueError("a plan sends a parcel that nobody takes")
            ride, price = ridden
            parcels.append(
                Parcel(
                    place=self.places[site].code,
                    takes=tuple(self._lines(takes, left)),
                    weight_g=grams,
                    carrier=ride.option.carrier.code,
                    service=ride.option.service,
                    freight_minor=price,
                    late_h=ride.late_h,
                    leaves_at=self.roads[site].leaves_at,
                    arrives_at=ride.arrives_at,
                )
            )
        return tuple(parcels)

    def _lines(self, takes: Takes, left: dict[str, int]) -> Iterable[tuple[str, int]]:
        """Share the pieces of an item out over its lines, the first one first."""
        for qty, bundle in zip(takes, self.bundles, strict=True):
            if not qty:
                continue
            for want in bundle.wants:
                mine = want.qty if bundle.is_whole else min(qty, left[want.line])
                if mine:
                    left[want.line] -= mine
                    qty -= mine  # noqa: PLW2901 - what is still to be shared out
                    yield want.line, mine

    def _weighed(self, takes: Takes) -> tuple[int, int, int]:
        grams = volume = flags = 0
        for qty, item in zip(takes, self.items, strict=True):
            if qty:
                grams += item.weight_g * qty
                volume += item.volume_cm3 * qty
                flags |= item.flags
        return grams, volume, flags

    def _candidates(self, search: Search, best: Plan | None) -> tuple[Candidate, ...]:
        """Tell of every place, and of the best sets of several; the chosen one first, removed ones last."""
        plans = {tuple(site for site, _ in plan.takes): plan for plan in search.plans}
        told = [self._single(site, plans.get((site,)), best) for site in range(len(self.places))]
        several = sorted(
            (plan for sites, plan in plans.items() if len(sites) > 1), key=lambda plan: plan.rank
        )
        told += [self._set(plan, best) for plan in several[:SETS_TOLD]]
        return tuple(
            sorted(told, key=lambda one: (one.score is None, one.score or 0, one.parcels, one.km, one.places))
        )

    def _single(self, site: int, plan: Plan | None, best: Plan | None) -> Candidate:
        place, road = self.places[site], self.roads[site]
        if plan is not None:
            return self._set(plan, best)
        has = sum(min(self.free(place, sku), qty) for sku, qty in self.wanted.items())
        wants = self.wanted.total()
        return Candidate(
            places=(place.code,),
            km=road.km,
            has=has,
            wants=wants,
            leaves_at=road.leaves_at,
            why_not=self.rules[site] or removed(road.lane, has, wants),
        )

    def _set(self, plan: Plan, best: Plan | None) -> Candidate:
        ridden = [
            (self.roads[site], self.roads[site].ride(*self._weighed(takes))) for site, takes in plan.takes
        ]
        rides = [one[0] for _, one in ridden if one is not None]
        wants = self.wanted.total()
        return Candidate(
            places=tuple(self.places[site].code for site, _ in plan.takes),
            km=plan.km,
            has=wants,
            wants=wants,
            freight_minor=sum(one[1] for _, one in ridden if one is not None),
            score=round(plan.cost),
            parcels=len(plan.takes),
            leaves_at=max(road.leaves_at for road, _ in ridden),
            arrives_at=max(ride.arrives_at for ride in rides),
            late_h=max(ride.late_h for ride in rides),
            why_not=None
            if best is None or plan.takes == best.takes
            else lost(
                round(plan.cost - best.cost),
                len(plan.takes) - len(best.takes),
                plan.km - best.km,
                self.order.currency,
            ),
        )


def bundled(wants: Iterable[Want]) -> tuple[Bundle, ...]:
    """Return what is shared out by itself: pieces of one article, or lines that stay together."""
    groups: dict[tuple[bool, str], list[Want]] = {}
    for want in wants:
        if want.qty > 0:
            groups.setdefault((bool(want.together), want.together or want.sku), []).append(want)
    return tuple(Bundle(tuple(lines), is_whole) for (is_whole, _), lines in groups.items())


def sendings_of(wants: Iterable[Want]) -> list[tuple[Want, ...]]:
    """Part an order into what never travels together; lines that stay together follow the first."""
    homes: dict[str, str] = {}
    parts: dict[str, list[Want]] = {}
    for want in wants:
        if want.qty > 0:
            home = homes.setdefault(want.together, want.apart) if want.together else want.apart
            parts.setdefault(home, []).append(want)
    return [tuple(part) for part in parts.values()]


def _item(bundle: Bundle) -> Item:
    flags = BATTERY if any(want.has_battery for want in bundle.wants) else 0
    if bundle.is_whole:
        grams = sum(want.weight_g * want.qty for want in bundle.wants)
        volume = sum(want.volume_cm3 * want.qty for want in bundle.wants)
        return Item(grams, volume, flags, 1)
    first = bundle.wants[0]
    return Item(first.weight_g, first.volume_cm3, flags, sum(want.qty for want in bundle.wants))


def _road(place: Place, order: Order, policy: Policy, lanes: Lanes, now: datetime) -> Road:
    leaves, on = lanes.leaves(place, now)
    return Road(lanes.lane(place, order, on), leaves, order, policy.late_minor)


def _rule(place: Place, order: Order) -> Text | None:
    """Return the rule that removes a place, whatever lies there."""
    if not place.is_open:
        return Text(N_("is closed"))
    if place.is_stopped:
        return Text(N_("nothing is sent from there for now"))
    if order.entity and place.entity and place.entity != order.entity:
        return Text(N_("belongs to another company of the group"))
    if place.parcels_left is not None and place.parcels_left <= 0:
        return Text(N_("has no room for another parcel today"))
    return None
