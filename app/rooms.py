"""How many parcels a warehouse sends on a day: a parcel has its place like a piece of stock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.command import Facts
from app.domain import events as e
from app.domain.carrier import Counted
from app.domain.company import Warehouse
from app.domain.load import Load, house_of, load_key, moved
from app.domain.order import EDITABLE, LEFT, Order

DAY = timedelta(days=1)
AHEAD_D = 30
"""No parcel is put off further than this: then it goes on the last of these days, beyond what is allowed."""


def first_day(house: Warehouse, order: Order, day: date, facts: Facts) -> date:
    """Return the first day from one on with room for another parcel; an order keeps the place it has."""
    if house.parcels_a_day <= 0:
        return day
    row = facts.row(load_key(house_of(house.code)))
    load = row if isinstance(row, Load) else Load(carrier=house_of(house.code))
    others = moved(load, order.room, None, day)
    days = (day + n * DAY for n in range(AHEAD_D))
    return next((one for one in days if others.on(one) < house.parcels_a_day), day + AHEAD_D * DAY)


def roomed(order: Order, facts: Facts) -> Iterator[e.Event]:
    """Yield that an order has its place on the day it leaves; what left keeps it. Only the hub counts."""
    if not facts.at_hub:
        return
    was, now = order.room, _place(order, facts)
    if now != was:
        yield e.RoomCounted(order=order.id, was=was, now=now, on=facts.now.date())


def _place(order: Order, facts: Facts) -> Counted | None:
    if order.status in LEFT:
        return None
    if order.status not in EDITABLE:
        return order.room
    house = facts.refs.warehouses.get(order.warehouse)
    leaves = leaving(order)
    if house is None or house.parcels_a_day <= 0 or not order.reserved or leaves is None:
        return None
    day = leaves.astimezone(ZoneInfo(house.zone)).date()
    was = order.room
    return (
        was
        if was is not None and was.carrier == house_of(house.code)
        else Counted(carrier=house_of(house.code), day=day)
    )


def leaving(order: Order) -> datetime | None:
    """Return when its parcel leaves, by what was decided."""
    parcels = order.sourced.parcels if order.sourced is not None else ()
    return next((parcel.leaves_at for parcel in parcels if parcel.place == order.warehouse), None)
