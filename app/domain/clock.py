"""How much of its time an exception has used: working time of its shop, less what it waits for others.

The clock runs while somebody works (`working_time`) and nobody else is waited for. When it stops, `due_at` is
left where it was: how much was left is read off it; when it goes on, `due_at` moves so that as much is left.
Every second between opening and now is worked, rested (outside of shifts) or waited, and only one of them.
Source: capabilities 5 and 15.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.domain.working_time import Calendar, due_after, worked
from app.text import N_

WARN_SHARE = 0.75
"""From this share of its time on an exception is urgent. Source: capabilities 5.5."""
ZERO = timedelta()


class Wait(StrEnum):
    """Whom an exception may wait for."""

    CUSTOMER = "customer"
    PLATFORM = "platform"
    STOCK = "stock"
    CARRIER = "carrier"
    PROVIDER = "provider"
    COUNT = "count"


WAIT_TITLES: Mapping[str, str] = {
    Wait.CUSTOMER: N_("the buyer"),
    Wait.PLATFORM: N_("the platform"),
    Wait.STOCK: N_("stock"),
    Wait.CARRIER: N_("the parcel"),
    Wait.PROVIDER: N_("the invoice service"),
    Wait.COUNT: N_("the count"),
}
"""What the screen calls them."""


class Stop(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One time the clock stood still: for whom, from when to when; without an end it still stands."""

    wait: str
    since: datetime
    until: datetime | None = None


class Times(NamedTuple):
    """When an exception becomes urgent, and when its time is over."""

    warn_at: datetime
    due_at: datetime


class Account(NamedTuple):
    """Where the time since the opening went; the three add up to the wall clock exactly."""

    worked: timedelta
    rested: timedelta
    waited: dict[str, timedelta]

    @property
    def whole(self) -> timedelta:
        """All of it."""
        return sum(self.waited.values(), self.worked + self.rested)


def times(calendar: Calendar, since: datetime, goal: timedelta, left: timedelta | None = None) -> Times:
    """Return when an exception is urgent and due that has `left` of its goal from `since` on.

    Where nobody ever works, the wall clock counts: nothing may wait for ever.
    """
    rest = goal if left is None else left
    return Times(_after(calendar, since, rest - goal * (1 - WARN_SHARE)), _after(calendar, since, rest))


def _after(calendar: Calendar, since: datetime, left: timedelta) -> datetime:
    try:
        return due_after(calendar, since, left)
    except ValueError:
        return since + left


def stopped_at(stops: Sequence[Stop]) -> datetime | None:
    """Return since when the clock stands still; None while it runs."""
    return stops[-1].since if stops and stops[-1].until is None else None


def left_of(calendar: Calendar, due_at: datetime, stops: Sequence[Stop], now: datetime) -> timedelta:
    """Return how much of the time is left; negative by what was worked since it was over.

    Where nobody works until then, the wall clock counts, as it does in `times`.
    """
    at = stopped_at(stops) or now
    return worked(calendar, at, due_at) or due_at - at if at <= due_at else -worked(calendar, due_at, at)


def account(calendar: Calendar, opened_at: datetime, stops: Sequence[Stop], now: datetime) -> Account:
    """Return where the time from opening until now went. Source: capabilities 5.5."""
    waited: dict[str, timedelta] = {}
    done, wall, at = ZERO, ZERO, opened_at
    for stop in stops:
        until = now if stop.until is None else stop.until
        waited[stop.wait] = waited.get(stop.wait, ZERO) + (until - stop.since)
        done += worked(calendar, at, stop.since)
        wall += stop.since - at
        at = until
    done += worked(calendar, at, now)
    wall += now - at
    return Account(done, wall - done, waited)
