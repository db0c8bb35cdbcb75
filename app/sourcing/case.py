"""What an order wants, what a place that may send it has, and by which policy it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import msgspec

from app.domain.company import Warehouse
from app.domain.source_policy import SPLIT_MOST, Policy
from app.domain.values import Region
from app.domain.working_time import Calendar

__all__ = ["BATTERY", "SPLIT_MOST", "Order", "Place", "Policy", "Want", "place_of"]

BATTERY = 1
"""The bit of a parcel with batteries or other dangerous goods in it."""


class Want(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of an order. Units: pieces; grams and cm³ a piece.

    Lines of the same `together` travel in one parcel: the parts of a kit, a gift and what it comes with.
    Lines of another `apart` never travel with them: what is sold before it is there, what lies alone.
    """

    line: str
    sku: str
    qty: int
    weight_g: int = 0
    volume_cm3: int = 0
    has_battery: bool = False
    together: str = ""
    apart: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is decided about. Units: `value_minor` of the goods, in minor units."""

    id: str
    region: Region
    wants: tuple[Want, ...]
    value_minor: int = 0
    currency: str = "CNY"
    promised_at: datetime | None = None
    """When it shall be with the buyer."""
    is_cod: bool = False
    entity: str = ""
    """The legal entity that sells; empty: stock of any of them may be sent."""
    contract: str = ""
    customer: str = ""
    channel: str = ""
    shop: str = ""
    campaign: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A warehouse as it stands at a moment. `free`: pieces that may be promised, by article.

    Units: `handling_min` minutes from an order to a closed parcel; `parcels_left` today, None: no limit.
    """

    code: str
    region: Region
    free: Mapping[str, int] = {}
    cut_off: time = time(17, 0)
    zone: str = "Asia/Shanghai"
    handling_min: int = 120
    carriers: tuple[str, ...] = ()
    """Those it names; none named: all."""
    full: tuple[str, ...] = ()
    """Carriers that take no more parcels: their quota is used up."""
    by_cost: bool = True
    """The cheapest of them takes a parcel; else the first that does, with its usual service."""
    entity: str = ""
    parcels_left: int | None = None
    not_before: date | None = None
    """Its days before this one are full."""
    is_open: bool = True
    is_stopped: bool = False
    """Nothing is to be sent from there, somebody said (停发)."""
    calendar: Calendar = Calendar()


def place_of(warehouse: Warehouse, region: Region, calendar: Calendar) -> Place:
    """Return a warehouse as a place to send from, with nothing in it."""
    return Place(
        code=warehouse.code,
        region=region,
        cut_off=warehouse.cut_off,
        zone=warehouse.zone,
        handling_min=warehouse.handling_min,
        carriers=warehouse.carriers,
        by_cost=warehouse.by_cost,
        is_stopped=warehouse.is_stopped,
        entity=warehouse.entity,
        calendar=calendar,
    )
