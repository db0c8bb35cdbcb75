"""Fares, areas and places to fetch from as a person writes them: one a line, as rows of a sheet."""

from __future__ import annotations

from app.domain.carrier import Fare, NotServed, PickUp
from app.domain.money import read_money, written_money
from app.domain.written_time import written_day
from app.text import N_, Text

ELSEWHERE = "*"
"""The name of everywhere that has no fare of its own."""
SHOWN_MOST = 60


def fare_row(fare: Fare, currency: str) -> str:
    """Write a fare: province, first weight, each further step."""
    costs = (written_money(cost, currency) for cost in (fare.first_minor, fare.step_minor))
    return " ".join((fare.province or ELSEWHERE, *costs))


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
        parts = line.split()
        costs = [read_money(part, currency) for part in parts[1:]]
        if len(costs) != 2 or costs[0] is None or costs[1] is None:
            words = N_('"{line}" is no fare. Write a province and two amounts: 浙江省 8.00 3.00')
            return Text(words, {"line": line[:SHOWN_MOST]})
        province = "" if parts[0] == ELSEWHERE else parts[0]
        fares.append(Fare(province=province, first_minor=costs[0], step_minor=costs[1]))
    return tuple(fares)


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
