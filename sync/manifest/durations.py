"""Durations as manifests write them: `PT30M`, `P1D`."""

from __future__ import annotations

from datetime import timedelta

_UNITS = {"H": "hours", "M": "minutes", "S": "seconds"}


def duration(text: str) -> timedelta:
    """Read one; `blocks` has checked its form."""
    if text.endswith("D"):
        return timedelta(days=int(text[1:-1]))
    return timedelta(**{_UNITS[text[-1]]: int(text[2:-1])})
