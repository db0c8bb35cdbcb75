"""What follows for the carriage of an order after every change: who takes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from app.command import Facts
from app.domain import events as e
from app.domain.address import ACCEPT
from app.domain.carrier import (
    Carriage,
    Offer,
    allowed,
    carriage_of,
    chosen,
    is_dear,
    offer_of,
    offers,
    road_hours,
    way_of,
)
from app.domain.decision import Instead
from app.domain.effect import KINDS, EffectState
from app.domain.event import listed
from app.domain.freight import Parcel
from app.domain.money import shown
from app.domain.order import EDITABLE, Order, Status
from app.domain.paper import Paper
from app.domain.route import Leg, way_said
from app.domain.said_time import moment_said
from app.domain.scan import last_scan
from app.labelling import LABELLED, label_outcome, told_said
from app.quotas import full, today
from app.routes import other_ways, shut_lane
from app.tendering import won
from app.text import N_, Text

LABELS_MOST = 4
"""So many labels of one order are asked for before a person looks why nobody gives one."""
WAYS_TOLD = 3
"""So many ways that were not taken stand on the sheet of an order."""


def parcel_of(order: Order, facts: Facts) -> Parcel:
    """Return what is carried, and from where, as far as its articles are known."""
    goods = [(sku, line.qty) for line in order.lines if line.sku and (sku := facts.sku(line.sku)) is not None]
    return Parcel(
        weight_g=sum(sku.weight_g * qty for sku, qty in goods),
        volume_cm3=sum(sku.volume_cm3 * qty for sku, qty in goods),
        value_minor=order.total_minor,
        is_cod=order.is_cod,
        has_battery=any(sku.has_battery for sku, _ in goods),
        origin=_origin(order, facts),
        contract=_contract(order, facts),
    )


def _contract(order: Order, facts: Facts) -> str:
    shop = facts.shop_of(order)
    return shop.freight_contract if shop is not None else ""


def _origin(order: Order, facts: Facts) -> tuple[str, ...]:
    warehouse = facts.refs.warehouses.get(order.warehouse)
    return (warehouse.city,) if warehouse is not None else ()


def offers_for(order: Order, facts: Facts) -> tuple[Offer, ...]:
    """Return what each carrier of its warehouse says to an order, best first."""
    return tuple(_said_to(order, facts))


def _said_to(order: Order, facts: Facts) -> Iterator[Offer]:
    warehouse = facts.refs.warehouses.get(order.warehouse)
    named = warehouse.carriers if warehouse is not None else ()
    said = offers(order.region, named, facts.refs.carriers, parcel_of(order, facts), today(order, facts))
    return (_with_room(offer, order, facts) for offer in said)


def _with_room(offer: Offer, order: Order, facts: Facts) -> Offer:
    """Say of an offer that its carrier takes no more parcels, where that is so."""
    why_full = full(offer.carrier, order, facts) if offer.why_not is None else None
    return msgspec.structs.replace(offer, why_not=why_full) if why_full is not None else offer


def offer_by(code: str, order: Order, facts: Facts, service: str = "") -> Offer | None:
    """Return what one carrier says to an order, whether its warehouse names it or not.

    `service`: the usual one if not said.
    """
    carrier = facts.refs.carriers.get(code)
    if carrier is None:
        return None
    on = today(order, facts)
    offer = offer_of(carrier, order.region, parcel_of(order, facts), on, service=service or None)
    return _with_room(offer, order, facts)


def next_offer(order: Order, facts: Facts) -> Offer | None:
    """Return the first carrier that would take an order in the place of the one it has, or failed to get."""
    mine = order.carriage.carrier if order.carriage is not None else ""
    return next((one for one in allowed(offers_for(order, facts)) if one.carrier.code != mine), None)


def further_offer(order: Order, facts: Facts) -> Offer | None:
    """Return the first carrier behind the one it has that takes it."""
    said = offers_for(order, facts)
    mine = order.carriage.carrier if order.carriage is not None else ""
    at = next((i for i, one in enumerate(said) if one.carrier.code == mine), len(said))
    return next(iter(allowed(said[at + 1 :])), None)


def hours_of(carriage: Carriage | None, order: Order, facts: Facts) -> int:
    """Return how long an order is under way with somebody by their fares, 0 where none says. Units: hours."""
    carrier = facts.refs.carriers.get(carriage.carrier) if carriage is not None else None
    if carriage is None or carrier is None:
        return 0
    parcel, on = Parcel(origin=_origin(order, facts)), today(order, facts)
    return road_hours(carrier, order.region, parcel, on, service=carriage.service or None)


def faster(order: Order, facts: Facts) -> Carriage | None:
    """Return the cheapest carriage that is sooner there than the one it has, by the hours of the fares.

    Only what costs the same money: in other money nobody can tell how much more it is.
    """
    was, now_h = order.carriage, hours_of(order.carriage, order, facts)
    if was is None or not now_h:
        return None
    found: list[tuple[int, int, Carriage]] = []
    for code in dict.fromkeys((was.carrier, *(one.carrier.code for one in offers_for(order, facts)))):
        for service in facts.refs.carriers[code].services or ("",):
            offer = offer_by(code, order, facts, service)
            if offer is None or offer.why_not is not None or offer.carrier.currency != was.currency:
                continue
            other = carriage_of(offer, was.why, service=service)
            if 0 < (hours := hours_of(other, order, facts)) < now_h:
                found.append((other.cost_minor, hours, other))
    return min(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def is_to_be_carried(order: Order) -> bool:
    """Tell whether it is time to know who takes it: where from and where to are known, and may change."""
    return order.status in EDITABLE and bool(order.warehouse) and order.region.verdict == ACCEPT


def is_carried(order: Order, facts: Facts) -> bool:
    """Tell whether whoever shall take it still does."""
    if order.carriage is None:
        return False
    if order.carriage.route:
        return not shut_lane(order.carriage.route, facts)
    mine = offer_by(order.carriage.carrier, order, facts, order.carriage.service)
    return mine is not None and mine.why_not is None


def carrier_called(order: Order, facts: Facts) -> str:
    """Return the name of whoever takes it; empty while nobody is chosen."""
    return facts.refs.called("carrier", order.carriage.carrier) if order.carriage is not None else ""


def carriage_said(order: Order, facts: Facts) -> tuple[tuple[str, Text], ...]:
    """Say who takes an order, what that costs and why; a heading and a sentence each."""
    carriage = order.carriage
    if carriage is None:
        return ()
    params: dict[str, str | int | Text] = {
        "carrier": " ".join(filter(None, (carrier_called(order, facts), carriage.service))),
        "cost": shown(carriage.cost_minor, carriage.currency),
        "why": facts.refs.named(carriage.why),
    }  # fmt: skip
    said = [(N_("Carrier"), Text(N_("{carrier}, {cost}: {why}"), params))]
    said += ways_said(order, facts)
    if order.waybill is not None and label_outcome(order) is None:
        said.append((KINDS["label"], Text(N_("asked for, not answered yet"))))
    return tuple(said)


def ways_said(order: Order, facts: Facts) -> Iterator[tuple[str, Text]]:
    """Say over which lanes an order goes and when, and what speaks against other ways."""
    route = order.carriage.route if order.carriage is not None else ()
    shop = facts.shop_of(order)
    zone = shop.zone if shop is not None else "UTC"
    if route:
        yield N_("Way"), listed([_leg_said(leg, zone) for leg in route])
    if order.status in EDITABLE and is_to_be_carried(order):
        parcel = parcel_of(order, facts)
        for way in other_ways(order, parcel, facts)[:WAYS_TOLD]:
            if way.why_not is not None:
                yield N_("Not taken"), Text("{way}: {why}", {"way": way_said(way.legs), "why": way.why_not})


def _leg_said(leg: Leg, zone: str) -> Text:
    at = moment_said(leg.leaves_at, zone)
    known: dict[str, str | int | Text] = {"lane": leg.lane, "start": leg.start, "end": leg.end, "at": at}
    return Text(N_("{lane} {start} → {end}, leaves {at}"), known)


def scans_said(order: Order, facts: Facts) -> tuple[tuple[str, Text], ...]:
    """Say where the parcel was seen last; a heading and a sentence."""
    last, shop = last_scan(order.scans), facts.shop_of(order)
    if last is None:
        return ()
    at = moment_said(last.at, shop.zone if shop is not None else "UTC")
    return ((N_("Last news"), Text(N_("{what}, {at}"), {"what": e.scan_said(last), "at": at})),)


def journey_said(order: Order, facts: Facts) -> tuple[tuple[str, Text], ...]:
    """Say what is known of the way of a parcel: who takes it, where it was seen, what its channel knows."""
    said = (*carriage_said(order, facts), *scans_said(order, facts))
    return (*said, *told_said(order, facts.order))


def carried(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield who takes an order once it is known where it leaves from; without any carrier nobody is chosen.

    What a person chose stays, and so does whoever takes a released order, as long as they go there.
    """
    if not facts.refs.carriers or not is_to_be_carried(order):
        return
    was = order.carriage
    stays = was is not None and (was.by or order.status is Status.RELEASED)
    if stays and (is_carried(order, facts) or (was is not None and was.by)):
        return
    now = _chosen(order, facts)
    if was is not None and now is not None and _is_same(was, now, facts):
        return
    if was is not None and now is not None and (lane := shut_lane(was.route, facts)):
        why = Text(N_("lane {lane} is closed: {why}"), {"lane": lane, "why": now.why})
        now = msgspec.structs.replace(now, why=why, left=lane)
    if now != was:
        yield e.CarrierChosen(order=order.id, carriage=now, instead=instead_of(order, now, facts))


