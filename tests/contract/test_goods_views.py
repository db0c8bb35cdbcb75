"""What a desk shows of stock documents and after-sales cases: from rows the hub sent, and as they change."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import NOW, order, stock
from desk_world import World, login

from app.commands.open_return import OpenReturn
from app.domain.aftersale import Asked, ReturnCase, ReturnKind, ReturnState
from app.domain.goods import DocKind, DocState, StockDoc
from app.domain.order import Order, Status
from app.domain.promised import Reserved
from app.domain.values import Role
from app.ports import OrderQuery


def case(id: str, state: ReturnState) -> ReturnCase:
    return ReturnCase(
        id=id, kind=ReturnKind.RETURN, state=state, lines=(Asked("1", 1),), reason="damaged", opened_by="ann",
        accepted_by="ben", opened_at=NOW, since=NOW,
    )  # fmt: skip


def sent(id: str, *states: ReturnState) -> Order:
    cases = tuple(case(f"{id}-{at}", state) for at, state in enumerate(states))
    return order(id, status=Status.SHIPPED, returns=cases, received_at=NOW - timedelta(hours=int(id[1:])))


def doc(id: str, minutes: int, **changes: Any) -> StockDoc:
    known = {"kind": DocKind.RECEIPT, "warehouse": "SZ", "sku": "LN-220", "qty": 3, "by": "floor"}
    return StockDoc(id=id, at=NOW + timedelta(minutes=minutes), **(known | changes))


ORDERS = (
    sent("o1", ReturnState.REQUESTED),
    sent("o2", ReturnState.AWAITED, ReturnState.CLOSED),
    sent("o3", ReturnState.GRADED),
    sent("o4", ReturnState.CLOSED, ReturnState.REJECTED),
    sent("o5"),
)
DOCS = (
    doc("d1", 1),
    doc("d2", 2, kind=DocKind.TRANSFER, target="WH", state=DocState.TRANSIT),
    doc("d3", 3, warehouse="WH"),
    doc("d4", 4, sku="CT-180"),
)


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    rows: dict[Any, Any] = {("order", one.id): one for one in ORDERS}
    rows |= {("stock_doc", one.id): one for one in DOCS}
    rows["stock", "SZ/LN-220"] = stock(counting="d9")
    made.hub.company.rows |= rows
    made.hub.publish(rows)
    made.pull_all()
    yield made
    made.close()


def ids(world: World, stage: str) -> list[str]:
    query = OrderQuery(after_sales=stage)
    rows = world.views.order_page(query, 0, 10)
    assert world.views.count_orders(query) == len(rows)
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("open", ["o1", "o2", "o3"]),
        ("requested", ["o1"]),
        ("awaited", ["o2"]),
        ("to_settle", ["o3"]),
        ("", ["o1", "o2", "o3", "o4", "o5"]),
        ("a stage of another version", ["o1", "o2", "o3", "o4", "o5"]),
    ],
)
def test_orders_are_listed_by_the_stage_of_a_case(world: World, stage: str, expected: list[str]):
    assert ids(world, stage) == expected


def test_a_search_keeps_to_the_stage(world: World):
    found = world.views.order_page(OrderQuery(text="季小雨", after_sales="awaited"), 0, 10)

    assert [row.id for row in found] == ["o2"]


def test_a_case_opened_here_is_listed_at_once_and_goes_with_its_order(world: World):
    asked = OpenReturn(
        order="o5", case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 1),), reason="damaged"
    )
    world.must(asked, login(Role.CLERK))
    assert ids(world, "requested") == ["o1", "o5"]

    settled = msgspec.structs.replace(ORDERS[0], returns=(), ver=2)
    world.hub.publish({("order", "o1"): settled})
    world.pull_all()

    assert ids(world, "requested") == ["o5"]


def test_the_papers_of_a_shelf_stand_newest_first_with_what_is_on_its_way(world: World):
    assert [one.id for one in world.views.stock_docs("SZ", "LN-220")] == ["d2", "d1"]
    assert [one.id for one in world.views.stock_docs("WH", "LN-220")] == ["d3", "d2"]
    assert [one.id for one in world.views.stock_docs("SZ", "LN-220", limit=1)] == ["d2"]


def test_a_shelf_says_that_a_second_count_is_wanted(world: World):
    (row,) = world.views.stock(text="LN-220", warehouse="SZ")

    assert row.counting == "d9"


def test_a_paper_that_changed_is_shown_as_it_is_now(world: World):
    arrived = msgspec.structs.replace(DOCS[1], state=DocState.DONE, arrived=3)
    world.hub.publish({("stock_doc", "d2"): arrived})
    world.pull_all()

    assert world.views.stock_docs("WH", "LN-220")[1] == arrived


def test_who_holds_a_shelf_is_named_with_the_pieces_and_nobody_else(world: World):
    def held(id: str, *reserved: Reserved, **changes: Any) -> Order:
        return order(id, warehouse="SZ", reserved=reserved, **changes)

    of_it, other = Reserved("1", "SZ", "LN-220", 2), Reserved("2", "SZ", "CT-180", 5)
    orders = (
        held("h1", of_it, other, status=Status.RELEASED, received_at=NOW),
        held("h2", other, status=Status.RELEASED),
        held("h3", of_it, status=Status.SHIPPED),
        held("h4", of_it, of_it, status=Status.PICKING, received_at=NOW - timedelta(hours=1)),
    )
    world.hub.publish({("order", one.id): one for one in orders})
    world.pull_all()

    found = [(one.order, one.number, one.pieces) for one in world.views.holders("SZ", "LN-220", 10)]

    assert found == [("h4", "DK-h4", 4), ("h1", "DK-h1", 2)]
    assert [one.order for one in world.views.holders("SZ", "LN-220", 1)] == ["h4"]
    assert list(world.views.holders("WH", "LN-220", 10)) == []
