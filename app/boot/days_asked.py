"""Which days a command is asked for, and whose: read from what was typed."""

from __future__ import annotations

import argparse
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def day_asked(text: str) -> date:
    """Return the day that was typed.

    Raises:
        argparse.ArgumentTypeError: it is none; says how one is written.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Write it like 2026-06-13.") from None


def zone_asked(text: str) -> ZoneInfo:
    """Return the zone that was typed.

    Raises:
        argparse.ArgumentTypeError: there is none of that name; says how one is written.
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is no zone. Write it like Asia/Shanghai.") from None


def ask_days(parser: argparse.ArgumentParser, first: str, last: str) -> None:
    """Let a command be asked for days; `first` and `last` say which it takes where none is named."""
    parser.add_argument("--since", type=day_asked, help=f"first day; without it, {first}")
    parser.add_argument("--until", type=day_asked, help=f"last day; without it, {last}")
    parser.add_argument("--zone", default="Asia/Shanghai", type=zone_asked, help="whose days")
