"""Every exception type as the table of the capability page has it.

Source: capabilities 15.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import pytest

from app.commands.open_case import KINDS as CASES
from app.domain.clock import WAIT_TITLES
from app.domain.rules import Rules
from app.domain.waiting import WAIT_MOST_MIN
from app.duty_acts import AT_MOST
from app.kinds import KINDS
from app.snag import LAST_RANK
from app.snags.platform_lock import PATIENCE_MIN

GOAL = Rules().snag_goal_min
WEEK = PATIENCE_MIN
"""A platform lock has no goal; after a week of work somebody asks all the same."""


class Row(NamedTuple):
    code: str
    goal_min: int
    stops: str = ""
    repairs: int = 2
    locks: bool = False
    group: str = ""


TABLE = (
    Row("fraud_risk", 28, repairs=3, locks=True, group="lead"),
    Row("platform_lock", WEEK, "platform", 3, locks=True),
    Row("refund_requested", 28, "platform", 3, locks=True),
    Row("address_changed", 15),
    Row("lease_exceeded", 28, "stock", 3),
    Row("short_stock", 28, "stock", 3),
    Row("stock_drift", 28, "count"),
    Row("duplicate_suspect", 28, "customer", 3),
    Row("price_anomaly", 28, "customer", 3),
    Row("payment_failed", 120, "customer platform", 3),
    Row("part_paid", 120, "customer", 3),
    Row("credit_hold", 240, "customer", 3),
    Row("address_invalid", 28, "customer", 3),
    Row("receiver_invalid", 28, "customer", 3),
    Row("carrier_unreachable", 28, "carrier"),
    Row("label_failed", 15, "carrier"),
    Row("warehouse_rejected", 28),
    Row("sku_unmapped", 28),
    Row("delivery_failed", 120, "carrier customer"),
    Row("ship_overdue", 28, repairs=3),
    Row("return_due", 1440, "carrier"),
    Row("exchange_due", 1440, "carrier stock"),
    Row("install_conflict", 120, "customer"),
    Row("invoice_missing", 240, "customer", 3),
    Row("invoice_rejected", 240, "provider", 3),
    Row("contract_void", 240, "customer"),
    Row("writeback_failed", 60, "platform"),
    Row("refused_command", 28, repairs=1),
    Row("review_split", 28),
    Row("note_request", 28, "customer", 3, locks=True),
    Row("merge_wait", WAIT_MOST_MIN, locks=True),
    Row("unclassified", 28, repairs=3),
    Row("unreadable_order", 28, "platform", 3),
)
"""In the order of severity.

Who waits to be merged is released by its shop's own time, four hours at most; "do it again" and the sides of
a refused change are keys of their own beside its one repair.
"""
BESIDE = {
    "source_changed": 4, "lot_recalled": 4, "effect_unknown": 27, "sent_back": 29, "review_late": 29,
    "broken_command": LAST_RANK, "history_broken": LAST_RANK, "token_stolen": LAST_RANK,
    "voucher_refused": 25,
}  # fmt: skip
"""Types of the house itself, each with the place of the one it is most like."""


def test_the_table_has_every_type_and_no_other():
    assert [row.code for row in TABLE] == sorted(
        KINDS.keys() - BESIDE.keys(), key=lambda code: KINDS[code].rank
    )
    assert [KINDS[row.code].rank for row in TABLE] == list(range(1, 34))
    assert {code: KINDS[code].rank for code in BESIDE} == BESIDE


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.code)
def test_a_type_is_as_the_table_says(row):
    kind = KINDS[row.code]

    assert (kind.goal_min or GOAL) == row.goal_min
    assert set(kind.stops) == set(row.stops.split())
    assert len(kind.repairs or kind.case_repairs) == row.repairs
    assert (kind.locks, kind.group) == (row.locks, row.group)


def test_a_case_has_the_severity_and_the_waits_of_its_type():
    assert {code: (about.severity, about.may_stop) for code, about in CASES.items()} == {
        code: (KINDS[code].severity, KINDS[code].stops) for code in CASES
    }
    assert {KINDS[code].goal_min for code in CASES} == {0}, "cases open with the goal of the rules"


def test_whoever_may_be_waited_for_has_a_name_and_an_end():
    waits = set(itertools.chain.from_iterable(kind.stops for kind in KINDS.values()))

    assert waits == set(WAIT_TITLES) == set(AT_MOST)


@pytest.mark.parametrize("code", [row.code for row in TABLE] + list(BESIDE))
def test_keys_of_a_card_do_not_look_alike(code):
    repairs = KINDS[code].repairs or KINDS[code].case_repairs

    assert len({repair.label for repair in repairs}) == len(repairs)
