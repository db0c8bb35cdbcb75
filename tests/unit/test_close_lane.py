"""Orders over lanes: the cheapest way in time takes them, room holds, and a closed lane plans them anew."""

from __future__ import annotations

from datetime import time, timedelta

import msgspec
from builders import NOW, actor
from carrier_world import FAR, NEAR, bought, with_carriers

from app.carrying import carriage_said
from app.commands.close_lane import CloseLane
from app.commands.recheck import Recheck
from app.commands.set_carrier import SetCarrier
from app.domain.freight import Fare
from app.domain.lane_rows import lane_row, read_lanes
from app.domain.order import Status
from app.domain.route import Lane
from app.domain.values import Receiver, Role
from app.engine import inverse_of
from sync.order_words import words_of

TRUNK = Lane(code="T1", start="SZ", end="杭州分拨", cost_minor=200, hours=12, cut_off=time(22, 0), most=2)
LAST = Lane(code="L1", start="杭州分拨", end="浙江省", cost_minor=250, hours=20, service="次日达")
SLOW = Lane(code="S1", start="SZ", end="浙江省", cost_minor=100, hours=900)
LATER = NOW + timedelta(days=4)


def company(*lanes: Lane):
    """A company that chooses by cost and time: straight to the buyer ¥8.00, over two lanes ¥4.50."""
    fares = (Fare(first_minor=800, step_minor=200, hours=48),)
    near = msgspec.structs.replace(NEAR, fares=fares, lanes=lanes or (TRUNK, LAST, SLOW))
    made = with_carriers(near, FAR)
    house = made.refs.warehouses["SZ"]
    made.rows["warehouse", "SZ"] = msgspec.structs.replace(house, by_cost=True)
    return made


def buys(made, *names: str) -> None:
    for name in names:
        somebody = Receiver(name=name, phone=f"1380000{len(name):04d}", street=f"{name} 号")
        bought(made, id=name, ship_by_at=LATER, receiver=somebody)


def lanes(made, order: str) -> list[str]:
    return [leg.lane for leg in made.order(order).carriage.route]


def facts(made, order: str):
    return made.facts(Recheck(order=order), actor())


def test_an_order_goes_over_the_cheapest_lanes_in_time_and_shows_them():
    made = company()
    buys(made, "o1")

    carriage = made.order("o1").carriage
    assert (carriage.carrier, carriage.service, carriage.cost_minor) == ("SJ", "次日达", 450)
    assert lanes(made, "o1") == ["T1", "L1"]
    assert carriage.why.params["money"] == "¥3.50"
    said = carriage_said(made.order("o1"), facts(made, "o1"))
    assert [head for head, _ in said] == ["Carrier", "Way", "Not taken"]
    assert "h after the promise" in said[2][1].params["why"].message
    assert "SJ.T1" in words_of(made.order("o1")).upper()


def test_a_lane_takes_as_many_parcels_a_day_as_it_has_room_for():
    made = company()
    buys(made, "o1", "o22", "o333")

    days = [made.order(one).carriage.route[0].on for one in ("o1", "o22", "o333")]
    assert days[0] == days[1] == days[2] - timedelta(days=1)
    assert made.rows["load", "*"].slots == {f"SJ.T1/{days[0]}": 2, f"SJ.T1/{days[2]}": 1}


def test_closing_a_lane_plans_every_order_on_it_anew_and_names_those_changed():
    made = company()
    buys(made, "o1", "o22")
    assert made.order("o1").status is Status.RELEASED

    (event,) = made.must(CloseLane(carrier="SJ", lane="T1"), Role.LEAD)
    assert event.wakes()
    for one in ("o1", "o22"):
        made.must(Recheck(order=one), Role.WORKER)

    for one in ("o1", "o22"):
        carriage = made.order(one).carriage
        assert (carriage.route, carriage.cost_minor, carriage.left) == ((), 800, "SJ.T1")
        assert carriage.why.message == "lane {lane} is closed: {why}"
        assert "SJ.T1" in words_of(made.order(one)).upper()
    assert made.rows["load", "*"].slots == {}


def test_who_goes_straight_is_not_told_that_lanes_cost_the_same():
    made = company(msgspec.structs.replace(LAST, start="SZ", cost_minor=900))
    buys(made, "o1")

    said = dict(carriage_said(made.order("o1"), facts(made, "o1")))

    assert said["Not taken"].params["why"].params == {"money": "¥1.00"}


def test_looked_at_again_a_planned_way_stays_what_it_is():
    made = company()
    buys(made, "o1")
    planned = made.order("o1").carriage

    made.now += timedelta(minutes=30)
    made.must(Recheck(order="o1"), Role.WORKER)

    assert made.order("o1").carriage == planned


def test_a_lane_that_is_closed_opens_again_by_undo():
    made = company()
    made.rows["carrier", "SJ"] = msgspec.structs.replace(made.rows["carrier", "SJ"], rev=1)

    command = CloseLane(carrier="SJ", lane="T1")
    undo = inverse_of(command, made.facts(command, actor(Role.LEAD)))

    made.must(command, Role.LEAD)
    assert [lane.is_open for lane in made.refs.carriers["SJ"].lanes] == [False, True, True]
    made.must(undo, Role.LEAD)

    assert all(lane.is_open for lane in made.refs.carriers["SJ"].lanes)


def test_there_must_be_such_a_lane_and_it_must_run():
    made = company()

    assert made.refused(CloseLane(carrier="SJ", lane="X"), Role.LEAD) == "no_lane"
    assert made.refused(CloseLane(carrier="YX", lane="T1"), Role.LEAD) == "no_lane"
    assert made.refused(CloseLane(carrier="SJ", lane="T1", opens=True), Role.LEAD) == "unchanged"
    assert made.refused(CloseLane(carrier="SJ", lane="T1"), Role.CLERK) == "not_allowed"


def test_lanes_are_read_as_they_are_written():
    shut = msgspec.structs.replace(TRUNK, is_open=False)
    written = "\n".join(lane_row(one, "CNY") for one in (shut, LAST, SLOW))

    assert written.splitlines()[0] == "T1 SZ>杭州分拨 2.00 12 cut=22:00 most=2 closed"
    assert read_lanes(written, "CNY") == (shut, LAST, SLOW)
    for line in ("T1 SZ 2 3", "T1 SZ>A two 3", "T1 SZ>A 2 3 most=x", "T1 SZ>A 2 3 weather=1", "T1 SZ>A 2"):
        assert read_lanes(line, "CNY").params == {"line": line}


def test_lanes_that_make_no_sense_are_refused():
    made = company()
    carrier = made.refs.carriers["SJ"]
    for wrong in (
        (TRUNK, TRUNK),
        (msgspec.structs.replace(TRUNK, hours=-1),),
        (msgspec.structs.replace(TRUNK, end=""),),
    ):
        command = SetCarrier(carrier=msgspec.structs.replace(carrier, lanes=wrong))
        assert made.refused(command, Role.LEAD) == "bad_lane"
