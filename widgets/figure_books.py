"""Vouchers as lines of a table, one for each account, and how they are made in the panel beside it."""

from __future__ import annotations

from app.domain.voucher import CODES, TITLES, Voucher
from app.figures import VoucherReport
from app.insight.voucher_table import name_of
from widgets import theme
from widgets.cells import Cell, Column, TableRow
from widgets.evidence import EvidenceSection, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.words import count, money, tr


def columns_of_books() -> tuple[Column, ...]:
    """Name the columns."""
    figure = theme.current().px("line.number.w")
    return (
        Column("voucher", tr("Voucher"), figure * 2),
        Column("code", tr("Account code"), figure),
        Column("account", tr("Account")),
        Column("debit", tr("Debit"), figure, kind="number"),
        Column("credit", tr("Credit"), figure, kind="number"),
    )


def rows_of_books(report: VoucherReport) -> list[TableRow]:
    """The newest day first; an amount stands on one side."""
    return [
        TableRow(
            f"{name_of(one)}/{entry.account}",
            (
                Cell(name_of(one), bold=True),
                CODES[entry.account],
                tr(TITLES[entry.account]),
                money(entry.debit_minor, one.currency) if entry.debit_minor else "",
                money(entry.credit_minor, one.currency) if entry.credit_minor else "",
            ),
        )
        for one in report.vouchers
        for entry in one.entries
    ]


def about_books(report: VoucherReport) -> tuple[EvidenceSection, ...]:
    """Say that they balance, and what is in them and what is not."""
    return (
        EvidenceSection(tr("Debit and credit"), tuple(_balance(one) for one in report.vouchers[:7])),
        EvidenceSection(tr("How they are made"), (
            Paragraph(tr("Orders count on the day they left, refunds when their case was settled."), NOTE),
            Paragraph(tr("Tax is in prices, each order rounded by itself."), NOTE),
            Paragraph(tr("Fees and discounts the channel bears are in the channel's own bills."), NOTE),
        )),
    )  # fmt: skip


def _balance(one: Voucher) -> MarkedLine:
    debit, credit = one.sums
    made = tr("orders: {orders}, refunds: {refunds}", orders=count(one.orders), refunds=count(one.refunds))
    amount = money(debit, one.currency)
    line = tr("{voucher}: {amount} on both sides, {made}", voucher=name_of(one), amount=amount, made=made)
    return MarkedLine("met" if debit == credit else "stops", line)
