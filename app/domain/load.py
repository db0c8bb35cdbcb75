"""What carriers were given, in one row each: parcels by day, and by lane and day, so that limits hold.

It works like a shelf: of two orders that take the last place at once, the second sees what the first took.
Source: capabilities 6.6, quota of a contract; 6.7, capacity a day of a lane.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from app.domain.carrier import Carrier, Counted, lane_named
from app.domain.values import Key
from app.text import N_, Text

KEPT = timedelta(days=62)
"""How long it is remembered what a day took: a month counts to its end."""


LANES = "*"
"""The row in which all lanes are counted, of whatever carrier."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Parcels given to a carrier, by slot: a day, or a lane and a day."""

    carrier: str
    slots: dict[str, int] = {}

    def on(self, day: date) -> int:
        """Return how many parcels a day took."""
        return self.slots.get(slot_of(day), 0)

    def in_month(self, day: date) -> int:
        """Return how many parcels the month of a day took."""
        month = f"{day:%Y-%m}-"
        return sum(count for slot, count in self.slots.items() if slot.startswith(month))


def load_key(carrier: str) -> Key:
    """Name the row of what a carrier was given."""
    return ("load", carrier)


def house_of(warehouse: str) -> str:
    """Name a warehouse among those who are given parcels; no carrier is called so."""
    return f"house/{warehouse}"


def slot_of(day: date, lane: str = "") -> str:
    """Name a day, or a lane on a day."""
    return f"{lane}/{day.isoformat()}" if lane else day.isoformat()


def slots_of(counted: Counted) -> dict[str, tuple[str, ...]]:
    """Name every slot an order stands in, by the row it is counted in."""
    rows: dict[str, tuple[str, ...]] = {LANES: counted.lanes} if counted.lanes else {}
    return rows | {counted.carrier: (slot_of(counted.day),)} if counted.carrier else rows


def moved(load: Load, was: Counted | None, now: Counted | None, on: date) -> Load:
    """Let an order stand in other slots of a carrier, and forget what is long over."""
    slots = dict(load.slots)
    for counted, by in ((was, -1), (now, 1)):
        for slot in slots_of(counted).get(load.carrier, ()) if counted is not None else ():
            slots[slot] = slots.get(slot, 0) + by
    since = (on - KEPT).isoformat()
    kept = {slot: count for slot, count in slots.items() if count and slot.rpartition("/")[2] >= since}
    return Load(carrier=load.carrier, slots=dict(sorted(kept.items())))


def lane_slot(carrier: str, lane: str, day: date) -> str:
    """Name a lane of a carrier on a day."""
    return slot_of(day, lane_named(carrier, lane))


def is_limited(carrier: Carrier) -> bool:
    """Tell whether somebody has to count what a carrier is given."""
    return carrier.daily_quota > 0 or carrier.monthly_quota > 0


def why_full(carrier: Carrier, load: Load | None, mine: Counted | None, on: date) -> Text | None:
    """Say that a carrier takes no more parcels; `mine` is what the order that asks stands in already."""
    if load is None or not is_limited(carrier):
        return None
    others = load if mine is None else moved(load, mine, None, on)
    known: dict[str, str | int | Text] = {"carrier": carrier.code}
    if 0 < carrier.daily_quota <= others.on(on):
        return Text(N_("{carrier} takes no more parcels today"), known)
    if 0 < carrier.monthly_quota <= others.in_month(on):
        return Text(N_("{carrier} takes no more parcels this month"), known)
    return None
