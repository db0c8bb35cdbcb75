"""The buyer changed the address on the channel when the warehouse had begun."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.print_paper import PrintPaper
from app.commands.recheck import Recheck
from app.commands.ship import Ship
from app.commands.take_address import TakeAddress
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.preview import preview
from app.snags.address_changed import KIND
from tests.builders import RECEIVER, REGION, Company, actor, pick_all

ELSEWHERE = msgspec.structs.replace(RECEIVER, street="湖墅南路9号金桂苑2幢301")
TAKE, KEEP = KIND.repairs


def moved(*, packed: bool = False, **receiver: str) -> Company:
    company = Company()
    company.receive()
    pick_all(company)
    if packed:
        company.must(Pack(order="o1"), Role.WAREHOUSE)
        company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)
    company.receive(ext_version="2", receiver=msgspec.structs.replace(ELSEWHERE, **receiver))
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_before_the_warehouse_has_begun_the_new_address_is_simply_taken():
    company = Company()
    company.receive()

    order = company.receive(ext_version="2", receiver=ELSEWHERE)

    assert (order.receiver, order.announced, order.snag("address_changed")) == (ELSEWHERE, None, None)


def test_a_change_while_picking_is_asked_about_and_the_old_one_stays():
    order = moved().order()

    snag = order.snag("address_changed")
    assert order.receiver == RECEIVER
    assert snag is not None
    assert ELSEWHERE.street not in msgspec.json.encode(snag).decode()
    assert snag.goal_min == 15


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"street": RECEIVER.street, "phone": "13911112222"}, "phone"), ({"name": "季大雨"}, "receiver")],
)
def test_it_says_what_is_different(changes, word):
    snag = moved(**changes).order().snag("address_changed")

    assert word in msgspec.json.encode(snag.text).decode()


def test_nothing_is_packed_or_sent_before_somebody_has_decided():
    picked, packed = moved(), moved(packed=True)

    assert picked.refused(Pack(order="o1"), Role.WAREHOUSE) == "moved"
    assert packed.refused(Ship(order="o1", carrier="SF", tracking_no="1"), Role.WAREHOUSE) == "moved"


def test_the_new_address_is_taken_and_its_label_is_a_first_one():
    company = moved(packed=True)
    assert company.order().prints == {"label": 1}

    company.must(repair(company, TAKE))

    order = company.order()
    assert (order.receiver, order.announced, order.prints) == (ELSEWHERE, None, {})
    assert order.snag("address_changed") is None
    company.must(Ship(order="o1", carrier="SF", tracking_no="1"), Role.WAREHOUSE)
    assert company.order().status is Status.SHIPPED


def test_the_preview_shows_where_it_went_and_where_it_goes():
    company = moved()

    shown = preview(repair(company, TAKE), company.order(), company.facts(Recheck(order="o1"), actor()))

    assert (RECEIVER.street, ELSEWHERE.street) in {(row.before, row.after) for row in shown.rows}


def test_taken_back_it_goes_where_it_went_and_is_asked_again():
    company = moved()
    take = repair(company, TAKE)
    undo = inverse_of(take, company.facts(take, actor()))

    company.must(take)
    company.must(undo)

    assert (company.order().receiver, company.order().region) == (RECEIVER, REGION)
    assert company.order().snag("address_changed") is not None


def test_keeping_the_old_one_is_an_answer_until_the_buyer_changes_it_again():
    company = moved()
    keep = repair(company, KEEP)
    undo = inverse_of(keep, company.facts(keep, actor()))

    company.must(keep)
    assert company.order().snag("address_changed") is None
    again = msgspec.structs.replace(ELSEWHERE, street="文晖路90号")
    company.receive(ext_version="3", receiver=again)

    assert company.order().snag("address_changed") is not None
    assert undo is not None


def test_it_closes_when_the_channel_goes_back_to_the_old_address():
    company = moved()

    company.receive(ext_version="3", receiver=RECEIVER)

    assert (company.order().announced, company.order().snag("address_changed")) == (None, None)


def test_the_channel_repeating_what_was_taken_asks_nobody():
    company = moved()
    company.must(repair(company, TAKE))

    company.receive(ext_version="3", receiver=ELSEWHERE, refunded_minor=100)

    assert company.order().snag("address_changed") is None


def test_what_cannot_be_taken_says_why():
    company = moved()

    assert company.refused(TakeAddress(order="o1", said="something else")) == "stale_content"
    assert company.refused(TakeAddress(order="none", said="x")) == "no_order"
    fresh = Company()
    fresh.receive()
    assert fresh.refused(TakeAddress(order="o1", said="x")) == "nothing_new"


def test_an_address_without_a_street_is_not_taken():
    company = moved(street="")
    said = company.order().announced.said

    assert company.refused(TakeAddress(order="o1", said=said)) == "incomplete_address"


def test_goods_put_back_go_there_when_somebody_takes_it():
    company = moved()
    company.must(Pick(order="o1", line="1", qty=-1), Role.WAREHOUSE)

    company.must(repair(company, TAKE))

    assert (company.order().receiver, company.order().snags) == (ELSEWHERE, ())


def test_goods_put_back_take_the_address_when_the_channel_says_it_again():
    company = moved()
    company.must(Pick(order="o1", line="1", qty=-1), Role.WAREHOUSE)

    company.receive(ext_version="3", receiver=ELSEWHERE, refunded_minor=100)

    assert (company.order().receiver, company.order().announced) == (ELSEWHERE, None)
