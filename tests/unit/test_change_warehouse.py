"""A person sends an order from elsewhere: what it costs more, how much later it is, and why."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.recheck import Recheck
from app.commands.refuse_order import RefuseOrder
from app.domain.carrier import Carrier
from app.domain.company import Warehouse
from app.domain.duty import REASON_MOST
from app.domain.freight import Fare
from app.domain.values import Role, stock_key
from app.engine import inverse_of
from app.forms.change_warehouse import FORM, choices
from app.preview import preview
from app.snags.warehouse_rejected import KIND
from app.why_there import why_there
from tests.builders import SHOPS, Company, actor, stock
from tests.unit.test_choosing import WUHAN, company

DEAR = Fare(origin="苏州市", first_minor=1_200, step_minor=200)
NEAR = Fare(origin="苏州市", first_minor=900, step_minor=200)


def bought(fare: Fare = DEAR) -> Company:
    known = company(fare, WUHAN)
    known.receive()
    return known


def given(known: Company, command) -> tuple:
    return known.order(), known.facts(command, actor())


def test_a_large_difference_wants_a_reason_and_says_how_large_it_is():
    known = bought()
    command = ChangeWarehouse(order="o1", warehouse="SZ")

    refusal = known.do(command)

    assert (refusal.code, refusal.text.params["difference"].params["money"]) == ("no_reason", "¥7.00")
    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="the buyer fetches it"))
    assert (known.order().warehouse, known.order().sourced.reason) == ("SZ", "the buyer fetches it")


def test_who_chose_it_and_what_that_costs_is_written_down_beside_all_places():
    known = bought()
    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="asked"))

    why = why_there(*given(known, Recheck(order="o1")))

    sourced = known.order().sourced
    assert (sourced.by, sourced.extra_minor) == ("clerk", 700)
    assert (why.places[0].title, why.places[0].is_chosen) == ("苏州仓", True)
    assert (why.said.params["reason"], why.said.params["difference"].params["money"]) == ("asked", "¥7.00")
    assert [row.verdict.message for row in why.places] == ["{money} more", "the cheapest"]


def test_a_small_difference_needs_no_reason():
    known = bought(NEAR)

    known.must(ChangeWarehouse(order="o1", warehouse="SZ"))

    assert known.order().sourced.difference.message == "{money} more, {hours} h earlier"


def test_hours_ask_as_well_as_money():
    known = bought(NEAR)
    known.must(ChangeWarehouse(order="o1", warehouse="SZ"))
    known.set_rules(other_place_h=1)

    assert known.refused(ChangeWarehouse(order="o1", warehouse="WH")) == "no_reason"


def test_a_place_nobody_carries_from_is_not_offered_as_the_cheaper_one():
    known = bought()
    known.rows["carrier", "SJ"] = Carrier(code="SJ", title="Ridge", fares=(WUHAN,))
    order, facts = given(known, Recheck(order="o1"))

    choice = next(one for one in choices({}, order, facts) if one.value == "SZ")

    assert choice.reason.message == "Nothing is sent from there now"
    assert known.refused(ChangeWarehouse(order="o1", warehouse="SZ", reason="near")) == "not_sent"


def test_where_nobody_carries_it_anyway_a_person_may_choose():
    known = bought()
    hainan = Fare(province="海南省", first_minor=800, step_minor=200)
    known.rows["carrier", "SJ"] = Carrier(code="SJ", title="Ridge", fares=(hainan,))

    known.must(ChangeWarehouse(order="o1", warehouse="SZ", reason="near"))

    assert known.order().warehouse == "SZ"


def test_a_long_reason_is_not_taken():
    command = ChangeWarehouse(order="o1", warehouse="SZ", reason="x" * (REASON_MOST + 1))

    assert bought().refused(command) == "long_reason"


def test_the_difference_is_seen_before_it_is_given_and_the_way_back_is_known():
    known = bought()
    command = ChangeWarehouse(order="o1", warehouse="SZ", reason="asked")

    order, facts = given(known, command)
    row = next(row for row in preview(command, order, facts).rows if row.label == "Warehouse")

    assert (row.before, row.after, row.verdict.params["money"]) == ("武汉仓", "苏州仓", "¥7.00")
    undo = inverse_of(command, facts)
    assert undo == ChangeWarehouse(order="o1", warehouse="WH")


def test_after_a_no_of_the_warehouse_the_cheapest_other_place_takes_it_without_more_words():
    known = bought()
    known.must(RefuseOrder(order="o1", why="missing"), Role.WAREHOUSE)

    known.must(KIND.repairs[0].build(*given(known, Recheck(order="o1"))))

    assert known.order().warehouse == "SZ"


@pytest.mark.parametrize(("warehouse", "is_error"), [("SZ", False), ("WH", True), ("XX", True), ("", True)])
def test_the_guide_offers_every_other_place_with_its_difference(warehouse: str, is_error: bool):
    order, facts = given(bought(), Recheck(order="o1"))
    step, why = FORM.steps

    assert [one.value for one in step.fields[0].choices({}, order, facts)] == ["SZ"]
    assert step.fields[0].check(warehouse, {}, order, facts).is_error is is_error
    assert why.fields[0].check("", {"warehouse": "SZ"}, order, facts).is_error is True
    assert FORM.is_offered(order, facts)


def test_the_guide_lists_the_cheapest_place_first_and_begins_with_it():
    fares = (WUHAN, Fare(origin="苏州市", first_minor=2_000, step_minor=1))
    known = company(*fares, Fare(origin="天津市", first_minor=900, step_minor=1))
    shop = SHOPS["TM1"]
    known.rows["shop", "TM1"] = msgspec.structs.replace(shop, warehouses=("SZ", "WH", "TJ"))
    known.rows["warehouse", "TJ"] = Warehouse(code="TJ", title="天津仓", city="天津市")
    known.rows[stock_key("TJ", "LN-220")] = stock("TJ")
    known.receive()
    order, facts = given(known, Recheck(order="o1"))

    assert order.warehouse == "WH"
    assert [choice.value for choice in choices({}, order, facts)] == ["TJ", "SZ"]
    assert FORM.start(order, facts)["warehouse"] == "TJ"
