"""Orders planned anew as lines of a table, and one of them in the panel beside it."""

from __future__ import annotations

from app.domain.decision import difference_said
from app.figures import Replan, ReplanReport
from app.insight.replans import TITLES
from app.presenters.figures import row_key
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Lines, Paragraph
from widgets.prose import NOTE
from widgets.words import count, day_there, moment, money, tr, trn

_UNKNOWN = "–"


def columns_of_plans() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    return (
        Column("order", tr("Order"), theme.current().px("line.number.w") * 2),
        Column("at", tr("Since"), wide * 2),
        Column("what", tr("Decided anew"), wide),
        Column("before", tr("Before")),
        Column("after", tr("Now")),
        Column("money", tr("Costs more"), wide, kind="number"),
        Column("hours", tr("Later, h"), wide, kind="number"),
    )


def rows_of_plans(report: ReplanReport) -> list[TableRow]:
    """The newest first."""
    today = day_there(report.as_of, report.zone)
    return [
        TableRow(
            row_key(one),
            (
                Cell(one.number, bold=True),
                moment(one.at, report.zone, today),
                tr(TITLES[one.what]),
                trn(one.before),
                trn(one.after),
                _money(one),
                _hours(one),
            ),
        )
        for one in report.replans
    ]


def _money(one: Replan) -> str | Cell:
    if one.extra_minor is None:
        return _UNKNOWN
    amount = money(one.extra_minor, one.currency)
    return Cell(f"+{amount}", role="warn") if one.extra_minor > 0 else amount


def _hours(one: Replan) -> str | Cell:
    if one.extra_h is None:
        return _UNKNOWN
    return Cell(f"+{count(one.extra_h)}", role="warn") if one.extra_h > 0 else count(one.extra_h)


def about_plan(report: ReplanReport, here: str) -> tuple[EvidenceSection, ...]:
    """Say why the order under the keys was planned anew, and what that changes."""
    one = next((one for one in report.replans if row_key(one) == here), None)
    about = EvidenceSection(tr("The list"), (
        Paragraph(tr("The newest are listed first; there are more.") if report.more else _listed(report)),
        Paragraph(tr("Differences are those of the plans, with the goods they were made for."), NOTE),
    ))  # fmt: skip
    if one is None:
        return (about,)
    rows = [(tr("Before"), trn(one.before)), (tr("Now"), trn(one.after))]
    if one.by:
        rows.append((tr("Done by"), one.by))
    figure = theme.current().px("line.number.w")
    lines = Lines((Column("what", "", figure), Column("said", "")), tuple(rows))
    return (
        EvidenceSection(tr(TITLES[one.what]), (lines, Paragraph(_difference(one), NOTE))),
        EvidenceSection(tr("Reason"), (Paragraph(trn(one.why)),)),
        about,
    )


def _listed(report: ReplanReport) -> str:
    return tr("{count} times an order was planned anew.", count=count(len(report.replans)))


def _difference(one: Replan) -> str:
    if one.extra_minor is not None and one.extra_h is not None:
        return trn(difference_said(one.extra_minor, one.extra_h, one.currency))
    if one.extra_minor is not None:
        amount = money(abs(one.extra_minor), one.currency)
        said = tr("{money} more", money=amount) if one.extra_minor >= 0 else tr("{money} less", money=amount)
        return tr("{difference}; nobody says how many hours", difference=said)
    return tr("Other goods or other money than before: it cannot be compared.")
