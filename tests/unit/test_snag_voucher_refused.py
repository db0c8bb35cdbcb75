"""A voucher the books do not take: a case, sent again when somebody says so, or closed as booked by hand."""

from __future__ import annotations

from app.commands.open_case import OpenCase
from app.domain.clock import Wait
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.voucher_refused import KIND
from app.text import Text
from tests.builders import Company, actor

AGAIN, BY_HAND = KIND.case_repairs
CASE = "voucher:TM1:20260613:CNY/1"


def refused() -> Company:
    company = Company()
    opened = OpenCase(case=CASE, kind="voucher_refused", subject_id=CASE[:-2], text=Text("why"))
    company.must(opened, Role.WORKER)
    return company


def test_sent_again_it_waits_for_the_books_and_can_be_taken_back():
    company = refused()
    command = AGAIN.build(CASE)
    assert command is not None
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    snooze = company.rows["snag", CASE].snag.snooze
    assert snooze is not None
    assert (snooze.wait, company.refused(command)) == (Wait.PLATFORM, "asleep")
    company.must(undo)
    assert company.rows["snag", CASE].snag.snooze is None


def test_booked_by_hand_it_is_closed():
    company = refused()
    company.must(BY_HAND.build(CASE))

    assert company.rows["snag", CASE].is_open is False
