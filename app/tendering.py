"""Who takes an order where cost and time decide, and not the order of a list.

Every carrier and service that is allowed is asked; what it costs and what its lateness costs are added up.
Source: capabilities 6, carrier after warehouse; 6.6.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import NamedTuple

from app.choosing import policy_of, promised_at
from app.command import Facts
from app.domain.carrier import (
    Carriage,
    Carrier,
    Offer,
    carriage_of,
    cost_minor,
    refusal,
    road_hours,
    usual_service,
)
from app.domain.distance import transit_h
from app.domain.freight import Parcel
from app.domain.money import shown
from app.domain.order import Order
from app.domain.route import Leg, way_said
from app.quotas import full, today
from app.routes import best_way
from app.sourcing.case import Place
from app.sourcing.lanes import FAR_KM, HOUR
from app.text import N_, Text


class Bid(NamedTuple):
    """One carrier and service for one order.

    Units: hours on the road, begun hours late, minor units for each of those.
    """

    offer: Offer
    service: str
    hours: int
    late_h: int
    late_minor: int

    @property
    def score_minor(self) -> int:
        """Add up what it costs and what its lateness costs."""
        return self.offer.cost_minor + self.late_h * self.late_minor


class Sent(NamedTuple):
    """From where and when an order leaves, whoever takes it: worked out once for all of them.

    Units: `late_minor` minor units for each begun hour after the promise, as the policy of the order has it.
    """

    place: Place | None
    on: date
    leaves_at: datetime
    promised_at: datetime
    late_minor: int

    def late_h(self, hours: int) -> int:
        """Return the begun hours after the promise. Units: `hours` on the road."""
        return max(0, -(-(self.leaves_at + hours * HOUR - self.promised_at) // HOUR))


def bids(order: Order, parcel: Parcel, named: tuple[str, ...], facts: Facts) -> tuple[Bid, ...]:
    """Return what every allowed carrier and service comes to, best first; what costs other money is none."""
    carriers = facts.refs.carriers
    codes = named or tuple(sorted(code for code, one in carriers.items() if one.active))
    sent = _sent(order, facts)
    found = [
        bid
        for code in codes
        if (carrier := carriers.get(code)) is not None and carrier.currency == order.currency
        for bid in _of(carrier, order, parcel, sent, facts)
    ]
    return tuple(sorted(found, key=lambda bid: (bid.score_minor, bid.hours)))


def won(order: Order, parcel: Parcel, named: tuple[str, ...], facts: Facts) -> Carriage | None:
    """Return who takes an order by cost and time; None where nobody does."""
    best = next(iter(bids(order, parcel, named, facts)), None)
    way = best_way(order, parcel, facts, below=best.score_minor if best is not None else math.inf)
    if way is not None:
        return _over_lanes(way, best, facts)
    if best is None:
        return None
    known: dict[str, str | int | Text] = {"hours": best.hours, "late": best.late_h}
    in_time, late = N_("cheapest in time, {hours} h"), N_("cheapest with its lateness, {late} h late")
    why = Text(late if best.late_h else in_time, known)
    return carriage_of(best.offer, why, service=best.service)


def _over_lanes(way: tuple[Leg, ...], best: Bid | None, facts: Facts) -> Carriage:
    """Return the carriage of a way: who brings it to the door stands for it, and labels it."""
    last, cost = way[-1], sum(leg.cost_minor for leg in way)
    carrier = facts.refs.carriers[last.carrier]
    known: dict[str, str | int | Text] = {"way": way_said(way)}
    why = Text(N_("by {way}"), known)
    if best is not None:
        known["money"] = shown(best.score_minor - cost, carrier.currency)
        why = Text(N_("by {way}, {money} less than straight there"), known)
    return Carriage(
        carrier=carrier.code,
        service=last.service or usual_service(carrier),
        cost_minor=cost,
        currency=carrier.currency,
        why=why,
        route=way,
    )


def _of(carrier: Carrier, order: Order, parcel: Parcel, sent: Sent, facts: Facts) -> list[Bid]:
    region, on = order.region, sent.on
    if refusal(carrier, region, parcel, on) is not None or full(carrier, order, facts) is not None:
        return []
    found = []
    for service in carrier.services or ("",):
        cost = cost_minor(carrier, region, parcel, on, service=service)
        if cost is not None:
            hours = road_hours(carrier, region, parcel, on, service=service)
            hours = hours or _by_distance(order, sent, facts)
            offer = Offer(carrier=carrier, cost_minor=cost)
            found.append(Bid(offer, service, hours, sent.late_h(hours), sent.late_minor))
    return found


def _by_distance(order: Order, sent: Sent, facts: Facts) -> int:
    km = facts.refs.ways.atlas.km(sent.place.region, order.region) if sent.place is not None else None
    return transit_h(FAR_KM if km is None else km)


def _sent(order: Order, facts: Facts) -> Sent:
    refs = facts.refs
    place = refs.ways.place(order.warehouse, refs.warehouses, refs.shifts, refs.holidays)
    leaves = refs.ways.lanes(refs.carriers).leaves(place, facts.now)[0] if place is not None else facts.now
    policy = policy_of(order, facts)
    return Sent(place, today(order, facts), leaves, promised_at(order, facts), policy.late_minor)
