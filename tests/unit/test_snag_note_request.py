"""The buyer wrote something a person must read."""

from __future__ import annotations

import msgspec

from app.commands.recheck import Recheck
from app.domain.order import Status
from app.snags.note_request import KIND
from tests.builders import RECEIVER, Company

READ, HOLD = KIND.repairs


def noted(note: str = "放东门快递柜") -> Company:
    company = Company()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, note=note))
    return company


def test_a_note_waits_for_a_reader_and_is_not_quoted():
    snag = noted().order().snag("note_request")

    assert snag.text.params == {"count": 6}
    assert "放东门快递柜" not in str(snag)


def test_a_blank_note_is_none():
    assert noted("  ").order().status is Status.RELEASED


def test_reading_it_releases_the_order():
    company = noted()

    company.must(READ.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert company.order().status is Status.RELEASED


def test_another_note_is_asked_about_again():
    company = noted()
    company.must(READ.build(company.order(), company.facts(Recheck(order="o1"), None)))

    order = company.receive(ext_version="2", receiver=msgspec.structs.replace(RECEIVER, note="改天送"))

    assert (order.status, order.snag("note_request").text.params) == (Status.GATED, {"count": 3})


def test_the_order_can_be_held_for_it():
    company = noted()

    company.must(HOLD.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert company.order().pause is not None
