"""Vouchers (记账凭证): what shops sold and gave back, a day and shop at a time, in double entry.

What left counts on the day it left, what was given back on the day its case was settled, where the shop is;
a refund that is taken back is booked back on the day that happens, so days that are over never change.
Tax is in prices, each order rounded to the cent by itself; debit and credit are equal by construction. What a
channel keeps is booked at the rates of the shop, so that receivables come to what it pays out: its commission
comes back with a refund, what the payment cost does not. Costs and discounts a channel bears are not known
here: they stand in the channel's own bills.
Source: channels.md section 3, finance export.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

import msgspec

from app.text import N_


class Account(StrEnum):
    """Where an amount is booked, in the order in which a voucher lists them."""

    RECEIVABLE = "receivable"
    DISCOUNT = "discount"
    RETURNS = "returns"
    REVENUE = "revenue"
    FREIGHT = "freight"
    TAX = "tax"
    COMMISSION = "commission"
    PAYMENT_FEE = "payment_fee"


TITLES: Mapping[Account, str] = {
    Account.RECEIVABLE: N_("Receivables"),
    Account.DISCOUNT: N_("Discounts given"),
    Account.RETURNS: N_("Refunds given"),
    Account.REVENUE: N_("Revenue from goods"),
    Account.FREIGHT: N_("Freight and extras charged"),
    Account.TAX: N_("Output VAT"),
    Account.COMMISSION: N_("Commission of the channel"),
    Account.PAYMENT_FEE: N_("Payment fees"),
}
CODES: Mapping[Account, str] = {
    Account.RECEIVABLE: "1122",
    Account.DISCOUNT: "6001.02",
    Account.RETURNS: "6001.03",
    Account.REVENUE: "6001.01",
    Account.FREIGHT: "6051",
    Account.TAX: "2221.01.06",
    Account.COMMISSION: "6601.05",
    Account.PAYMENT_FEE: "6603.02",
}
"""Usual codes of the Chinese chart of accounts (企业会计准则); a bookkeeping program maps them."""


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One order that left, or with `refund_minor` one refund; less than nothing is one taken back.

    Units: `*_minor` minor units of `currency`; `tax_pct` whole percent; `*_bp` hundredths of a percent.
    """

    day: date
    shop: str
    currency: str
    tax_pct: int
    total_minor: int = 0
    payable_minor: int = 0
    refund_minor: int = 0
    commission_bp: int = 0
    payment_bp: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a voucher. Units: minor units of its currency."""

    account: Account
    debit_minor: int = 0
    credit_minor: int = 0


class Voucher(msgspec.Struct, frozen=True, kw_only=True):
    """What one shop did on one day in one currency. `orders`, `refunds`: of how many it is made."""

    day: date
    shop: str
    currency: str
    entries: tuple[Entry, ...]
    orders: int
    refunds: int

    @property
    def sums(self) -> tuple[int, int]:
        """Debit and credit."""
        return sum(one.debit_minor for one in self.entries), sum(one.credit_minor for one in self.entries)


def tax_in(amount_minor: int, tax_pct: int) -> int:
    """Return the tax that is in an amount, rounded half up to the cent."""
    return (2 * amount_minor * tax_pct + 100 + tax_pct) // (2 * (100 + tax_pct))


def fee_of(amount_minor: int, rate_bp: int) -> int:
    """Return what a channel keeps of an amount, rounded half up to the cent."""
    return (2 * amount_minor * rate_bp + 10_000) // 20_000


def vouchers(deeds: Iterable[Deed]) -> tuple[Voucher, ...]:
    """Return the vouchers of what was done, the newest day first. Units: minor units."""
    sums: dict[tuple[date, str, str], dict[Account, int]] = {}
    counts: dict[tuple[date, str, str], list[int]] = {}
    for deed in deeds:
        key = (deed.day, deed.shop, deed.currency)
        at, count = sums.setdefault(key, {}), counts.setdefault(key, [0, 0])
        count[1 if deed.refund_minor else 0] += 1
        for account, minor in _booked(deed).items():
            at[account] = at.get(account, 0) + minor
    return tuple(
        Voucher(
            day=day, shop=shop, currency=currency, entries=_entries(sums[day, shop, currency]),
            orders=counts[day, shop, currency][0], refunds=counts[day, shop, currency][1],
        )
        for day, shop, currency in sorted(sums, key=lambda key: (-key[0].toordinal(), *key[1:]))
    )  # fmt: skip


def _booked(deed: Deed) -> dict[Account, int]:
    """Return what is debited, and negative what is credited; it adds up to nothing."""
    if deed.refund_minor < 0:
        given = msgspec.structs.replace(deed, refund_minor=-deed.refund_minor)
        return {account: -minor for account, minor in _booked(given).items()}
    if deed.refund_minor:
        tax, back = tax_in(deed.refund_minor, deed.tax_pct), fee_of(deed.refund_minor, deed.commission_bp)
        return {
            Account.RETURNS: deed.refund_minor - tax,
            Account.TAX: tax,
            Account.COMMISSION: -back,
            Account.RECEIVABLE: back - deed.refund_minor,
        }
    kept, paid = fee_of(deed.payable_minor, deed.commission_bp), fee_of(deed.payable_minor, deed.payment_bp)
    tax, extra = tax_in(deed.payable_minor, deed.tax_pct), deed.payable_minor - deed.total_minor
    return {
        Account.RECEIVABLE: deed.payable_minor - kept - paid,
        Account.COMMISSION: kept,
        Account.PAYMENT_FEE: paid,
        Account.DISCOUNT: max(0, -extra),
        Account.FREIGHT: -max(0, extra),
        Account.TAX: -tax,
        Account.REVENUE: tax - deed.total_minor,
    }


def _entries(sums: Mapping[Account, int]) -> tuple[Entry, ...]:
    return tuple(
        Entry(account=account, debit_minor=max(0, minor), credit_minor=max(0, -minor))
        for account in Account
        if (minor := sums.get(account, 0))
    )
