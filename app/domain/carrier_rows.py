"""Fares, areas and places to fetch from as a person writes them: one a line, as rows of a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.carrier import NotServed, PickUp
from app.domain.freight import Band, Fare, Zone
from app.domain.money import read_money, written_money
from app.domain.written_time import written_day
from app.text import N_, Text

ELSEWHERE = "*"
"""The name of everywhere that has no fare of its own."""
SHOWN_MOST = 60


FROM = ">"
"""Stands between where a parcel leaves and where it goes: 苏州市>浙江省."""
WEIGHT_MOST_G = 10**7
"""No table speaks of more than ten tons."""


def fare_row(fare: Fare, currency: str) -> str:
    """Write a fare: province, first weight, each further step, and what else it says as name=value."""
    place = fare.province or ELSEWHERE
    way = f"{fare.origin}{FROM}{place}" if fare.origin else place
    costs = (written_money(cost, currency) for cost in (fare.first_minor, fare.step_minor))
    bands = ",".join(f"{band.over_g}:{written_money(band.step_minor, currency)}" for band in fare.bands)
    free = written_money(fare.free_from_minor, currency) if fare.free_from_minor else ""
    more = {
        "service": fare.service, "contract": fare.contract, "first": fare.first_g, "step": fare.step_g,
        "over": bands, "most": fare.most_g, "free": free, "hours": fare.hours,
        "divisor": fare.volume_divisor,
        "since": fare.since_on or "", "until": fare.until_on or "",
    }  # fmt: skip
    return " ".join((way, *costs, *(f"{name}={value}" for name, value in more.items() if value)))


def zone_row(zone: Zone) -> str:
    """Write a zone: its name and its places."""
    return " ".join((zone.name, *zone.places))


def area_row(area: NotServed) -> str:
    """Write an area that is not served, and its last day."""
    until = area.until_on.isoformat() if area.until_on is not None else ""
    return " ".join(filter(None, (area.province, area.city, area.district, until)))


def point_row(point: PickUp) -> str:
    """Write a place to fetch from."""
    return f"{point.province} {point.city} {point.district} {point.street}"


def read_fares(text: str, currency: str) -> tuple[Fare, ...] | Text:
    """Read a fare a line, or say which line is none."""
    fares = []
    for line in _lines(text):
        way, *parts = line.split()
        costs = [read_money(part, currency) for part in parts[:2]]
        if len(costs) != 2 or costs[0] is None or costs[1] is None:
            words = N_('"{line}" is no fare. Write a province and two amounts: 浙江省 8.00 3.00')
            return Text(words, {"line": line[:SHOWN_MOST]})
        more = _read_more(parts[2:], currency)
        if more is None:
            words = N_('"{line}" says more than a fare knows. Behind the amounts: most=30000 hours=48')
            return Text(words, {"line": line[:SHOWN_MOST]})
        origin, _, place = way.rpartition(FROM)
        province = "" if place == ELSEWHERE else place
        fares.append(
            Fare(province=province, origin=origin, first_minor=costs[0], step_minor=costs[1], **more)
        )
    return tuple(fares)


def read_zones(text: str) -> tuple[Zone, ...] | Text:
    """Read a zone a line, or say which line is none."""
    zones = []
    for line in _lines(text):
        name, *places = line.split()
        if not places:
            words = N_('"{line}" is no zone. Write its name, then its provinces: 华东 江苏省 浙江省')
            return Text(words, {"line": line[:SHOWN_MOST]})
        zones.append(Zone(name, tuple(places)))
    return tuple(zones)


def _read_more(parts: list[str], currency: str) -> dict[str, Any] | None:
    """Read what a fare says as name=value; None where a name is unknown or repeated, or its value none."""
    more: dict[str, Any] = {}
    for part in parts:
        name, _, text = part.partition("=")
        field, read = _MORE.get(name, ("", _nothing))
        value = read(text, currency)
        if value is None or field in more:
            return None
        more[field] = value
    return more


def _read_number(text: str, _currency: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 9
    return int(text) if is_number and int(text) <= WEIGHT_MOST_G else None


def _read_bands(text: str, currency: str) -> tuple[Band, ...] | None:
    bands = []
    for one in text.split(","):
        over, _, price = one.partition(":")
        over_g, step_minor = _read_number(over, currency), read_money(price, currency)
        if over_g is None or step_minor is None:
            return None
        bands.append(Band(over_g, step_minor))
    return tuple(bands)


def _nothing(_text: str, _currency: str) -> None:
    return None


_MORE: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "service": ("service", lambda text, _currency: text or None),
    "contract": ("contract", lambda text, _currency: text or None),
    "first": ("first_g", _read_number),
    "step": ("step_g", _read_number),
    "over": ("bands", _read_bands),
    "most": ("most_g", _read_number),
    "free": ("free_from_minor", read_money),
    "hours": ("hours", _read_number),
    "divisor": ("volume_divisor", _read_number),
    "since": ("since_on", lambda text, _currency: written_day(text)),
    "until": ("until_on", lambda text, _currency: written_day(text)),
}
"""What may stand behind the amounts of a fare: its field, and how it is read."""


def read_areas(text: str) -> tuple[NotServed, ...] | Text:
    """Read an area a line, with its last day behind it where it has one, or say which line is none."""
    areas = []
    for line in _lines(text):
        parts = line.split()
        until_on = written_day(parts[-1])
        names = parts[:-1] if until_on is not None else parts
        if not 1 <= len(names) <= 3:
            words = N_('"{line}" is no area. Write province, city, district, then the last day: 2026-12-31')
            return Text(words, {"line": line[:SHOWN_MOST]})
        province, city, district = (*names, "", "")[:3]
        areas.append(NotServed(province=province, city=city, district=district, until_on=until_on))
    return tuple(areas)


def read_points(text: str) -> tuple[PickUp, ...] | Text:
    """Read a place to fetch from a line, or say which line is none."""
    points = []
    for line in _lines(text):
        parts = line.split(maxsplit=3)
        if len(parts) < 4:
            words = N_('"{line}" is no pick-up point. Write province, city, district and street.')
            return Text(words, {"line": line[:SHOWN_MOST]})
        province, city, district, street = parts
        points.append(PickUp(province=province, city=city, district=district, street=street))
    return tuple(points)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
