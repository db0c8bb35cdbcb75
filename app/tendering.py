"""Who takes an order where cost and time decide, and not the order of a list.

Every carrier and service that is allowed is asked; what it costs and what its lateness costs are added up.
Source: capabilities 6, carrier after warehouse; 6.6.
"""

from __future__ import annotations

from typing import NamedTuple

from app.choosing import PLAIN, promised_at
from app.command import Facts
from app.domain.carrier import Carriage, Carrier, Offer, carriage_of, offer_of, road_hours, usual_service
from app.domain.distance import transit_h
from app.domain.freight import Parcel
from app.domain.money import shown
from app.domain.order import Order
from app.domain.route import Leg, way_said
from app.quotas import full, today
from app.routes import best_way
from app.sourcing.case import Place
from app.sourcing.lanes import FAR_KM, HOUR, leaves_at
from app.text import N_, Text


class Bid(NamedTuple):
    """One carrier and service for one order. Units: hours on the road, begun hours late; minor units."""

    offer: Offer
    service: str
    hours: int
    late_h: int

    @property
    def score_minor(self) -> int:
        """Add up what it costs and what its lateness costs."""
        return self.offer.cost_minor + self.late_h * PLAIN.late_minor


def bids(order: Order, parcel: Parcel, named: tuple[str, ...], facts: Facts) -> tuple[Bid, ...]:
    """Return what every allowed carrier and service comes to, best first; what costs other money is none."""
    carriers = facts.refs.carriers
    codes = named or tuple(sorted(code for code, one in carriers.items() if one.active))
    found = [
        bid
        for code in codes
        if (carrier := carriers.get(code)) is not None and carrier.currency == order.currency
        for bid in _of(carrier, order, parcel, facts)
    ]
    return tuple(sorted(found, key=lambda bid: (bid.score_minor, bid.hours)))


def won(order: Order, parcel: Parcel, named: tuple[str, ...], facts: Facts) -> Carriage | None:
    """Return who takes an order by cost and time; None where nobody does."""
    best = next(iter(bids(order, parcel, named, facts)), None)
    way = best_way(order, parcel, facts)
    if way is not None and (best is None or sum(leg.cost_minor for leg in way) < best.score_minor):
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


def _of(carrier: Carrier, order: Order, parcel: Parcel, facts: Facts) -> list[Bid]:
    on = today(order, facts)
    found = []
    for service in carrier.services or ("",):
        offer = offer_of(carrier, order.region, parcel, on, service=service)
        if offer.why_not is None and full(carrier, order, facts) is None:
            told = road_hours(carrier, order.region, parcel, on, service=service)
            hours = told or _by_distance(order, facts)
            found.append(Bid(offer, service, hours, _late_h(order, hours, facts)))
    return found


def _by_distance(order: Order, facts: Facts) -> int:
    place = _place(order, facts)
    km = facts.refs.ways.atlas.km(place.region, order.region) if place is not None else None
    return transit_h(FAR_KM if km is None else km)


def _late_h(order: Order, hours: int, facts: Facts) -> int:
    place = _place(order, facts)
    leaves = leaves_at(place, facts.now) if place is not None else facts.now
    over = leaves + hours * HOUR - promised_at(order, facts)
    return max(0, -(-over // HOUR))


def _place(order: Order, facts: Facts) -> Place | None:
    refs = facts.refs
    return refs.ways.place(order.warehouse, refs.warehouses, refs.shifts, refs.holidays)
