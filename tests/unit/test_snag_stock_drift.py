"""The counter of a shelf is not what its papers come to."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.claim import Claim
from app.commands.open_case import OpenCase
from app.commands.repair_shelf import RepairShelf
from app.domain.drift import Papers, papers_key, shelf_of_case
from app.domain.values import Role, snag_key
from app.snags.stock_drift import KIND
from app.text import Text
from tests.builders import Company, actor, stock

CASE = "drift/SZ/LN-220/1"
REPAIR, LEAVE = KIND.case_repairs


def drifted(on_hand: int = 10, reserved: int = 0) -> Company:
    """A shelf that holds 7 on its counter; its papers come to something else."""
    company = Company()
    company.rows["stock", "SZ/LN-220"] = stock(on_hand=7)
    company.rows[papers_key("SZ/LN-220")] = Papers(on_hand=on_hand, reserved=reserved)
    found = OpenCase(case=CASE, kind="stock_drift", subject_id="SZ/LN-220", text=Text("7, 10"))
    company.must(found, Role.WORKER)
    return company


def test_a_case_names_its_shelf_whatever_the_article_is_called():
    assert shelf_of_case("drift/SZ/A/B-1/12") == ("SZ", "A/B-1")


def test_repairing_sets_that_row_only_and_says_who_and_what_it_was():
    company = drifted(reserved=2)
    before = dict(company.rows)

    repaired, closed = company.must(REPAIR.build(CASE), actor(Role.LEAD, "wu"))

    assert (company.stock().on_hand, company.stock().reserved) == (10, 2)
    assert (repaired.by, repaired.was_on_hand, closed.id) == ("wu", 7, CASE)
    changed = {key for key, row in company.rows.items() if before[key] != row}
    assert changed == {("stock", "SZ/LN-220"), snag_key(CASE)}


def test_a_shelf_that_agrees_by_now_only_loses_its_case():
    company = drifted(on_hand=7)

    (closed,) = company.must(REPAIR.build(CASE), Role.LEAD)

    assert (closed.id, company.stock().on_hand) == (CASE, 7)


def test_left_so_nothing_changes():
    company = drifted()

    company.must(LEAVE.build(CASE), Role.LEAD)

    assert (company.stock().on_hand, company.rows[snag_key(CASE)].is_open) == (7, False)


@pytest.mark.parametrize(("on_hand", "reserved"), [(3, 5), (-1, 0)])
def test_papers_that_cannot_be_right_are_not_believed(on_hand, reserved):
    company = drifted(on_hand, reserved)

    assert company.refused(REPAIR.build(CASE), Role.LEAD) == "promised"


def test_only_a_lead_repairs_and_only_what_is_open():
    company = drifted()
    assert company.refused(REPAIR.build(CASE), Role.CLERK) == "not_allowed"
    assert company.refused(RepairShelf(case="drift/SZ/LN-220/2"), Role.LEAD) == "no_case"
    assert company.refused(RepairShelf(case="c1"), Role.LEAD) == "no_case"

    company.must(Claim(case=CASE, kind="stock_drift"), actor(Role.LEAD, "shen"))
    assert company.refused(REPAIR.build(CASE), actor(Role.LEAD, "wu")) == "taken"


def test_without_the_hub_nobody_reads_the_papers():
    company = drifted()
    company.rows.pop(papers_key("SZ/LN-220"))

    assert company.refused(REPAIR.build(CASE), Role.LEAD) == "wait"


def test_goods_that_come_to_light_wake_who_waits_for_them():
    company = drifted()

    repaired, _ = company.must(REPAIR.build(CASE), Role.LEAD)

    assert repaired.wakes() == ("stock:LN-220",)
    assert msgspec.json.encode(repaired.says())
