"""Which orders count among the parcels a carrier may be given, and whether it takes another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.command import Facts, Refs
from app.domain import events as e
from app.domain.carrier import Carrier, Counted
from app.domain.company import today_of
from app.domain.load import LANES, Load, house_of, is_limited, lane_slot, load_key, why_full
from app.domain.order import LEFT, Order
from app.domain.route import Leg
from app.domain.values import Key
from app.text import Text


def today(order: Order, facts: Facts) -> date:
    """Return the date on the walls of its shop."""
    return today_of(facts.shop_of(order), facts.now)


def load_keys(refs: Refs) -> Iterator[Key]:
    """Name what is counted of the carriers, lanes and warehouses that have a limit."""
    yield from (load_key(code) for code, one in refs.carriers.items() if is_limited(one))
    if any(lane.most for one in refs.carriers.values() for lane in one.lanes):
        yield load_key(LANES)
    houses = refs.warehouses.items()
    yield from (load_key(house_of(code)) for code, house in houses if house.parcels_a_day > 0)


def full(carrier: Carrier, order: Order, facts: Facts) -> Text | None:
    """Say that a carrier takes no more parcels; an order that counts already keeps its place."""
    if not is_limited(carrier):
        return None
    row = facts.row(load_key(carrier.code))
    load = row if isinstance(row, Load) else Load(carrier=carrier.code)
    return why_full(carrier, load, order.counted, today(order, facts))


def counted(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that an order counts with whoever takes it, from the day it was given to them.

    What is called off or goes on as another order gives its place back; what left keeps it. Only the hub
    counts: it knows who was first.
    """
    if not facts.at_hub:
        return
    was, now = order.counted, _place(order, facts)
    if now != was:
        yield e.ParcelCounted(order=order.id, was=was, now=now, on=today(order, facts))


def _place(order: Order, facts: Facts) -> Counted | None:
    if order.status in LEFT or order.carriage is None:
        return None
    was, carriage = order.counted, order.carriage
    lanes = tuple(
        lane_slot(leg.carrier, leg.lane, leg.on) for leg in carriage.route if _is_counted(leg, facts)
    )
    carrier = facts.refs.carriers.get(carriage.carrier)
    stays = was is not None and was.carrier == carriage.carrier
    code = carriage.carrier if stays or (carrier is not None and is_limited(carrier)) else ""
    if not code and not lanes:
        return None
    day = was.day if was is not None and was.carrier == code else today(order, facts)
    return Counted(carrier=code, day=day, lanes=lanes)


def _is_counted(leg: Leg, facts: Facts) -> bool:
    carrier = facts.refs.carriers.get(leg.carrier)
    return carrier is not None and any(lane.code == leg.lane and lane.most for lane in carrier.lanes)
