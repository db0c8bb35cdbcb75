"""Vouchers as a table for a spreadsheet or a bookkeeping program: a line for each account of a voucher."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.money import PLACES
from app.domain.voucher import CODES, TITLES, Voucher
from app.insight.handling_table import Cell
from app.text import N_, Text

COLUMNS = (
    N_("Voucher"), N_("Day"), N_("Shop"), N_("Currency"), N_("Account code"), N_("Account"), N_("Debit"),
    N_("Credit"), N_("Orders"), N_("Refunds"),
)  # fmt: skip


def name_of(voucher: Voucher) -> str:
    """Name a voucher, the same whenever it is made."""
    return f"{voucher.day:%Y%m%d}-{voucher.shop}-{voucher.currency}"


def amount(minor: int, currency: str) -> float:
    """Return an amount as a cell. Units: `minor` minor units of `currency`."""
    places = PLACES.get(currency, 2)
    return round(minor / float(10**places), places)


def table(vouchers: Sequence[Voucher]) -> list[list[Cell]]:
    """Return the lines, debit and credit each in a column of its own."""
    return [
        [
            name_of(one), f"{one.day:%Y-%m-%d}", one.shop, one.currency, CODES[entry.account],
            Text(TITLES[entry.account]), amount(entry.debit_minor, one.currency),
            amount(entry.credit_minor, one.currency), one.orders, one.refunds,
        ]
        for one in vouchers
        for entry in one.entries
    ]  # fmt: skip
