"""Orders that went to the warehouse as lines of a table, and how their gates stood in the panel beside it."""

from __future__ import annotations

from app.figures import GateReport, Passage
from app.presenters.figures import row_key
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, Figures, Item, Lines, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import count, day_there, moment, tr


def columns_of_gates() -> tuple[Column, ...]:
    """Name the columns."""
    wide = theme.current().px("history.delivery.w")
    return (
        Column("order", tr("Order"), theme.current().px("line.number.w") * 2),
        Column("at", tr("Released at"), wide * 2),
        Column("gates", tr("Gates then")),
    )


def rows_of_gates(report: GateReport) -> list[TableRow]:
    """First those that were not green, then those answered for, then the newest."""
    today = day_there(report.as_of, report.zone)
    return [
        TableRow(row_key(one), (Cell(one.number, bold=True), moment(one.at, report.zone, today), _gates(one)))
        for one in report.passages
    ]


def _gates(one: Passage) -> Cell:
    if one.unmet is None:
        return Cell(tr("Nothing was written down"), "stops", role="bad")
    if one.unmet:
        return Cell(tr("{count} not met", count=one.unmet), "stops", role="bad")
    if one.waived:
        return Cell(tr("All met, {count} of them answered for", count=one.waived), "waits", role="warn")
    return Cell(tr("All met"), "met")


def about_gates(report: GateReport) -> tuple[EvidenceSection, ...]:
    """Say the figure with its numerator and denominator, waivers apart, and that two ways lead to it."""
    agrees = (report.moves, report.green) == (report.replayed_moves, report.replayed)
    again = tr("{green} of {moves}", green=count(report.replayed), moves=count(report.replayed_moves))
    listed = tr("{count} of them are listed, what one has to look at first.", count=len(report.passages))
    return (
        EvidenceSection(tr("Released with every gate met"), _figure(report)),
        EvidenceSection(tr("The same by the holds of the journal"), (
            MarkedLine("met" if agrees else "stops", again),
            Paragraph(tr("Counted apart: no hold of the order was open when it went."), NOTE),
        )),
        EvidenceSection(tr("The list"), (Paragraph(listed, NOTE),)),
    )  # fmt: skip


def _figure(report: GateReport) -> tuple[Item, ...]:
    if not report.moves:
        return (Paragraph(tr("No order was released in these days"), NOTE),)
    rows = (
        (tr("Every gate met"), count(report.green)),
        (tr("of these waived"), count(report.waived)),
        (tr("Released altogether"), count(report.moves)),
    )
    figure = theme.current().px("line.number.w")
    columns = (Column("what", ""), Column("figure", "", figure, kind="number"))
    return (
        Figures(((_percent(report), tr("of all released")),)),
        Lines(columns, rows),
    )


def _percent(report: GateReport) -> str:
    """Say the share; what is not all of them is never rounded up to all."""
    if report.green == report.moves:
        return "100 %"
    return f"{int(10_000 * report.green / report.moves) / 100:.2f} %"
