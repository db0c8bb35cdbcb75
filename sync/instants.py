"""How a desk's file holds an instant: microseconds since 1970, without asking SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return an instant as an integer column. Units: microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def instant(at_us: int) -> datetime:
    """Return the instant an integer column holds."""
    return _EPOCH + timedelta(microseconds=at_us)