def instead_of(
    order: Order, now: Carriage | None, facts: Facts, there: Order | None = None
) -> Instead | None:
    """Return what carrier or way another one replaces. `there`: the order as it leaves from elsewhere."""
    was = order.carriage
    if was is None or now is None or way_of(was) == way_of(now):
        return None
    hours, before_h = _under_way_h(now, there or order, facts), _under_way_h(was, order, facts)
    return Instead(
        before=way_of(was),
        why=now.why,
        extra_minor=now.cost_minor - was.cost_minor if now.currency == was.currency else None,
        extra_h=hours - before_h if hours and before_h else None,
        currency=now.currency,
    )


def _under_way_h(carriage: Carriage, order: Order, facts: Facts) -> int:
    """Return how long a way takes by its lanes, else by fares; 0 where nobody says. Units: begun hours."""
    if not carriage.route:
        return hours_of(carriage, order, facts)
    return -((carriage.route[0].leaves_at - carriage.route[-1].arrives_at) // timedelta(hours=1))


def moved(order: Order, warehouse: str, facts: Facts) -> Iterator[e.Event]:
    """Yield who takes an order that shall leave from another warehouse, and what that costs from there.

    Whom a person chose stays, at the fare from there; else it is asked anew, released or not.
    """
    was, there = order.carriage, msgspec.structs.replace(order, warehouse=warehouse)
    if was is None or not is_to_be_carried(there):
        return
    now: Carriage | None = was
    if not was.by:
        now = _chosen(there, facts)
    elif (offer := offer_by(was.carrier, there, facts, was.service)) is not None and offer.why_not is None:
        now = carriage_of(offer, was.why, service=was.service, by=was.by)
    if now != was:
        yield e.CarrierChosen(order=order.id, carriage=now, instead=instead_of(order, now, facts, there))


def _is_same(was: Carriage, now: Carriage, facts: Facts) -> bool:
    """Tell whether a way that was planned still stands: the same lanes, and it has not left without it."""
    if not now.route:
        return bool(was.left) and was == msgspec.structs.replace(now, why=was.why, left=was.left)
    lanes, before = ([(leg.carrier, leg.lane) for leg in one.route] for one in (now, was))
    return lanes == before and was.route[0].leaves_at >= facts.now


def _chosen(order: Order, facts: Facts) -> Carriage | None:
    house = facts.refs.warehouses.get(order.warehouse)
    if house is not None and house.by_cost:
        return won(order, parcel_of(order, facts), house.carriers, facts)
    return chosen(_said_to(order, facts), facts.rules.carrier_extra_minor)


def passed_on(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that the next carrier takes a parcel whose label was refused, and why.

    Whom a person chose stays, and so does a label that is printed; where nobody knows what became of a label,
    or the next one costs much more than the usual, a person is asked.
    Source: capabilities 6.6, a label failure takes the next carrier without a person and is logged.
    """
    was, outcome = order.carriage, label_outcome(order)
    if not facts.at_hub or was is None or was.by or order.status not in LABELLED:
        return
    if outcome is None or outcome.state is not EffectState.REJECTED:
        return
    if order.prints.get(Paper.LABEL, 0) or order.waybills >= LABELS_MOST:
        return
    offer, usual = further_offer(order, facts), offers_for(order, facts)[:1]
    if offer is None or is_dear(offer, usual[0], facts.rules.carrier_extra_minor):
        return
    why = Text(N_("no label of {carrier}: {text}"), {"carrier": was.carrier, "text": outcome.text})
    now = carriage_of(offer, why)
    yield e.CarrierChosen(order=order.id, carriage=now, instead=instead_of(order, now, facts))
