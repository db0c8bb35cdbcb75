"""The buyer wrote something a person must read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from app.commands.recheck import Recheck
from app.domain.carrier import NotServed
from app.domain.order import Status
from app.engine import inverse_of
from app.preview import preview
from app.snags.note_request import KIND
from tests.builders import RECEIVER, Company, actor
from tests.carrier_world import FAR, NEAR, with_carriers

READ, HOLD, WISH = KIND.repairs


def noted(note: str = "放东门快递柜", company: Company | None = None) -> Company:
    company = company or Company()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, note=note))
    return company


def wished(company: Company) -> Any:
    return WISH.build(company.order(), company.facts(Recheck(order="o1"), None))


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


def test_a_wished_day_holds_the_order_till_then_and_the_note_is_still_to_be_read():
    company = noted("请 6月20日 再发，谢谢")
    command = wished(company)
    facts = company.facts(command, actor())
    shown, undo = preview(command, company.order(), facts), inverse_of(command, facts)
    company.must(command)

    assert [(row.label, row.before, row.after) for row in shown.rows][-1] == ("Goes on at", "", "2026-06-20")
    assert company.order().pause.until == datetime(2026, 6, 19, 16, 0, tzinfo=UTC)
    assert company.order().snag("note_request") is not None
    assert wished(company) is None, "it is held already"
    company.must(undo)
    assert company.order().pause is None


def test_a_carrier_the_buyer_does_not_want_gives_way_to_the_next_and_comes_back():
    company = noted("不要发山脊快递", with_carriers())
    before = company.order()
    command = wished(company)
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)

    assert (before.carriage.carrier, company.order().carriage.carrier) == ("SJ", "YX")
    assert wished(company) is None, "another one takes it already"
    company.must(undo)
    assert company.order().carriage == before.carriage


def test_where_nobody_else_goes_or_the_note_says_more_there_is_no_such_key():
    nowhere = msgspec.structs.replace(FAR, not_served=(NotServed(province="浙江省"),))

    assert wished(noted("不要发山脊快递", with_carriers(NEAR, nowhere))) is None
    assert wished(noted("6月20日再发，放东门快递柜")) is None
    assert WISH.off == "", "it stands on the card only where it helps"
