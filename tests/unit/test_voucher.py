"""Vouchers: a day and shop at a time, balanced to the cent, whatever was sold and given back."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.voucher import CODES, TITLES, Account, Deed, Entry, fee_of, tax_in, vouchers

DAY = date(2026, 6, 13)
MINOR = st.integers(0, 10**9)
DEEDS = st.lists(
    st.builds(
        Deed, day=st.dates(date(2026, 6, 1), date(2026, 6, 3)), shop=st.sampled_from(["TM1", "DY1"]),
        currency=st.sampled_from(["CNY", "USD"]), tax_pct=st.integers(0, 20), total_minor=MINOR,
        payable_minor=MINOR, refund_minor=st.just(0) | MINOR, commission_bp=st.integers(0, 2_500),
        payment_bp=st.integers(0, 2_500),
    )
)  # fmt: skip


def deed(**about: int) -> Deed:
    return Deed(day=DAY, shop="TM1", currency="CNY", tax_pct=13, **about)


def entries(*deeds: Deed) -> dict[Account, tuple[int, int]]:
    (voucher,) = vouchers(deeds)
    return {one.account: (one.debit_minor, one.credit_minor) for one in voucher.entries}


def test_a_sale_is_revenue_and_the_tax_in_it():
    assert entries(deed(total_minor=11_300, payable_minor=11_300)) == {
        Account.RECEIVABLE: (11_300, 0), Account.REVENUE: (0, 10_000), Account.TAX: (0, 1_300),
    }  # fmt: skip


def test_a_discount_and_freight_stand_apart():
    off = entries(deed(total_minor=12_000, payable_minor=11_300))
    more = entries(deed(total_minor=10_300, payable_minor=11_300))

    assert (off[Account.DISCOUNT], off[Account.REVENUE]) == ((700, 0), (0, 10_700))
    assert (more[Account.FREIGHT], more[Account.REVENUE]) == ((0, 1_000), (0, 9_000))


def test_money_given_back_takes_its_tax_back():
    sold = deed(total_minor=11_300, payable_minor=11_300)

    assert entries(sold, deed(refund_minor=11_300)) == {
        Account.RETURNS: (10_000, 0), Account.REVENUE: (0, 10_000),
    }  # fmt: skip


def test_what_a_channel_keeps_is_booked_so_that_receivables_are_what_it_pays_out():
    fees = {"commission_bp": 500, "payment_bp": 60}
    sold = deed(total_minor=11_300, payable_minor=11_300, **fees)
    back = deed(refund_minor=1_130, **fees)
    kept, paid = 565, 68

    day = entries(sold, deed(total_minor=999, payable_minor=999, **fees), back)

    payout = (11_300 - kept - paid) + (999 - 50 - 6) - (1_130 - 57)
    assert day[Account.RECEIVABLE] == (payout, 0)
    assert day[Account.COMMISSION] == (kept + 50 - 57, 0)
    assert day[Account.PAYMENT_FEE] == (paid + 6, 0)
    assert sum(debit for debit, _ in day.values()) == sum(credit for _, credit in day.values())
    assert entries(back, deed(refund_minor=-1_130, **fees)) == {}


def test_a_refund_taken_back_leaves_nothing_to_the_cent():
    assert entries(deed(refund_minor=1_131), deed(refund_minor=-1_131)) == {}
    assert entries(deed(refund_minor=-11_300)) == {
        Account.RECEIVABLE: (11_300, 0), Account.RETURNS: (0, 10_000), Account.TAX: (0, 1_300),
    }  # fmt: skip


def test_what_costs_nothing_is_counted_and_books_nothing():
    (voucher,) = vouchers([deed()])

    assert (voucher.entries, voucher.orders, voucher.refunds) == ((), 1, 0)


def test_tax_is_rounded_half_up():
    assert [tax_in(minor, 13) for minor in (0, 4, 5, 100, 11_300)] == [0, 0, 1, 12, 1_300]


@given(deeds=DEEDS)
def test_whatever_happened_every_voucher_balances_and_nothing_is_left_out(deeds: list[Deed]):
    made = vouchers(deeds)

    assert all(one.sums[0] == one.sums[1] for one in made)
    assert len({(one.day, one.shop, one.currency) for one in made}) == len(made)
    assert sum(one.orders + one.refunds for one in made) == len(deeds)
    owed = sum(_net(entry) for one in made for entry in one.entries if entry.account is Account.RECEIVABLE)
    assert owed == sum(map(_paid_out, deeds))


def _paid_out(one: Deed) -> int:
    """What a channel pays for a sale, or takes back for a refund."""
    if one.refund_minor:
        return fee_of(one.refund_minor, one.commission_bp) - one.refund_minor
    fees = fee_of(one.payable_minor, one.commission_bp) + fee_of(one.payable_minor, one.payment_bp)
    return one.payable_minor - fees


def _net(entry: Entry) -> int:
    return entry.debit_minor - entry.credit_minor


def test_every_account_has_a_name_and_a_code():
    assert set(TITLES) == set(CODES) == set(Account)
