"""A warehouse that sends nothing any more: what waits there goes from elsewhere, or waits as short."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import msgspec
import pytest

from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.set_warehouse import SetWarehouse
from app.domain.order import Status
from app.domain.values import EVERY_OPEN, Role
from app.ports import OrderQuery
from app.presenters.settings_warehouses import SettingsWarehouses
from tests.builders import WAREHOUSES, Company, stock
from tests.unit.test_choosing import SUZHOU, WUHAN, company


def stopped(known: Company, *, is_stopped: bool = True):
    """Say that Wuhan sends nothing now, or sends again, and look at the order as the hub does then."""
    house = known.rows.get(("warehouse", "WH")) or WAREHOUSES["WH"]
    house = msgspec.structs.replace(house, is_stopped=is_stopped)
    (event,) = known.must(SetWarehouse(warehouse=house), Role.LEAD)
    known.must(Recheck(order="o1"), Role.WORKER)
    return event


@pytest.fixture
def bought() -> Company:
    known = company(SUZHOU, WUHAN)
    assert known.receive().warehouse == "WH"
    return known


def test_what_waits_there_is_sent_from_elsewhere_and_says_why(bought):
    event = stopped(bought)

    order = bought.order()
    assert EVERY_OPEN in event.wakes()
    assert (order.warehouse, order.status, bought.stock("WH").reserved) == ("SZ", Status.RELEASED, 0)
    assert order.sourced.candidates[-1].why_not.message == "nothing is sent from there for now"


def test_what_nobody_else_has_waits_and_goes_on_when_it_sends_again(bought):
    bought.rows["stock", "SZ/LN-220"] = stock("SZ", on_hand=0)

    stopped(bought)
    assert (bought.order().reserved, bought.order().snag("short_stock") is None) == ((), False)

    stopped(bought, is_stopped=False)
    assert (bought.order().warehouse, bought.order().status) == ("WH", Status.RELEASED)


def test_what_is_being_picked_stays(bought):
    bought.must(Pick(order="o1", line="1", qty=1), Role.WAREHOUSE)

    stopped(bought)

    assert (bought.order().warehouse, bought.order().status) == ("WH", Status.PICKING)


def test_another_change_of_a_warehouse_moves_nothing(bought):
    house = msgspec.structs.replace(WAREHOUSES["WH"], handling_min=300)

    (event,) = bought.must(SetWarehouse(warehouse=house), Role.LEAD)

    assert event.wakes() == ("warehouse:WH",)
    assert (
        bought.refused(
            SetWarehouse(warehouse=msgspec.structs.replace(house, rev=1, handling_min=-1)), Role.LEAD
        )
        == "bad_handling"
    )


@pytest.mark.parametrize(("answer", "said"), [("1", [{"count": 5}]), ("", [])])
def test_before_it_stops_the_page_says_how_many_orders_wait_there(answer: str, said: list[dict[str, int]]):
    asked: list[OrderQuery] = []

    async def look(_what: object, query: OrderQuery) -> int:
        asked.append(query)
        return {Status.GATED: 2, Status.RELEASED: 3}[query.status]

    page = SettingsWarehouses(SimpleNamespace(look=look))
    page.state = msgspec.structs.replace(page.state, here="WH")

    told = asyncio.run(page.foresee(Company().refs, {"is_stopped": answer}))

    assert [text.params for text in told] == said
    assert {query.warehouse for query in asked} <= {"WH"}
