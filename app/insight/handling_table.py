"""The figures of exceptions as a table for a spreadsheet, the same from the command line and the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.figures import Figures, Report
from app.text import N_, Text

COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("By"), N_("Name"), N_("Exceptions"),
    N_("Median, min"), N_("P90, min"), N_("Late"), N_("At first try"), N_("Came back"), N_("Waited, min"),
    N_("Claimed"), N_("Median in hand, s"), N_("One after another"), N_("Median pace, s"),
)  # fmt: skip
KIND, OWNER, SHIFT = N_("By type"), N_("By owner"), N_("By shift")
Name = Callable[[str, str], Text]
"""What a line is called: by which of the three, and its code."""
Cell = Text | str | int | float


def parts(report: Report) -> tuple[tuple[str, tuple[Figures, ...]], ...]:
    """Return the lines of a report under what they are by."""
    return ((KIND, report.by_kind), (OWNER, report.by_owner), (SHIFT, report.by_shift))


def unnamed(by: str) -> Text:
    """Say what has no name: nobody had it, or it was closed outside of all shifts."""
    return Text(N_("outside of shifts") if by == SHIFT else N_("nobody"))


def table(report: Report, name: Name) -> list[list[Cell]]:
    """Return every line with the period and whose days on it."""
    return [_row(report, by, one, name) for by, lines in parts(report) for one in lines]


def _row(report: Report, by: str, one: Figures, name: Name) -> list[Cell]:
    days = (f"{day:%Y-%m-%d}" for day in (report.since, report.until - timedelta(days=1)))
    minutes = (round(seconds / 60, 1) for seconds in (one.median_s, one.p90_s))
    waited = round(sum(one.waited_s.values()) / 60, 1)
    figures = (one.n, *minutes, one.late, one.at_once, one.reopened, waited)
    hand = (one.claimed, round(one.hand_s), one.paced, round(one.pace_s))
    return [*days, report.zone, Text(by), name(by, one.of), *figures, *hand]
