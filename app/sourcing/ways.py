"""What all decisions of a company share: its warehouses as places, and the lanes of its carriers.

Worked out once and remembered while the settings stay the same; what is remembered decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import is_not
from typing import Any

from app.domain.carrier import Carrier
from app.domain.company import Holidays, Shift, Warehouse
from app.domain.distance import Atlas
from app.domain.values import Region
from app.domain.working_time import calendar_of
from app.sourcing.case import Place, place_of
from app.sourcing.lanes import Lanes

REMEMBERED = 20_000
"""So many lanes are remembered before they are worked out anew: a day of a large company."""


def nowhere() -> Atlas:
    """Return an atlas of nothing: every way is as far as any other."""
    return Atlas({})


class Ways:
    """Places and lanes, by the settings they were made from. `atlas` is read when it is first asked for."""

    def __init__(self, atlas: Callable[[], Atlas] = nowhere) -> None:
        self._read = cache(atlas)
        self._places: dict[str, Place] = {}
        self._made_from: tuple[Any, ...] = ()
        self._lanes: Lanes | None = None
        self._free: dict[tuple[str, str], Lanes] = {}

    @property
    def atlas(self) -> Atlas:
        """Return where everything lies."""
        return self._read()

    def lanes(self, carriers: Mapping[str, Carrier]) -> Lanes:
        """Return the lanes of these carriers."""
        lanes = self._lanes
        if lanes is None or lanes.carriers is not carriers or lanes.remembered > REMEMBERED:
            lanes = self._lanes = Lanes(carriers, self.atlas)
        return lanes

    def unpriced(self, country: str, currency: str) -> Lanes:
        """Return lanes on which everything goes for nothing: where no carrier does, distance decides."""
        lanes = self._free.get((country, currency))
        if lanes is None or lanes.remembered > REMEMBERED:
            anybody = Carrier(code="", title="", countries=(country,), currency=currency)
            lanes = self._free[country, currency] = Lanes({"": anybody}, self.atlas)
        return lanes

    def place(
        self,
        code: str,
        warehouses: Mapping[str, Warehouse],
        shifts: Mapping[str, Shift],
        holidays: Mapping[str, Holidays],
    ) -> Place | None:
        """Return a warehouse as a place with nothing in it, None where there is none."""
        made_from = (warehouses, shifts, holidays)
        if len(self._made_from) < len(made_from) or any(map(is_not, made_from, self._made_from)):
            self._made_from, self._places = made_from, {}
        if code not in self._places and code in warehouses:
            house = warehouses[code]
            region = self.atlas.whole(Region(city=house.city))
            self._places[code] = place_of(house, region, calendar_of(code, shifts.values(), holidays))
        return self._places.get(code)
