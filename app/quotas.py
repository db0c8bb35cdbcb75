"""Which orders count among the parcels a carrier may be given, and whether it takes another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from app.command import Facts, Refs
from app.domain import events as e
from app.domain.carrier import Carrier, Counted
from app.domain.load import Load, house_of, is_limited, load_key, why_full
from app.domain.order import LEFT, Order
from app.domain.values import Key
from app.text import Text


def today(order: Order, facts: Facts) -> date:
    """Return the date on the walls of its shop: stops and quotas end by it."""
    shop = facts.shop_of(order)
    return facts.now.astimezone(ZoneInfo(shop.zone if shop is not None else "UTC")).date()


def load_keys(refs: Refs) -> Iterator[Key]:
    """Name what is counted of the carriers and warehouses that have a limit."""
    yield from (load_key(code) for code, one in refs.carriers.items() if is_limited(one))
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
    was, carrier = order.counted, facts.refs.carriers.get(order.carriage.carrier)
    if was is not None and was.carrier == order.carriage.carrier:
        return was
    if carrier is None or not is_limited(carrier):
        return None
    return Counted(carrier=carrier.code, day=today(order, facts))
