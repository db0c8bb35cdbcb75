"""Ways of a parcel over lanes, direct or by hubs (干线, 末端): the cheapest that keeps promise and room.

A lane leaves once a day at its cut-off, or whenever something is there; a day that is full is waited over.
Whoever arrives earlier is never worse off, so of two ways to a place the dearer and later one is left out.
Source: capabilities 6.7.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from app.domain.money import shown
from app.text import N_, Text

LEGS_MOST = 12
"""No way has more legs than a network has places; a parcel is never twice in one place."""
TOLD_LEGS = 4
TOLD_MOST = 12
"""So many ways that were not taken are told, of up to so many legs each."""
LOOKED_AT = 4_000
WAITS_MOST = 14
"""So many days a full lane is waited for."""
DAY = timedelta(days=1)


class Lane(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a carrier from a place to a place, hubs among them.

    Units: `cost_minor` a parcel; `hours` on the road; `cut_off` local, none: it leaves at once; `most`
    parcels a day, 0: as many as come.
    """

    code: str
    start: str
    end: str
    service: str = ""
    cost_minor: int
    hours: int
    cut_off: time | None = None
    most: int = 0
    is_open: bool = True


class Line(NamedTuple):
    """A lane with whose it is. `end`: the place it leads to; the aim of a network where it delivers there."""

    lane: Lane
    carrier: str
    end: str


