"""Whoever shall take an order does not go there, and the next one is much dearer or there is none."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from app.carrying import is_carried, is_to_be_carried, next_offer, offer_by, offers_for
from app.command import Command, Facts
from app.commands.choose_carrier import ChooseCarrier
from app.commands.fix_address import FixAddress
from app.domain.carrier import Carrier, Offer, difference_said, place_said, point_near, region_of
from app.domain.clock import Wait
from app.domain.load import is_limited
from app.domain.order import Order
from app.quotas import full, today
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an order nobody carries where it goes; a company that has no carriers set up is asked nothing.

    Source: capabilities 15, carrier_unreachable.
    """
    if not facts.refs.carriers or not is_to_be_carried(order) or is_carried(order, facts):
        return None
    usual, other = usual_of(order, facts), next_offer(order, facts)
    rooms = (f"load:{one.code}" for one in _carriers(order, facts) if is_limited(one))
    waits_for = (f"warehouse:{order.warehouse}", *rooms)
    if usual is None or usual.why_not is None:
        return Finding(Text(N_("No carrier goes to {place}"), {"place": place_said(order.region)}), waits_for)
    if other is None:
        return Finding(Text(N_("{why}, and nobody else does"), {"why": usual.why_not}), waits_for)
    params: dict[str, str | int | Text] = {
        "why": usual.why_not, "carrier": other.carrier.code, "cost": difference_said(other, usual),
    }  # fmt: skip
    return Finding(Text(N_("{why}; {carrier} would: {cost}"), params), waits_for)


def usual_of(order: Order, facts: Facts) -> Offer | None:
    """Return who should take it: whom a person chose, else the first of the warehouse's list."""
    if order.carriage is not None:
        return offer_by(order.carriage.carrier, order, facts)
    return next(iter(offers_for(order, facts)), None)


def next_carrier(order: Order, facts: Facts) -> Command | None:
    """Let the first one take it that goes there."""
    offer = next_offer(order, facts)
    return ChooseCarrier(order=order.id, carrier=offer.carrier.code) if offer is not None else None


def to_pick_up(order: Order, facts: Facts) -> Command | None:
    """Send it to a place near the buyer where somebody goes to; name and phone stay."""
    found_at = point_near(order.region, _carriers(order, facts), today(order, facts))
    if found_at is None:
        return None
    _, point = found_at
    receiver = msgspec.structs.replace(order.receiver, street=point.street)
    return FixAddress(order=order.id, receiver=receiver, region=region_of(point))


def _carriers(order: Order, facts: Facts) -> tuple[Carrier, ...]:
    return tuple(offer.carrier for offer in offers_for(order, facts))


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Look again on the day after a stop that keeps it back ends, or after one that took enough parcels."""
    if order.snag("carrier_unreachable") is None:
        return None
    on, shop, carriers = today(order, facts), facts.shop_of(order), _carriers(order, facts)
    stops = (stop for carrier in carriers for stop in carrier.not_served)
    ends = [s.until_on for s in stops if s.until_on is not None and s.covers(order.region, on)]
    ends += [on for carrier in carriers if full(carrier, order, facts) is not None]
    if not ends:
        return None
    after = min(ends) + timedelta(days=1)
    return datetime.combine(after, time(), ZoneInfo(shop.zone if shop is not None else "UTC"))


KIND = Kind(
    code="carrier_unreachable",
    title=N_("No carrier goes there"),
    hint=N_("See who goes there and what it costs. Areas not served stand under Settings, Carriers."),
    severity="bad",
    rank=15,
    found=found,
    repairs=(
        Repair(
            "next_carrier",
            N_("Next carrier"),
            next_carrier,
            N_("Only the carrier and its cost change. It can be undone until the label is printed."),
            off=N_("No other carrier goes there"),
        ),
        Repair(
            "to_pick_up",
            N_("Pick-up point"),
            to_pick_up,
            N_("The buyer fetches it there: ask them first. It can be undone until picking begins."),
            off=N_("No pick-up point near"),
        ),
    ),
    stops=(Wait.CARRIER,),
    wake_at=wake_at,
)
