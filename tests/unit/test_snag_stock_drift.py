"""The counter of a shelf is not what its papers come to."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.claim import Claim
from app.commands.count_bin import CountBin
from app.commands.open_case import OpenCase
from app.commands.recheck import AGREES, Recheck
from app.commands.repair_shelf import RepairShelf
from app.commands.snooze import Snooze
from app.commands.withdraw_stock_doc import WithdrawStockDoc
from app.domain.clock import Wait
from app.domain.drift import Drift, drift_key, shelf_of_case
from app.domain.values import Role, snag_key
from app.domain.working_time import Calendar
from app.duty_acts import laters
from app.shelf_preview import repaired_shelf
from app.snag_card import Duty
from app.snags.stock_drift import KIND
from app.text import Text
from tests.builders import NOW, Company, actor, stock

CASE = "drift/SZ/LN-220/1"
REPAIR, LEAVE = KIND.case_repairs


def drifted(on_hand: int = 10, reserved: int = 0) -> Company:
    """A shelf that holds 7 on its counter; its papers come to something else."""
    company = Company()
    company.rows["stock", "SZ/LN-220"] = stock(on_hand=7)
    company.rows[drift_key("SZ/LN-220")] = Drift(case=CASE, on_hand=7 - on_hand, reserved=-reserved)
    found = OpenCase(case=CASE, kind="stock_drift", subject_id="SZ/LN-220", text=Text("7, 10"))
    company.must(found, Role.WORKER)
    return company


def test_a_case_names_its_shelf_whatever_the_article_is_called():
    assert shelf_of_case("drift/SZ/A/B-1/12") == ("SZ", "A/B-1")
    assert shelf_of_case("018f-case") == shelf_of_case("drift/1") == ("", "")


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
    company.rows.pop(drift_key("SZ/LN-220"))

    assert company.refused(REPAIR.build(CASE), Role.LEAD) == "wait"


def test_goods_that_come_to_light_wake_who_waits_for_them():
    company = drifted()

    repaired, _ = company.must(REPAIR.build(CASE), Role.LEAD)

    assert repaired.wakes() == ("stock:LN-220",)
    assert msgspec.json.encode(repaired.says())


def test_the_card_shows_the_counters_before_and_after_and_who_can_have_more():
    """What sold since the case was opened has moved both."""
    shown = repaired_shelf(stock(on_hand=6, reserved=2), {"on_hand": -3, "reserved": 1})

    assert shown is not None
    assert [(row.label, row.before, row.after, row.state) for row in shown.rows] == [
        ("On hand", "6", "9", "replaced"),
        ("Promised", "2", "1", "replaced"),
        ("Not promised", "4", "8", "replaced"),
    ]
    assert repaired_shelf(stock(), {"kept": 3}) is None, "a case of then says too little"


# --- counting ------------------------------------------------------------------------------------


def count(company: Company, counted: int, by: str = "qiao", doc: str = "d1") -> None:
    company.must(
        CountBin(doc=doc, warehouse="SZ", sku="LN-220", counted=counted, base=company.stock().on_hand),
        actor(Role.WAREHOUSE, by),
    )


@pytest.mark.parametrize("there", [7, 8, 10, 12])
def test_a_count_settles_it_whatever_lies_there(there):
    """Held against the wrong counter it would book the drift into the papers."""
    company = drifted()

    count(company, there)

    (doc,) = (row for key, row in company.rows.items() if key[0] == "stock_doc")
    assert company.stock().on_hand == there == 10 + doc.difference
    assert not company.rows[snag_key(CASE)].is_open


def test_what_is_promised_is_set_right_with_a_count_too():
    company = drifted(on_hand=7, reserved=2)

    count(company, 7)

    assert (company.stock().on_hand, company.stock().reserved) == (7, 2)


def test_while_a_second_count_is_waited_for_its_clock_stands_still():
    company = drifted()
    company.set_rules(recount_above_pieces=1)

    count(company, 13)

    case = company.rows[snag_key(CASE)]
    assert (case.is_open, case.snag.snooze.wait, company.stock().on_hand) == (True, Wait.COUNT, 7)
    assert [(stop.wait, stop.until) for stop in case.snag.stops] == [(Wait.COUNT, None)]
    count(company, 13, by="wu")
    assert (company.rows[snag_key(CASE)].is_open, company.stock().on_hand) == (False, 13)


def test_a_first_count_that_is_taken_back_brings_its_case_back():
    company = drifted()
    company.set_rules(recount_above_pieces=1)
    count(company, 13)
    asks = company.stock().counting

    company.now += timedelta(minutes=10)
    company.must(WithdrawStockDoc(doc=asks, warehouse="SZ", sku="LN-220"), Role.WAREHOUSE)

    snag = company.rows[snag_key(CASE)].snag
    assert (snag.snooze, [stop.wait for stop in snag.stops]) == (None, [Wait.COUNT])
    assert snag.stops[0].until == company.now


def test_it_may_be_put_off_until_the_bin_is_counted():
    company = drifted()
    case = company.rows[snag_key(CASE)]
    duty = Duty(worked_s=0, rested_s=0, goal_s=60, may_stop=case.snag.may_stop)

    offered = laters(duty, NOW, Calendar(), "UTC")

    assert [(one.wait, one.stops) for one in offered if one.wait] == [(Wait.COUNT, True)]
    company.must(
        Snooze(case=CASE, kind=KIND.code, until=NOW + timedelta(hours=3), wait=Wait.COUNT), Role.LEAD
    )
    count(company, 10)
    assert not company.rows[snag_key(CASE)].is_open


def test_a_shelf_that_is_right_by_itself_loses_its_case_and_says_why():
    company = drifted(on_hand=7)

    (closed,) = company.must(Recheck(case=CASE), Role.WORKER)

    assert (closed.id, closed.says()) == (CASE, AGREES)
    assert not company.rows[snag_key(CASE)].is_open


def test_one_that_still_differs_keeps_it():
    company = drifted()

    assert company.must(Recheck(case=CASE), Role.WORKER) == []