class Leg(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One part of a way."""

    lane: str
    carrier: str
    service: str = ""
    start: str
    end: str
    cost_minor: int
    leaves_at: datetime
    arrives_at: datetime
    on: date
    """The day whose room it takes."""


class Way(NamedTuple):
    """A whole way, or one that ends at a lane that cannot be used."""

    legs: tuple[Leg, ...]
    why_not: Text | None = None

    @property
    def cost_minor(self) -> int:
        """Add the legs up."""
        return sum(leg.cost_minor for leg in self.legs)

    @property
    def arrives_at(self) -> datetime | None:
        """Return when it would be there."""
        return self.legs[-1].arrives_at if self.legs else None


Room = Callable[["Line", date], bool]
"""Tells whether a lane takes one more parcel on a day."""


class Network:
    """The lanes from somewhere to somewhere. `zone`: the clock on the walls of its places."""

    def __init__(self, lines: Iterable[Line], room: Room, zone: str = "Asia/Shanghai") -> None:
        self._out: dict[str, list[Line]] = {}
        for line in lines:
            self._out.setdefault(line.lane.start, []).append(line)
        self._room, self._zone = room, ZoneInfo(zone)

    def leg(self, line: Line, ready_at: datetime) -> Leg | None:
        """Return how a lane takes on what is ready at a moment; None where it is closed or full for long."""
        lane = line.lane
        if not lane.is_open:
            return None
        leaves = self._leaves(lane, ready_at)
        for _ in range(WAITS_MOST):
            on = leaves.astimezone(self._zone).date()
            if not lane.most or self._room(line, on):
                return Leg(
                    lane=lane.code,
                    carrier=line.carrier,
                    service=lane.service,
                    start=lane.start,
                    end=lane.end,
                    cost_minor=lane.cost_minor,
                    leaves_at=leaves,
                    arrives_at=leaves + timedelta(hours=lane.hours),
                    on=on,
                )
            leaves = self._next_day(lane, on)
        return None

    def cheapest(
        self,
        starts: Sequence[str],
        aim: str,
        ready_at: datetime,
        promised_at: datetime | None,
        *,
        below: float = math.inf,
    ) -> tuple[Leg, ...] | None:
        """Return the cheapest way in time, of equally cheap ones the first to arrive; None: there is none.

        Exact: ways are looked at by their cost, and one is left out only for a cheaper that is no later.
        Units: `below` minor units; what costs so much or more is none.
        """
        turn = count()
        heap: list[tuple[int, datetime, int, str, tuple[Leg, ...]]] = [
            (0, ready_at, next(turn), start, ()) for start in dict.fromkeys(starts)
        ]
        heapq.heapify(heap)
        soonest: dict[str, datetime] = {}
        while heap:
            cost, at, _, here, legs = heapq.heappop(heap)
            if here in soonest and soonest[here] <= at:
                continue
            soonest[here] = at
            if here == aim:
                return legs
            if len(legs) >= LEGS_MOST:
                continue
            for line in self._out.get(here, ()):
                leg = self.leg(line, at) if cost + line.lane.cost_minor < below else None
                if leg is None or (promised_at is not None and leg.arrives_at > promised_at):
                    continue
                onward = (*legs, leg)
                heapq.heappush(heap, (cost + leg.cost_minor, leg.arrives_at, next(turn), line.end, onward))
        return None

    def others(
        self,
        starts: Sequence[str],
        aim: str,
        ready_at: datetime,
        promised_at: datetime | None,
        taken: tuple[Leg, ...],
        best_minor: int | None,
        currency: str,
    ) -> tuple[Way, ...]:
        """Return the ways that were not taken with their reasons, the cheapest first, unusable ones last.

        Units: `best_minor` what it goes for, over these lanes or straight; none: it goes by nobody yet.
        """
        lanes = _lanes(taken)
        found = [
            _told(way, promised_at, best_minor, bool(taken), currency)
            for way in self._simple(starts, aim, ready_at)
            if _lanes(way.legs) != lanes or way.why_not is not None
        ]
        found.sort(key=lambda way: (not way.legs, way.cost_minor, len(way.legs)))
        return tuple(found[:TOLD_MOST])

    def _simple(self, starts: Sequence[str], aim: str, ready_at: datetime) -> Iterator[Way]:
        """Yield every way that passes no place twice; one that meets a closed or full lane ends there."""
        looked = 0
        stack: list[tuple[str, datetime, tuple[Leg, ...], frozenset[str]]] = [
            (start, ready_at, (), frozenset({start})) for start in dict.fromkeys(starts)
        ]
        while stack and looked < LOOKED_AT:
            here, at, legs, passed = stack.pop()
            for line in self._out.get(here, ()):
                looked += 1
                if line.end in passed or len(legs) >= TOLD_LEGS:
                    continue
                leg = self.leg(line, at)
                if leg is None:
                    yield Way(legs, _unusable(line.lane))
                elif line.end == aim:
                    yield Way((*legs, leg))
                else:
                    stack.append((line.end, leg.arrives_at, (*legs, leg), passed | {line.end}))

    def _leaves(self, lane: Lane, ready_at: datetime) -> datetime:
        if lane.cut_off is None:
            return ready_at
        there = ready_at.astimezone(self._zone)
        day = there.date() if there.time() <= lane.cut_off else there.date() + DAY
        return datetime.combine(day, lane.cut_off, self._zone).astimezone(UTC)

    def _next_day(self, lane: Lane, on: date) -> datetime:
        return datetime.combine(on + DAY, lane.cut_off or time(), self._zone).astimezone(UTC)


def _lanes(legs: Sequence[Leg]) -> list[tuple[str, str]]:
    """Name lanes by their carriers: two may call theirs alike."""
    return [(leg.carrier, leg.lane) for leg in legs]


def _told(way: Way, promised_at: datetime | None, best: int | None, over_lanes: bool, currency: str) -> Way:
    """Say what speaks against a way."""
    arrives = way.arrives_at
    if way.why_not is not None or arrives is None:
        return way
    if promised_at is not None and arrives > promised_at:
        late_h = -(-(arrives - promised_at) // timedelta(hours=1))
        return way._replace(why_not=Text(N_("{hours} h after the promise"), {"hours": late_h}))
    if best is None:
        return way
    more = way.cost_minor - best
    if not more:
        same = N_("costs the same, arrives later or with more legs") if over_lanes else N_("costs the same")
        return way._replace(why_not=Text(same))
    words = N_("{money} more") if more > 0 else N_("{money} less, what is planned stays")
    return way._replace(why_not=Text(words, {"money": shown(abs(more), currency)}))


def _unusable(lane: Lane) -> Text:
    words = N_("lane {lane} takes no more parcels") if lane.is_open else N_("lane {lane} is closed")
    return Text(words, {"lane": lane.code})


def way_said(legs: Sequence[Leg]) -> Text:
    """Name a way by its places: SZ → 武汉 → 湖北省."""
    places = [legs[0].start, *(leg.end for leg in legs)] if legs else ["–"]
    return Text("{way}", {"way": " → ".join(places)})
