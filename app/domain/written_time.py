"""Times and days as a person writes them into a field, and how they are written back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta

_CLOCK = re.compile(r"(\d{1,2})[:：]?(\d{2})")
SPAN_MOST_D = 60
"""No holiday is longer; a longer span is a slip of the hand. Units: days."""
_DAY = timedelta(days=1)


def clock_time(text: str) -> time | None:
    """Read 17:00, 7:30, 1730 or a full-width colon; None where it is no time of day."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def listed_days(text: str) -> tuple[tuple[date, ...], str]:
    """Read one day or span a line; return the days, or the first line that is neither."""
    days: set[date] = set()
    for line in text.splitlines():
        written = line.strip()
        if not written:
            continue
        first, _, last = (part.strip() for part in written.partition(".."))
        since, until = written_day(first), written_day(last or first)
        if since is None or until is None or not timedelta() <= until - since <= SPAN_MOST_D * _DAY:
            return (), written
        days.update(since + n * _DAY for n in range((until - since).days + 1))
    return tuple(sorted(days)), ""


def shown_days(days: Iterable[date]) -> list[str]:
    """Write days in order, neighbours as one span."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][1] == _DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return [f"{first}" if first == last else f"{first}..{last}" for first, last in runs]


def written_day(text: str) -> date | None:
    """Read 2026-10-01 or 2026/10/01; None where it is no day."""
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
