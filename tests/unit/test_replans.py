"""Orders planned anew: from where to where, why, and what it changes, as the journal tells it."""

from __future__ import annotations

import msgspec
from builders import NOW

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.choose_carrier import ChooseCarrier
from app.commands.close_lane import CloseLane
from app.commands.recheck import Recheck
from app.commands.refuse_order import RefuseOrder
from app.domain.effect import EffectState
from app.domain.event import Event
from app.domain.values import Role
from app.figures import Replan
from app.insight.replans import replans
from app.text import Text
from tests.unit.test_change_warehouse import bought
from tests.unit.test_choosing import SUZHOU, WUHAN, company
from tests.unit.test_close_lane import buys
from tests.unit.test_close_lane import company as on_lanes
from tests.unit.test_snag_label_failed import answered, released
from tests.unit.test_warehouse_stops import stopped


def anew(known) -> list[Replan]:
    texts = [text for one in known.journal if isinstance(one, Event) and (text := one.says()) is not None]
    return list(replans("o1", "DK-1", NOW, "", texts))


def ends(one: Replan) -> tuple[object, ...]:
    return one.what, *one.before.params.values(), *one.after.params.values()


def test_a_warehouse_that_stops_names_what_goes_from_elsewhere_and_what_that_costs():
    known = company(SUZHOU, WUHAN)
    known.receive()
    before = known.order().sourced
    assert anew(known) == []

    stopped(known)

    (one,) = anew(known)
    assert ends(one) == ("place", "WH", "SZ")
    assert one.why.message == "nothing is sent from {warehouse} to this shop's buyers now"
    assert one.extra_minor == known.order().sourced.freight_minor - before.freight_minor


def test_stock_that_fails_is_the_reason():
    known = company(SUZHOU, WUHAN)
    known.receive()
    amended = known.order()
    line = msgspec.structs.replace(amended.lines[0], qty=amended.lines[0].qty + 1)
    known.rows["order", "o1"] = msgspec.structs.replace(amended, lines=(line, *amended.lines[1:]))
    shelf = known.rows["stock", "WH/LN-220"]
    known.rows["stock", "WH/LN-220"] = msgspec.structs.replace(shelf, on_hand=shelf.reserved)
    known.must(Recheck(order="o1"), Role.WORKER)

    (one,) = anew(known)
    assert (ends(one), one.why.message) == (
        ("place", "WH", "SZ"),
        "not everything is free in {warehouse} any more",
    )
    assert (one.extra_minor, one.extra_h) == (None, None)  # other goods than before


def test_what_a_person_chose_says_who_and_why():
    known = bought()
    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="the buyer fetches it"))

    (one,) = [one for one in anew(known) if one.what == "place"]
    assert (ends(one), one.why.params["reason"]) == (("place", "WH", "SZ"), "the buyer fetches it")
    assert (one.extra_minor, one.extra_h) == (700, known.order().sourced.extra_h)


def test_what_the_floor_said_no_to_is_the_reason_without_another_one():
    known = bought()
    known.must(RefuseOrder(order="o1", why="missing"), Role.WAREHOUSE)
    known.must(ChangeWarehouse(order="o1", warehouse="SZ"))

    (one,) = [one for one in anew(known) if one.what == "place"]
    assert one.why.params == {"warehouse": "WH", "why": Text("the goods are not on the shelf")}


def test_a_carrier_without_a_label_names_the_next_one():
    known = released()
    answered(known, EffectState.REJECTED)

    (one,) = anew(known)
    assert (one.what, one.before.params["carrier"], one.after.params["carrier"]) == ("carrier", "SJ", "YX")
    assert (one.why.message, one.extra_minor) == (
        "no label of {carrier}: {text}",
        known.order().carriage.cost_minor - 800,
    )


def test_a_closed_lane_names_the_way_before_and_what_is_said_again_is_no_other_plan():
    known = on_lanes()
    buys(known, "o1")
    known.must(CloseLane(carrier="SJ", lane="T1"), Role.LEAD)
    known.must(Recheck(order="o1"), Role.WORKER)

    (one,) = anew(known)
    assert (one.what, one.before.params["lanes"], one.after.params["lanes"]) == ("way", "T1 → L1", "")
    assert (one.why.message, one.extra_minor) == ("lane {lane} is closed: {why}", 350)
    known.must(ChooseCarrier(order="o1", carrier="SJ"))
    assert len(anew(known)) == 1
