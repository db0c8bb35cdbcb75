"""A case that is about no order of ours: opened once, closed by a person."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from app.commands.claim import Claim
from app.commands.open_case import OpenCase
from app.commands.read_again import ReadAgain
from app.commands.wake import Wake
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.unreadable_order import KIND
from app.text import Text
from tests.builders import NOW, Company, actor

READ, COLUMNS, CLOSE = KIND.case_repairs
CASE = "shop:TM1:0a1b"
OPEN = OpenCase(case="c1", kind="unreadable_order", subject_id="s1", text=Text("why"), owner="lin")


def test_a_case_is_opened_once():
    company = Company()

    company.must(OPEN, Role.WORKER)

    case = company.rows["snag", "c1"]
    assert (case.subject, case.subject_id, case.owner, case.is_open) == ("raw", "s1", "lin", True)
    assert case.snag.kind == "unreadable_order"
    assert case.snag.due_at - case.snag.opened_at == timedelta(minutes=28)
    assert company.refused(OPEN, Role.WORKER) == "unchanged"


def test_one_key_closes_it():
    company = Company()
    company.must(OPEN, Role.CHANNEL)

    company.must(CLOSE.build("c1"))

    assert company.rows["snag", "c1"].is_open is False
    assert company.refused(CLOSE.build("c1")) == "no_case"


def channel_case() -> Company:
    company = Company()
    company.must(msgspec.structs.replace(OPEN, case=CASE), Role.CHANNEL)
    return company


def test_reading_it_again_waits_for_the_channel_for_an_hour_and_can_be_taken_back():
    company = channel_case()
    command = READ.build(CASE)
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    snooze = company.rows["snag", CASE].snag.snooze
    twice = company.refused(command)
    company.must(undo)

    assert (snooze.wait, snooze.until, twice) == ("platform", NOW + timedelta(hours=1), "asleep")
    assert company.rows["snag", CASE].snag.stops[0].until is not None
    assert company.rows["snag", CASE].snag.snooze is None
    assert isinstance(undo, Wake)


def test_what_came_in_a_file_is_not_asked_for_again():
    company = Company()
    company.must(OPEN, Role.CHANNEL)

    assert READ.build("c1") is None
    assert company.refused(ReadAgain(case="c1")) == "no_channel"


def test_what_came_in_a_file_opens_its_columns_and_nothing_else_does():
    assert [COLUMNS.opens(case) for case in ("file:S1:0a1b", CASE)] == ["import_file", ""]
    assert COLUMNS.build("file:S1:0a1b") is None


def test_what_could_be_read_is_over_whoever_has_it():
    company = channel_case()
    over = msgspec.structs.replace(OPEN, case=CASE, text=Text("It could be read now"), over=True)
    company.must(Claim(case=CASE, kind=KIND.code), actor(user="shen"))
    held = company.refused(READ.build(CASE), actor(user="lin"))

    company.must(over, Role.CHANNEL)

    assert held == "taken"
    assert company.rows["snag", CASE].is_open is False
    assert company.refused(over, Role.CHANNEL) == "unchanged"
    assert company.refused(READ.build(CASE)) == "no_snag"
