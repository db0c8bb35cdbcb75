"""Whoever shall take an order does not go there: who would, for how much more, where to fetch it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from builders import actor
from carrier_world import FAR, NEAR, QINGHAI, XINJIANG, bought, with_carriers

from app.commands.choose_carrier import ChooseCarrier
from app.commands.recheck import Recheck
from app.commands.set_carrier import SetCarrier
from app.domain.carrier import NotServed, PickUp
from app.domain.order import Status
from app.domain.values import EVERY_OPEN, Region, Role
from app.engine import inverse_of
from app.snags.carrier_unreachable import KIND
from app.text import Text

NEXT, FETCH = KIND.repairs
POINT = PickUp(province="浙江省", city="杭州市", district="西湖区", street="文三路 90 号驿站")
AWAY = NotServed(province="浙江省", city="杭州市", district="拱墅区")


def seen(company, role=Role.CLERK):
    return company.facts(Recheck(order="o1"), actor(role))


def repaired(company, repair):
    command = repair.build(company.order(), seen(company))
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    return undo


def test_a_much_dearer_carrier_is_asked_about_with_the_difference():
    company = with_carriers()
    bought(company, XINJIANG)
    snag = company.order().snag("carrier_unreachable")

    assert snag.text.params["carrier"] == "YX"
    assert snag.text.params["cost"].params == {"cost": "¥22.00", "extra": "¥14.00"}
    assert company.order().status is Status.GATED


def test_the_next_carrier_lets_it_go_and_undo_brings_it_back():
    company = with_carriers()
    bought(company, XINJIANG)
    undo = repaired(company, NEXT)

    assert company.order().carriage.carrier == "YX"
    assert (company.order().snags, company.order().status) == ((), Status.RELEASED)
    company.must(undo)
    assert company.order().carriage is None
    assert company.order().snag("carrier_unreachable") is not None
    assert company.order().status is Status.GATED


def test_where_nobody_goes_there_is_no_next_one():
    company = with_carriers(NEAR)
    bought(company, XINJIANG)

    assert "nobody else" in company.order().snag("carrier_unreachable").text.message
    assert NEXT.build(company.order(), seen(company)) is None
    assert FETCH.build(company.order(), seen(company)) is None


def test_where_nobody_goes_abroad_the_country_is_named_and_a_carrier_that_does_takes_it():
    there = Region(country="US", province="IL", city="Springfield", postcode="62701", verdict="accept")
    company = with_carriers(NEAR)
    bought(company, there)
    snag = company.order().snag("carrier_unreachable")
    assert snag.text.params["why"].params["country"] == Text("United States")
    assert [one.kind for one in company.order().snags] == ["carrier_unreachable"]

    company = with_carriers(msgspec.structs.replace(NEAR, countries=("CN", "US")))
    bought(company, there)
    assert company.order().snags == ()
    assert company.order().status is Status.RELEASED


def test_whom_a_person_chose_is_asked_about_when_a_stop_begins():
    company = with_carriers()
    bought(company)
    company.must(ChooseCarrier(order="o1", carrier="YX"))
    stopped = msgspec.structs.replace(FAR, not_served=(NotServed(province="浙江省"),))
    (event,) = company.must(SetCarrier(carrier=stopped), Role.LEAD)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert event.wakes() == (EVERY_OPEN,)
    assert company.order().snag("carrier_unreachable").text.params["carrier"] == "SJ"
    assert company.order().status is Status.GATED


def test_it_is_sent_to_a_pick_up_point_of_the_same_city_and_back():
    near = msgspec.structs.replace(NEAR, not_served=(AWAY,), points=(POINT,))
    company = with_carriers(near)
    bought(company)
    before = company.order()
    undo = repaired(company, FETCH)

    order = company.order()
    assert (order.region.district, order.receiver.street) == ("西湖区", POINT.street)
    assert (order.receiver.name, order.receiver.phone) == (before.receiver.name, before.receiver.phone)
    assert (order.snags, order.status, order.carriage.carrier) == ((), Status.RELEASED, "SJ")
    company.must(undo)
    assert company.order().receiver == before.receiver
    assert company.order().snag("carrier_unreachable") is not None


def test_a_pick_up_point_of_another_city_is_none():
    near = msgspec.structs.replace(
        NEAR, not_served=(AWAY,), points=(msgspec.structs.replace(POINT, city="宁波市"),)
    )
    company = with_carriers(near)
    bought(company)

    assert FETCH.build(company.order(), seen(company)) is None


def test_it_is_looked_at_again_on_the_day_after_the_stop():
    company = with_carriers(NEAR)
    bought(company, QINGHAI)

    assert company.order().snag("carrier_unreachable").text.params["why"].params["day"].params["day"] == 20
    assert KIND.wake_at(company.order(), seen(company)) == datetime(2026, 6, 20, 16, 0, tzinfo=UTC)
    company.now = datetime(2026, 6, 20, 16, 0, tzinfo=UTC)
    company.must(Recheck(order="o1"), Role.WORKER)
    assert company.order().snag("carrier_unreachable") is None


def test_an_address_nobody_accepted_is_not_judged_by_carriers():
    company = with_carriers(NEAR)
    bought(company, Region(province="新疆维吾尔自治区", city="乌鲁木齐市"))

    assert company.order().snag("carrier_unreachable") is None
