"""What a paper says about itself: that it is a copy, that the hub has not agreed yet, when it was printed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt

from widgets.paper.ink import Area, Frame, Ink, Words
from widgets.paper.typeset import one_line
from widgets.words import clock, short_day, tr

COPY_H = 7.5
MIDDLE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


def copy_stamp(copy: int, area: Area) -> list[Ink]:
    """COPY in white on black, with its number; nothing on a first print. Source: sync.md section 10."""
    if not copy:
        return []
    return [Words(area, tr("COPY {n}", n=copy), 4.6, bold=True, align=MIDDLE, inverse=True)]


def unconfirmed_stamp(area: Area) -> list[Ink]:
    """The hub has not answered. Source: capabilities 3.6, what waits is printed so."""
    words = tr("To be confirmed: printed before the hub answered")
    inside = Area(area.x + 2, area.y, area.w - 4, area.h)
    return [Frame(area, 0.6), *one_line(words, inside, (4.2, 3.6, 3.0, 2.4), bold=True)]


def printed(at: datetime, zone: str) -> str:
    """When it was printed: 13 Jun 21:40."""
    there = at.astimezone(ZoneInfo(zone))
    return tr("Printed {day} {time}", day=short_day(there.date()), time=clock(at, zone))
