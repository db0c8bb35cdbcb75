"""Lanes as a person writes them: one a line, `T1 苏州市>杭州分拨 2.00 12 cut=20:00 most=500`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.carrier_rows import FROM, SHOWN_MOST
from app.domain.money import read_money, written_money
from app.domain.route import Lane
from app.domain.written_time import clock_time
from app.text import N_, Text

CLOSED = "closed"
NUMBER_MOST = 7
"""Digits of hours and of parcels a day."""


def lane_row(lane: Lane, currency: str) -> str:
    """Write a lane: its code, from where to where, its cost, its hours, and what else it says."""
    more = {
        "cut": f"{lane.cut_off:%H:%M}" if lane.cut_off is not None else "",
        "most": lane.most or "",
        "service": lane.service,
    }
    way = f"{lane.start}{FROM}{lane.end}"
    said = (f"{name}={value}" for name, value in more.items() if value)
    closed = () if lane.is_open else (CLOSED,)
    cost = written_money(lane.cost_minor, currency)
    return " ".join((lane.code, way, cost, str(lane.hours), *said, *closed))


def read_lanes(text: str, currency: str) -> tuple[Lane, ...] | Text:
    """Read a lane a line, or say which line is none."""
    lanes = []
    for line in filter(None, map(str.strip, text.splitlines())):
        lane = _read(line.split(), currency)
        if lane is None:
            words = N_('"{line}" is no lane. Write code, from>to, cost, hours: T1 苏州市>杭州分拨 2.00 12')
            return Text(words, {"line": line[:SHOWN_MOST]})
        lanes.append(lane)
    return tuple(lanes)


def _read(parts: list[str], currency: str) -> Lane | None:
    if len(parts) < 4:
        return None
    code, way, cost, hours, *rest = parts
    start, _, end = way.partition(FROM)
    cost_minor, taken = read_money(cost, currency), _number(hours)
    if not start or not end or cost_minor is None or taken is None:
        return None
    more: dict[str, Any] = {"is_open": CLOSED not in rest}
    for part in (one for one in rest if one != CLOSED):
        name, _, value = part.partition("=")
        field, read = _MORE.get(name, ("", _number))
        known = read(value)
        if not field or field in more or known is None:
            return None
        more[field] = known
    return Lane(code=code, start=start, end=end, cost_minor=cost_minor, hours=taken, **more)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= NUMBER_MOST else None


_MORE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "cut": ("cut_off", clock_time),
    "most": ("most", _number),
    "service": ("service", lambda text: text or None),
}
