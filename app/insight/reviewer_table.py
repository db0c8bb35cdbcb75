"""How well reviewers see as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.domain.share import Share
from app.insight.handling_table import Cell
from app.review_figures import Reviewer, ReviewReport
from app.text import N_, Text

TOGETHER = N_("Everybody together")
COLUMNS = (
    N_("First day"), N_("Last day"), N_("Time zone"), N_("Reviewer"), N_("Verdicts"), N_("Unread"),
    N_("Median each, s"), N_("Timed"),
    N_("Tests found"), N_("of tests"), N_("found, %"), N_("from, %"), N_("to, %"), N_("Sample"),
    N_("False alarms"), N_("of right orders"), N_("alarms, %"), N_("from, %"), N_("to, %"), N_("Sample"),
    N_("As decided"), N_("of decided"), N_("as decided, %"), N_("from, %"), N_("to, %"), N_("Sample"),
)  # fmt: skip
SMALL, ENOUGH = N_("sample too small"), N_("large enough")


def table(report: ReviewReport, name: Callable[[str], Text]) -> list[list[Cell]]:
    """Return the sum and every person, with the period and whose days on it."""
    days = [f"{day:%Y-%m-%d}" for day in (report.since, report.until - timedelta(days=1))]
    lines = [(Text(TOGETHER), report.whole), *((name(one.person), one) for one in report.persons)]
    return [[*days, report.zone, who, *_figures(one)] for who, one in lines]


def _figures(one: Reviewer) -> tuple[Cell, ...]:
    time: Cell = one.median_s if one.timed else ""
    shares = (cell for each in (one.hits, one.false_alarms, one.agreed) for cell in _share(each))
    return (one.verdicts, one.unread, time, one.timed, *shares)


def _share(one: Share) -> tuple[Cell, ...]:
    """A small sample has its count and its interval, and no share to compare anybody by."""
    pct: Cell = "" if one.is_small else round(one.pct, 1)
    return (one.count, one.of, pct, one.low_pct, one.high_pct, Text(SMALL if one.is_small else ENOUGH))
