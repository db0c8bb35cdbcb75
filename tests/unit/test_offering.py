"""What shops are offered: the most restrictive policy wins, is named, and never makes less than nothing."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from builders import SHOPS
from hypothesis import given
from hypothesis import strategies as st
from settings_world import settled

from app.commands.set_stock_policy import SetStockPolicy
from app.domain.offering import Mode, StockPolicy, in_force, offered
from app.domain.values import Role

TM1 = SHOPS["TM1"]
DAY = date(2026, 6, 13)
KEEPS = StockPolicy(code="K", title="Keeps 3", mode=Mode.BUFFER, amount=3)


def policy(code: str, mode: Mode, amount: int = 0, **more) -> StockPolicy:
    return StockPolicy(code=code, title=code, mode=mode, amount=amount, **more)


@pytest.mark.parametrize(
    ("mode", "amount", "available", "pieces"),
    [
        (Mode.BUFFER, 3, 10, 7),
        (Mode.BUFFER, 30, 10, 0),
        (Mode.PERCENT, 25, 10, 7),  # what is kept back is rounded up
        (Mode.PERCENT, 100, 10, 0),
        (Mode.CAP, 4, 10, 4),
        (Mode.CAP, 40, 10, 10),
        (Mode.EXCLUDE, 0, 10, 0),
    ],
)
def test_a_policy_lowers_what_is_offered(mode, amount, available, pieces):
    assert offered(available, "LN-220", [policy("P", mode, amount)]).pieces == pieces


def test_the_most_restrictive_one_wins_and_is_named():
    several = [policy("A", Mode.BUFFER, 2), policy("B", Mode.CAP, 5), policy("C", Mode.PERCENT, 10)]

    found = offered(10, "LN-220", several)

    assert (found.pieces, found.by.code) == (5, "B")


def test_a_policy_that_changes_nothing_is_not_named():
    assert offered(3, "LN-220", [policy("A", Mode.CAP, 5)]) == (3, None)


@pytest.mark.parametrize(
    ("articles", "is_of"),
    [
        ((), True),
        (("LN-220",), True),
        (("LN-*",), True),
        (("*",), True),
        (("LN-22",), False),
        (("DV-*",), False),
    ],
)
def test_it_is_about_articles_by_code_or_by_the_beginning_of_their_codes(articles, is_of):
    assert policy("A", Mode.EXCLUDE, articles=articles).is_of("LN-220") is is_of


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"shops": ("TM1",)}, True),
        ({"shops": ("DY1",)}, False),
        ({"channels": ("TM",)}, True),
        ({"channels": ("JD",)}, False),
        ({"shops": ("DY1",), "channels": ("TM",)}, True),
        ({"since_on": date(2026, 6, 14)}, False),
        ({"since_on": DAY, "until_on": DAY}, True),
        ({"until_on": date(2026, 6, 12)}, False),
        ({"active": False}, False),
    ],
)
def test_it_holds_for_some_shops_from_a_day_to_a_day(changes, holds):
    assert bool(in_force([msgspec.structs.replace(KEEPS, **changes)], TM1, DAY)) is holds


@given(
    st.integers(-5, 1_000),
    st.lists(st.tuples(st.sampled_from(list(Mode)), st.integers(0, 100)), max_size=6),
)
def test_no_figure_is_negative_and_none_is_above_what_any_policy_leaves(available, some):
    policies = [policy(str(n), mode, amount) for n, (mode, amount) in enumerate(some)]

    found = offered(available, "LN-220", policies)

    alone = [offered(available, "LN-220", [one]).pieces for one in policies]
    assert found.pieces == min([max(0, available), *alone])
    assert found.by is None or found.by.leaves(max(0, available)) == found.pieces


# --- publishing one -----------------------------------------------------------------------------------


def test_a_lead_publishes_it_and_takes_the_change_back():
    company = settled()
    company.must(SetStockPolicy(policy=KEEPS), Role.LEAD)
    raised = msgspec.structs.replace(KEEPS, amount=5, rev=1)

    company.must(SetStockPolicy(policy=raised), Role.LEAD)

    assert company.refs.stock_policies["K"].amount == 5
    assert company.refused(SetStockPolicy(policy=KEEPS), Role.LEAD) == "stale_content"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "缓冲"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"amount": -1}, "bad_amount"),
        ({"mode": Mode.PERCENT, "amount": 101}, "bad_amount"),
        ({"since_on": DAY, "until_on": date(2026, 6, 12)}, "bad_days"),
        ({"shops": ("XX",)}, "unknown_shop"),
        ({"channels": ("XX",)}, "unknown_shop"),
        ({"articles": ("XX-1",)}, "unknown_sku"),
        ({"articles": tuple(f"A-{n}*" for n in range(501))}, "too_many"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(changes, code):
    assert (
        settled().refused(SetStockPolicy(policy=msgspec.structs.replace(KEEPS, **changes)), Role.LEAD) == code
    )
