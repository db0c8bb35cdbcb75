"""Where an order is sent from: its case put to the exact minimum, by desk and hub alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from app.command import Facts
from app.domain import sourcing
from app.domain.catalogue import Sku
from app.domain.company import today_of
from app.domain.decision import Decision
from app.domain.order import Line, Order
from app.domain.source_policy import Asked, Policy, policy_for
from app.domain.sourcing import Free
from app.domain.values import Region
from app.quotas import full
from app.rooms import first_day
from app.sourcing import case
from app.sourcing.deciding import decide
from app.sourcing.lanes import Lanes, leaves_at, local_day
from app.sourcing.override import Override, compared

PLAIN = Policy(code="plain", split_most=0)
"""What decides where the company has said nothing: nothing is split without being asked."""
GIFT, KIT, LATER = "gift", "kit:", "later"


def decided(
    order: Order, facts: Facts, free: Free, *, among: Collection[str] | None = None, whole: bool = False
) -> Decision:
    """Return where an order is best sent from, and what speaks against every other place.

    `among`: only these warehouses; `whole`: in one parcel or not at all. Where no carrier takes it, it is
    promised as if everybody did: who carries it is a question of its own.
    """
    return _decided(order, facts, places_of(order, facts, free, among), whole=whole)


def where_whole(order: Order, facts: Facts, free: Free, *, whole: bool) -> Decision | None:
    """Return where an order is best sent from; None, and no search, where no place has all."""
    places = places_of(order, facts, free)
    wants = sourcing.wanted(order).items()
    if any(all(place.free[sku] >= qty for sku, qty in wants) for place in places):
        return _decided(order, facts, places, whole=whole)
    return None


def _decided(order: Order, facts: Facts, places: tuple[case.Place, ...], *, whole: bool) -> Decision:
    refs = facts.refs
    bought, policy = asked_as(order, facts, whole=whole)
    if not refs.carriers:
        return _uncarried(bought, places, policy, facts)
    decision = decide(bought, places, policy, refs.ways.lanes(refs.carriers), facts.now)
    if decision.is_whole or not _is_somewhere(order, places):
        return decision
    uncarried = _uncarried(bought, places, policy, facts)
    return uncarried if uncarried.is_whole else decision


def asked_as(order: Order, facts: Facts, *, whole: bool) -> tuple[case.Order, Policy]:
    """Return an order as what is decided about, and by which policy."""
    bought, policy = case_of(order, facts), policy_of(order, facts)
    if policy.lends:
        bought = msgspec.structs.replace(bought, entity="")
    return bought, _undivided(policy) if whole or order.made_from else policy


@lru_cache(maxsize=64)
def _undivided(policy: Policy) -> Policy:
    return msgspec.structs.replace(policy, split_most=0)


def _is_somewhere(order: Order, places: tuple[case.Place, ...]) -> bool:
    """Tell whether everything is there, be it in several places."""
    free = {place.code: place.free for place in places}
    return sourcing.apart(order, free, lambda place, sku: free[place][sku])


def _uncarried(bought: case.Order, places: tuple[case.Place, ...], policy: Policy, facts: Facts) -> Decision:
    lanes: Lanes = facts.refs.ways.unpriced(bought.region.country, bought.currency)
    anybody = tuple(msgspec.structs.replace(place, carriers=()) for place in places)
    return decide(bought, anybody, policy, lanes, facts.now)


def policy_of(order: Order, facts: Facts) -> Policy:
    """Return the policy an order falls under today."""
    policies = facts.refs.source_policies
    if not policies:
        return PLAIN
    shop = facts.shop_of(order)
    asked = Asked(
        customer=order.customer,
        channels=frozenset((shop.channel if shop is not None else "", order.shop)),
        skus=[line.sku for line in order.lines if line.qty > 0 and line.sku],
    )
    on = today_of(shop, facts.now)
    return policy_for(policies.values(), asked, on) or PLAIN


def elsewhere(order: Order, facts: Facts, warehouse: str) -> Override | None:
    """Return what it would change to send an order from another place, None where it cannot be.

    That place must have everything, and be carried from if the one that sends it now is.
    Source: capabilities 6.3.
    """
    rules = facts.rules
    instead = decided(order, facts, facts.free, among={warehouse}, whole=True)
    if not instead.is_whole:
        return None
    here = decided(order, facts, with_own(order, facts), among={order.warehouse}, whole=True)
    if _is_carried(here) and not _is_carried(instead):
        return None
    return compared(here, instead, rules.other_place_minor, rules.other_place_h)


def _is_carried(decision: Decision) -> bool:
    return any(parcel.carrier for parcel in decision.parcels)


def by_hand(order: Order, facts: Facts, other: Override, reason: str) -> Decision:
    """Return what is written down of a place somebody chose, beside all others that might have sent it."""
    everywhere = decided(order, facts, with_own(order, facts), whole=True)
    sendings = tuple(
        msgspec.structs.replace(mine, candidates=all_of.candidates)
        for mine, all_of in zip(other.instead.sendings, everywhere.sendings, strict=True)
    )
    return msgspec.structs.replace(
        other.instead,
        sendings=sendings,
        by=facts.by.user,
        reason=reason,
        extra_minor=other.extra_minor,
        extra_h=other.extra_h,
    )


def next_place(order: Order, facts: Facts) -> str:
    """Return the cheapest place with everything that has not said no to an order, or ""."""
    no = {refusal.warehouse for refusal in order.refusals} | {order.warehouse}
    there = [code for code in facts.warehouses_of(order) if code not in no]
    decision = decided(order, facts, facts.free, among=there, whole=True)
    return decision.parcels[0].place if decision.is_whole else ""


def with_own(order: Order, facts: Facts) -> Free:
    """Count what an order holds itself as free to it."""
    held = Counter({(item.warehouse, item.sku): 0 for item in order.reserved})
    for item in order.reserved:
        held[item.warehouse, item.sku] += item.qty
    return lambda warehouse, sku: facts.free(warehouse, sku) + held[warehouse, sku]


def places_of(
    order: Order, facts: Facts, free: Free, among: Collection[str] | None = None
) -> tuple[case.Place, ...]:
    """Return the warehouses of its shop as they stand now, with what of its articles is free there."""
    refs = facts.refs
    skus = sourcing.wanted(order)
    found = []
    shop = facts.shop_of(order)
    used_up = tuple(code for code, one in refs.carriers.items() if full(one, order, facts) is not None)
    for code in shop.warehouses if shop is not None else ():
        place = refs.ways.place(code, refs.warehouses, refs.shifts, refs.holidays)
        if place is None or (among is not None and code not in among):
            continue
        place = msgspec.structs.replace(place, free={sku: free(code, sku) for sku in skus}, full=used_up)
        found.append(_with_room(place, order, facts))
    return tuple(found)


def _with_room(place: case.Place, order: Order, facts: Facts) -> case.Place:
    """Put a place off to the first day on which it has room for another parcel."""
    house = facts.refs.warehouses[place.code]
    if house.parcels_a_day <= 0:
        return place
    day = local_day(place, leaves_at(place, facts.now))
    first = first_day(house, order, day, facts)
    return place if first == day else msgspec.structs.replace(place, not_before=first)


def case_of(order: Order, facts: Facts) -> case.Order:
    """Put an order as what is decided about."""
    shop, region = facts.shop_of(order), order.region
    return case.Order(
        id=order.id,
        region=Region(
            country=region.country, province=region.province, city=region.city, district=region.district
        ),
        wants=tuple(_wants(order, facts)),
        value_minor=order.total_minor,
        currency=order.currency,
        promised_at=promised_at(order, facts),
        is_cod=order.is_cod,
        contract=shop.freight_contract if shop is not None else "",
        customer=order.customer,
        entity=shop.entity if shop is not None else "",
        channel=shop.channel if shop is not None else "",
        shop=order.shop,
    )


def promised_at(order: Order, facts: Facts) -> datetime:
    """Return when the buyer counts with the parcel: what its channel says of sending it, and the way."""
    rules = facts.rules
    leaves = order.ship_by_at or order.ordered_at + timedelta(hours=rules.ship_within_h)
    return leaves + timedelta(days=rules.delivery_days)


def _wants(order: Order, facts: Facts) -> Iterable[case.Want]:
    """Say what lines want; what costs nothing is a gift and travels with the first line that does.

    The parts of a kit travel together; what is sold before it is there travels apart.
    Source: capabilities 6, kits together, pre-sale apart.
    """
    lines, later = order.lines, order.awaits.later if order.awaits is not None else ()
    main = next((line for line in lines if line.qty and line.unit_price_minor), None)
    has_gifts = main is not None and any(map(_is_gift, lines))
    lead = (_kit_of(main) if main is not None else "") or GIFT
    for line in lines:
        if line.qty > 0 and line.sku:
            is_bound = has_gifts and (line is main or _is_gift(line))
            together, apart = lead if is_bound else _kit_of(line), LATER if line.sku in later else ""
            yield _want(line, facts.sku(line.sku), together, apart)


def _is_gift(line: Line) -> bool:
    """Tell whether a line costs nothing by itself: what is in a kit was paid with the kit."""
    return bool(line.qty) and not line.unit_price_minor and line.kit is None


def _kit_of(line: Line) -> str:
    return f"{KIT}{line.kit.line}" if line.kit is not None else ""


def _want(line: Line, sku: Sku | None, together: str, apart: str) -> case.Want:
    if sku is None:
        return case.Want(line=line.id, sku=line.sku, qty=line.qty, together=together, apart=apart)
    return case.Want(
        line=line.id,
        sku=line.sku,
        qty=line.qty,
        weight_g=sku.weight_g,
        volume_cm3=sku.volume_cm3,
        has_battery=sku.has_battery,
        together=together,
        apart=apart,
    )
