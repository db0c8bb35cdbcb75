"""What happened to the parcels a carrier may be given."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from app.domain.carrier import Counted
from app.domain.event import Event
from app.domain.load import load_key, slots_of
from app.domain.values import Key, order_key

__all__ = ["LoadMoved", "ParcelCounted", "RoomCounted"]


class LoadMoved(Event, frozen=True, kw_only=True):
    """A parcel counts among those of a day from now on, or no more; `on` is the day it is said."""

    order: str
    was: Counted | None
    now: Counted | None
    on: date

    @override
    def keys(self) -> tuple[Key, ...]:
        rows = {row for one in (self.was, self.now) if one is not None for row in slots_of(one)}
        return (order_key(self.order), *map(load_key, sorted(rows)))

    @override
    def wakes(self) -> tuple[str, ...]:
        return tuple(f"load:{row}" for row in slots_of(self.was)) if self.was is not None else ()


class ParcelCounted(LoadMoved, frozen=True, kw_only=True):
    """It counts with a carrier."""


class RoomCounted(LoadMoved, frozen=True, kw_only=True):
    """It has its place in the day of a warehouse."""
