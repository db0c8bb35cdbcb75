"""How well reviewers see as lines of a table, and the line under the keys in words beside it."""

from __future__ import annotations

from typing import Final

from app.domain.share import ENOUGH, Share
from app.insight.handling import NAMED_LEAST
from app.insight.reviewer_table import SMALL, TOGETHER
from app.presenters.figures import State
from app.review_figures import Reviewer, ReviewReport
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import count, tr

_NONE: Final = "–"
WHOLE: Final = "*"
"""Names the line of everybody together."""


def columns_of_reviewers() -> tuple[Column, ...]:
    """Name the columns."""
    small, wide = theme.current().px("line.limit.w"), theme.current().px("history.delivery.w")
    return (
        Column("name", tr("Reviewer")),
        Column("verdicts", tr("Verdicts"), wide, kind="number"),
        Column("hits", tr("Tests found, 95 %"), wide * 2, kind="number"),
        Column("alarms", tr("False alarms, 95 %"), wide * 2, kind="number"),
        Column("agreed", tr("As decided, 95 %"), wide * 2, kind="number"),
        Column("each", tr("Median each, s"), wide, kind="number"),
        Column("unread", tr("Unread"), small, kind="number"),
    )


def rows_of_reviewers(report: ReviewReport, state: State) -> list[TableRow]:
    """Everybody together first, then each by name."""
    rows = []
    if not report.is_own:
        rows.append(TableRow(WHOLE, (Cell(tr(TOGETHER), bold=True), *_cells(report.whole)), total=True))
    rows += [
        TableRow(one.person, (state.names.get(one.person, one.person), *_cells(one)))
        for one in report.persons
    ]
    if not report.is_own and report.people < NAMED_LEAST:
        words = tr(
            "People: {count}. Fewer than {least} are shown in sum only.",
            count=report.people,
            least=NAMED_LEAST,
        )
        rows.append(TableRow("few", (words,), faded=True, total=True))
    return rows


def _cells(one: Reviewer) -> tuple[str | Cell, ...]:
    time = f"{one.median_s:,.1f}" if one.timed else _NONE
    shares = (_share(each) for each in (one.hits, one.false_alarms, one.agreed))
    return (count(one.verdicts), *shares, time, count(one.unread))


def _share(one: Share) -> str | Cell:
    """A small sample is counted and called so; no share of it is shown to compare anybody by."""
    if not one.of:
        return _NONE
    if one.is_small:
        return Cell(
            tr("{count} of {n}, sample too small", count=count(one.count), n=count(one.of)), role="text2"
        )
    return f"{one.pct:.1f} % ({one.low_pct:.1f}–{one.high_pct:.1f})"


def about_reviewer(report: ReviewReport, state: State) -> tuple[EvidenceSection, ...]:
    """Say of one line what each figure means, and where it says nothing yet."""
    one = next((each for each in report.persons if each.person == state.here), report.whole)
    name = state.names.get(one.person, one.person) if one.person else tr(TOGETHER)
    meaning = (
        (one.hits, tr("Past mistakes put before them as tests, and sent back")),
        (one.false_alarms, tr("Right orders sent back: they left later as they were")),
        (one.agreed, tr("Verdicts that were what came of it, where two or more looked")),
    )
    lines = tuple(
        MarkedLine("waits" if share.of and share.is_small else "", _in_words(share), name=what)
        for share, what in meaning
    )
    least = Paragraph(tr("Below {n} a share compares nobody.", n=ENOUGH), NOTE)
    told = Paragraph(
        tr("A review that is still open is not in here: nobody learns what the other said."), NOTE
    )
    return (EvidenceSection(name, (*lines, least)), EvidenceSection(tr("Blind"), (told,)))


def _in_words(one: Share) -> str:
    if not one.of:
        return tr("None yet")
    said = tr(
        "{count} of {n}; the true share lies between {low} and {high} %",
        count=count(one.count),
        n=count(one.of),
        low=f"{one.low_pct:.1f}",
        high=f"{one.high_pct:.1f}",
    )
    return f"{said}: {tr(SMALL)}" if one.is_small else said
