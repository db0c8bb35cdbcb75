"""The way of an order over lanes: which there are, the cheapest in time, and why not the others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from app.choosing import promised_at
from app.command import Facts
from app.domain.carrier import Carrier, lane_named, refusal
from app.domain.freight import Parcel
from app.domain.load import LANES, Load, lane_slot, load_key, moved
from app.domain.order import Order
from app.domain.route import Leg, Line, Network, Way
from app.domain.values import Region
from app.quotas import full, today
from app.sourcing.case import Place

AIM = ""
"""What the door of the buyer is called in a network."""


def best_way(
    order: Order, parcel: Parcel, facts: Facts, *, below: float = math.inf
) -> tuple[Leg, ...] | None:
    """Return the cheapest way over lanes that keeps the promise; None where there is none.

    Units: `below` minor units; what costs so much or more is none.

    Source: capabilities 6.7.
    """
    starts = _starts(order, facts)
    lanes = (lane for carrier in facts.refs.carriers.values() for lane in carrier.lanes)
    if not any(lane.start in starts and lane.cost_minor < below for lane in lanes):
        return None
    network, ready = _network(order, parcel, facts), facts.now + _handling(order, facts)
    return network.cheapest(starts, AIM, ready, promised_at(order, facts), below=below)


def other_ways(order: Order, parcel: Parcel, facts: Facts) -> tuple[Way, ...]:
    """Return the ways an order does not go, each with its reason."""
    if not any(one.lanes for one in facts.refs.carriers.values()):
        return ()
    network, ready = _network(order, parcel, facts), facts.now + _handling(order, facts)
    starts, promised, carriage = _starts(order, facts), promised_at(order, facts), order.carriage
    taken = carriage.route if carriage is not None else ()
    is_priced = carriage is not None and carriage.currency == order.currency
    best = carriage.cost_minor if carriage is not None and is_priced else None
    return network.others(starts, AIM, ready, promised, taken, best, order.currency)


def shut_lane(route: tuple[Leg, ...], facts: Facts) -> str:
    """Return the first lane of a way that is closed or gone; empty where all of them run."""
    for leg in route:
        carrier = facts.refs.carriers.get(leg.carrier)
        lanes = {lane.code: lane for lane in carrier.lanes} if carrier is not None and carrier.active else {}
        if leg.lane not in lanes or not lanes[leg.lane].is_open:
            return lane_named(leg.carrier, leg.lane)
    return ""


def _network(order: Order, parcel: Parcel, facts: Facts) -> Network:
    key = load_key(LANES)
    row = facts.changed.get(key, facts.rows.get(key))
    load = row if isinstance(row, Load) else Load(carrier=LANES)
    others = load if order.counted is None else moved(load, order.counted, None, today(order, facts))

    def has_room(line: Line, on: date) -> bool:
        return others.slots.get(lane_slot(line.carrier, line.lane.code, on), 0) < line.lane.most

    place = _place(order, facts)
    return Network(_lines(order, parcel, facts), has_room, place.zone if place is not None else "UTC")


def _lines(order: Order, parcel: Parcel, facts: Facts) -> Iterator[Line]:
    on = today(order, facts)
    for carrier in facts.refs.carriers.values():
        if not carrier.lanes or carrier.currency != order.currency:
            continue
        if refusal(carrier, order.region, parcel, on) is None and full(carrier, order, facts) is None:
            ends = _ends(carrier, order.region)
            yield from (
                Line(lane, carrier.code, AIM if lane.end in ends else lane.end) for lane in carrier.lanes
            )


def _ends(carrier: Carrier, region: Region) -> frozenset[str]:
    """Name the ends of lanes that are the door of somewhere: its city, its province, a zone they are in."""
    here = {region.city, region.province} - {""}
    zones = (name for name, places in carrier.tariff.zones.items() if not here.isdisjoint(places))
    return frozenset({*here, *zones})


def _starts(order: Order, facts: Facts) -> tuple[str, ...]:
    house = facts.refs.warehouses.get(order.warehouse)
    return (house.code, house.city) if house is not None else ()


def _handling(order: Order, facts: Facts) -> timedelta:
    place = _place(order, facts)
    return timedelta(minutes=place.handling_min if place is not None else 0)


def _place(order: Order, facts: Facts) -> Place | None:
    refs = facts.refs
    return refs.ways.place(order.warehouse, refs.warehouses, refs.shifts, refs.holidays)
