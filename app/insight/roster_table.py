"""A roster and what it was made of as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.insight.handling_table import Cell
from app.people_figures import Demand, RosterReport
from app.text import N_, Text

COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("Row"), N_("Who"), N_("Day"), N_("Begins"),
    N_("Ends"), N_("Orders"), N_("Exceptions"), N_("Load, people"), N_("Needed"), N_("Were there"),
    N_("Proposed"),
)  # fmt: skip
DUTY, HALF_HOUR = N_("Duty"), N_("Half hour")
WEEK = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def busy(report: RosterReport) -> list[Demand]:
    """Return the half hours in which something comes or somebody is there."""
    return [one for one in report.demand if one.orders or one.had or one.proposed]


def clock_of(minute: int) -> str:
    """Say a minute of the day as a clock does."""
    return f"{minute // 60:02}:{minute % 60:02}"


def table(report: RosterReport, name: Callable[[str], Text]) -> list[list[Cell]]:
    """Return the duties, then the half hours they are for."""
    return list(_rows(report, name))


def _rows(report: RosterReport, name: Callable[[str], Text]) -> Iterator[list[Cell]]:
    zone = ZoneInfo(report.zone)
    last = report.until - timedelta(days=1)
    period: list[Cell] = [f"{report.since:%Y-%m-%d}", f"{last:%Y-%m-%d}", report.zone]
    for duty in report.duties:
        since, until = duty.since.astimezone(zone), duty.until.astimezone(zone)
        times = (f"{since:%Y-%m-%d}", f"{since:%H:%M}", f"{until:%H:%M}")
        yield [*period, Text(DUTY), name(duty.person), *times, *("",) * 6]
    for one in busy(report):
        begins, ends = clock_of(one.minute), clock_of((one.minute + 30) % 1_440)
        figures = (one.orders, one.exceptions, one.load, one.needed, one.had, one.proposed)
        yield [*period, Text(HALF_HOUR), "", Text(WEEK[one.weekday]), begins, ends, *figures]
