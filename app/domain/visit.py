"""Installation visits (上门安装): who comes when, how many a part of a day takes, where an outlet goes.

A slot is an outlet, a day and a part of it. What is booked stands in one row of the outlet, so two who book
the last place at once are decided one after the other.
Source: capabilities 8; DECISIONS 90.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from app.domain.said_time import day_said
from app.domain.values import Key, Region
from app.text import N_, Text

LOOKED_AHEAD = 60
"""So far ahead a free slot is looked for, and a visit may be planned. Units: days."""
KEPT = timedelta(days=31)
"""How long it is remembered who was visited."""


class Part(StrEnum):
    """A part of a day."""

    MORNING = "am"
    AFTERNOON = "pm"


PART_TITLES: dict[Part, str] = {Part.MORNING: N_("morning"), Part.AFTERNOON: N_("afternoon")}


class Area(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an outlet comes to, as far down as it is named."""

    province: str
    city: str = ""
    district: str = ""

    def covers(self, region: Region) -> bool:
        """Tell whether somewhere is inside."""
        return (
            self.province == region.province
            and self.city in ("", region.city)
            and self.district in ("", region.district)
        )


class Outlet(msgspec.Struct, frozen=True, kw_only=True):
    """Who installs: where, on which weekdays (Monday is 0), how many visits each part of a day takes."""

    code: str
    title: str
    areas: tuple[Area, ...]
    per_part: int = 3
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    active: bool = True
    rev: int = 0

    def serves(self, region: Region) -> bool:
        """Tell whether somebody comes to a place."""
        return self.active and any(area.covers(region) for area in self.areas)


class Visit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One visit of an order."""

    outlet: str
    day: date
    part: Part
    planned_by: str
    planned_at: datetime
    is_done: bool = False

    @property
    def slot(self) -> str:
        """Name the slot in the bookings of its outlet."""
        return slot_of(self.day, self.part)


class Bookings(msgspec.Struct, frozen=True, kw_only=True):
    """What is booked at an outlet: orders by slot, whoever came first stands first."""

    outlet: str
    slots: dict[str, tuple[str, ...]] = {}

    def place(self, slot: str, order: str) -> int:
        """Return the place of an order in a slot, 0 is the first; behind all where it is not in it."""
        booked = self.slots.get(slot, ())
        return booked.index(order) if order in booked else len(booked)


def bookings_key(outlet: str) -> Key:
    """Name the row of what is booked at an outlet."""
    return ("bookings", outlet)


def slot_of(day: date, part: Part) -> str:
    """Name a slot."""
    return f"{day.isoformat()}/{part.value}"


def booked(bookings: Bookings, order: str, visit: Visit | None, on: date) -> Bookings:
    """Put an order into a slot, or into none, and forget what is long over."""
    since = (on - KEPT).isoformat()
    slots = {
        name: kept
        for name, orders in bookings.slots.items()
        if name >= since and (kept := tuple(one for one in orders if one != order))
    }
    if visit is not None and visit.outlet == bookings.outlet:
        slots[visit.slot] = (*slots.get(visit.slot, ()), order)
    return Bookings(outlet=bookings.outlet, slots=dict(sorted(slots.items())))


def is_free(outlet: Outlet, bookings: Bookings | None, day: date, part: Part, order: str) -> bool:
    """Tell whether an order finds room in a slot."""
    if day.weekday() not in outlet.days:
        return False
    known = bookings or Bookings(outlet=outlet.code)
    return known.place(slot_of(day, part), order) < outlet.per_part


def first_free(
    outlet: Outlet, bookings: Bookings | None, since: date, order: str
) -> tuple[date, Part] | None:
    """Return the first slot with room from a day on."""
    for ahead in range(LOOKED_AHEAD):
        day = since + timedelta(days=ahead)
        for part in Part:
            if is_free(outlet, bookings, day, part, order):
                return day, part
    return None


def slot_said(day: date, part: Part) -> Text:
    """Say a day and its part: 20 Jun, morning."""
    return Text(N_("{day}, {part}"), {"day": day_said(day), "part": Text(PART_TITLES[part])})


def read_areas(text: str) -> tuple[Area, ...] | Text:
    """Read areas as a person writes them, one a line: province, city, district with spaces between."""
    areas = []
    for line in text.splitlines():
        names = line.replace("，", " ").replace(",", " ").split()
        if len(names) > 3:
            return Text(N_("{line}: province, city, district, no more. Shorten it."), {"line": line})
        if names:
            areas.append(Area(**dict(zip(("province", "city", "district"), names, strict=False))))
    return tuple(areas)


def area_written(area: Area) -> str:
    """Write an area as it is read."""
    return " ".join(filter(None, (area.province, area.city, area.district)))
