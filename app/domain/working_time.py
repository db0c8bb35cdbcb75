"""Time that people work: spans of shifts, minutes between two instants, when so many minutes are over.

A shift belongs to the day on which it begins: one that runs into a holiday is worked to its end.
All sums are of real time: the hour that a change of the clock skips or repeats is counted as it passes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from app.domain.company import Holidays, Shift

DAY = timedelta(days=1)
NINE = time(9, 0)
WINDOWS_D = (8, 32, 128, 400)
"""How far ahead a due time is looked for, further each time. Units: days."""

SHIFTS_KEPT = 4_096
"""Of so many shifts of a day it is remembered when they begin and end: whatever opens today asks for them."""

Span = tuple[datetime, datetime]


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The shifts that count, and the days of rest they keep. Without any shift every minute is worked."""

    shifts: tuple[Shift, ...] = ()
    holidays: Mapping[str, Holidays] = {}


def calendar_of(place: str, shifts: Iterable[Shift], holidays: Mapping[str, Holidays]) -> Calendar:
    """Return the calendar of a shop or warehouse: its own shifts, else those of the whole company."""
    working = [shift for shift in shifts if shift.active]
    own = tuple(shift for shift in working if shift.place == place)
    return Calendar(shifts=own or tuple(s for s in working if not s.place), holidays=holidays)


def works_on(shift: Shift, day: date, holidays: Mapping[str, Holidays]) -> bool:
    """Tell whether a shift begins on this day. A day that is worked by decree counts whatever its weekday."""
    rest = holidays.get(shift.holidays)
    if rest is not None and day in rest.worked:
        return True
    return day.weekday() in shift.days and (rest is None or day not in rest.closed)


def is_working(shift: Shift, at: datetime, holidays: Mapping[str, Holidays]) -> bool:
    """Tell whether a shift is being worked at an instant; its end is none of it."""
    return ends_at(shift, at, holidays) is not None


def ends_at(shift: Shift, at: datetime, holidays: Mapping[str, Holidays]) -> datetime | None:
    """Return when the shift that is being worked at an instant ends, in UTC; nothing where none is."""
    zone = ZoneInfo(shift.zone)
    today = at.astimezone(zone).date()
    for day in (today - DAY, today):
        start, end = _on(shift, day, zone)
        if start <= at < end and works_on(shift, day, holidays):
            return end
    return None


def opens_on(calendar: Calendar, day: date) -> bool:
    """Tell whether any shift begins on this day; without shifts every day is worked."""
    return not calendar.shifts or any(works_on(shift, day, calendar.holidays) for shift in calendar.shifts)


def next_open_day(calendar: Calendar, day: date) -> date:
    """Return this day, or the first after it on which somebody works; this day where that is never."""
    ahead = (day + n * DAY for n in range(WINDOWS_D[-1]))
    return next((one for one in ahead if opens_on(calendar, one)), day)


def next_shift_at(calendar: Calendar, at: datetime, zone: str) -> datetime:
    """Return when work begins on the next day, as told in `zone`, on which any does; without shifts at nine.

    A shift begins by its own clock, wherever the question is asked.
    """
    here = ZoneInfo(zone)
    tomorrow = at.astimezone(here).date() + DAY
    morning = datetime.combine(tomorrow, time(), here).astimezone(UTC)
    begins = [begin for shift in calendar.shifts for begin in _begins(shift, morning, calendar.holidays)]
    return min(begins, default=datetime.combine(tomorrow, NINE, here).astimezone(UTC))


def _begins(shift: Shift, since: datetime, holidays: Mapping[str, Holidays]) -> Iterator[datetime]:
    """Yield when a shift begins for the first time from an instant on, if ever."""
    zone = ZoneInfo(shift.zone)
    first = since.astimezone(zone).date()
    days = (first + n * DAY for n in range(WINDOWS_D[-1]))
    starts = (_on(shift, day, zone)[0] for day in days if works_on(shift, day, holidays))
    yield from itertools.islice((start for start in starts if start >= since), 1)


def spans(calendar: Calendar, since: datetime, until: datetime) -> Iterator[Span]:
    """Yield the time worked between two instants, in order and without overlaps, in UTC."""
    merged: Span | None = None
    for start, end in sorted(_cut(calendar, since, until)):
        if merged is not None and start <= merged[1]:
            merged = (merged[0], max(merged[1], end))
            continue
        if merged is not None:
            yield merged
        merged = (start, end)
    if merged is not None:
        yield merged


def worked(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """Return how much of the time between two instants is worked; nothing when the first is the later."""
    return sum((end - start for start, end in spans(calendar, since, until)), timedelta())


def minutes_between(calendar: Calendar, since: datetime, until: datetime) -> int:
    """Return the whole minutes worked between two instants."""
    return worked(calendar, since, until) // timedelta(minutes=1)


def due_at(calendar: Calendar, since: datetime, minutes: int) -> datetime:
    """Return when `minutes` of work have passed; no later than the last of them ends.

    Raises:
        ValueError: nobody works so much within the next 400 days.
    """
    return due_after(calendar, since, timedelta(minutes=minutes))


def due_after(calendar: Calendar, since: datetime, left: timedelta) -> datetime:
    """Return when so much work has passed; no later than the last of it ends.

    Raises:
        ValueError: nobody works so much within the next 400 days.
    """
    if left <= timedelta():
        return since
    for days in WINDOWS_D:
        found = _reached(calendar, since, since + days * DAY, left)
        if found is not None:
            return found
    raise ValueError(f"no {left} of work within {WINDOWS_D[-1]} days")


def _reached(calendar: Calendar, since: datetime, until: datetime, left: timedelta) -> datetime | None:
    for start, end in spans(calendar, since, until):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def _cut(calendar: Calendar, since: datetime, until: datetime) -> Iterator[Span]:
    """Yield every shift between two instants, cut at them; two shifts at once overlap."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if since >= until:
        return
    if not calendar.shifts:
        yield since, until
    for shift in calendar.shifts:
        zone = ZoneInfo(shift.zone)
        day = since.astimezone(zone).date() - DAY
        last = until.astimezone(zone).date()
        while day <= last:
            if works_on(shift, day, calendar.holidays):
                start, end = _on(shift, day, zone)
                if max(start, since) < min(end, until):
                    yield max(start, since), min(end, until)
            day += DAY


@lru_cache(maxsize=SHIFTS_KEPT)
def _on(shift: Shift, day: date, zone: ZoneInfo) -> Span:
    """Return one shift in UTC: from the first time its clock shows the start to the last it shows the end.

    Where the clock skips the end, the shift is as long as on other days.
    """
    end_day = day if shift.until > shift.since else day + DAY
    start = datetime.combine(day, shift.since, zone)
    end = datetime.combine(end_day, shift.until, zone)
    return start.astimezone(UTC), max(end.astimezone(UTC), end.replace(fold=1).astimezone(UTC))
