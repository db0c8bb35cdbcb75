"""A warehouse does not send an order it was given."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.change_warehouse import ChangeWarehouse
from app.commands.fix_address import FixAddress
from app.commands.pick import Pick
from app.commands.recheck import Recheck
from app.commands.refuse_order import RefuseOrder
from app.commands.withdraw_refusal import WithdrawRefusal
from app.domain.floor_refusal import REASONS
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.preview import preview
from app.snags.warehouse_rejected import KIND
from tests.builders import RECEIVER, REGION, Company, actor, line, pick_all, stock

NEXT, AGAIN = KIND.repairs


def refused(why: str = "missing", **changes) -> Company:
    company = Company()
    company.receive(**changes)
    company.must(RefuseOrder(order="o1", why=why), Role.WAREHOUSE)
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_it_leaves_the_floor_and_says_who_refused_it_and_why():
    order = refused().order()

    snag = order.snag("warehouse_rejected")
    assert (order.status, order.warehouse) == (Status.GATED, "SZ")
    assert snag.text.params["warehouse"] == "SZ"
    assert snag.text.params["why"].message == REASONS["missing"].title


@pytest.mark.parametrize("why", REASONS)
def test_every_reason_is_a_sentence_and_can_be_taken_back(why):
    company = Company()
    company.receive()
    command = RefuseOrder(order="o1", why=why)
    undo = inverse_of(command, company.facts(command, actor(Role.WAREHOUSE)))

    company.must(command, Role.WAREHOUSE)
    again = inverse_of(undo, company.facts(undo, actor(Role.WAREHOUSE)))
    company.must(undo, Role.WAREHOUSE)

    assert (company.order().status, company.order().refusals, again) == (Status.RELEASED, (), command)


def test_the_next_warehouse_takes_it_and_the_first_gets_its_pieces_back():
    company = refused(lines=(line(qty=3),))
    command = repair(company, NEXT)
    shown = preview(command, company.order(), company.facts(command, actor()))
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)

    assert [(row.before, row.after) for row in shown.rows if row.label == "Warehouse"] == [
        ("苏州仓", "武汉仓")
    ]
    assert (company.order().status, company.order().warehouse) == (Status.RELEASED, "WH")
    assert (company.stock("SZ").reserved, company.stock("WH").reserved) == (0, 3)
    company.must(undo)
    assert (company.order().warehouse, company.stock("SZ").reserved, company.stock("WH").reserved) == (
        "SZ", 3, 0,
    )  # fmt: skip
    assert company.order().snag("warehouse_rejected") is not None


def test_who_has_said_no_is_not_asked_again():
    company = refused()
    company.must(repair(company, NEXT))

    company.must(RefuseOrder(order="o1", why="capacity"), Role.WAREHOUSE)

    assert repair(company, NEXT) is None


def test_where_no_other_warehouse_has_everything_none_is_offered():
    company = refused()
    company.rows["stock", "WH/LN-220"] = stock("WH", on_hand=0)

    assert repair(company, NEXT) is None
    assert company.refused(ChangeWarehouse(order="o1", warehouse="WH")) == "short"


def test_the_named_field_put_right_sends_it_there_again_by_itself():
    company = refused("address")
    better = msgspec.structs.replace(RECEIVER, street="文晖路88号水岸嘉园3幢2单元502")

    company.must(FixAddress(order="o1", receiver=better, region=REGION))

    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())


def test_sent_again_as_it_is_stands_in_the_same_queue_until_it_is_refused_again():
    company = refused()
    answer = repair(company, AGAIN)
    undo = inverse_of(answer, company.facts(answer, actor()))

    company.must(answer)
    assert (company.order().status, company.order().warehouse) == (Status.RELEASED, "SZ")
    company.must(undo)
    assert company.order().status is Status.GATED


def test_what_was_picked_lies_on_its_shelf_again():
    company = Company()
    company.receive(lines=(line(qty=2),))
    pick_all(company)

    company.must(RefuseOrder(order="o1", why="damaged"), Role.WAREHOUSE)

    assert ([ln.picked for ln in company.order().lines], company.order().status) == ([0], Status.GATED)


def test_the_floor_says_so_without_the_hub_too():
    company = Company()
    company.receive()
    company.at_hub = False

    company.must(Pick(order="o1", line="1", qty=1), Role.WAREHOUSE)
    company.must(RefuseOrder(order="o1", why="missing"), Role.WAREHOUSE)

    assert company.order().snag("warehouse_rejected") is not None


@pytest.mark.parametrize(
    ("command", "role", "code"),
    [
        (RefuseOrder(order="o2", why="missing"), Role.WAREHOUSE, "no_order"),
        (RefuseOrder(order="o1", why="mood"), Role.WAREHOUSE, "no_reason"),
        (RefuseOrder(order="o1", why="missing"), Role.CLERK, "not_allowed"),
        (RefuseOrder(order="o1", why="missing"), Role.WAREHOUSE, "not_picking"),
        (ChangeWarehouse(order="o1", warehouse="SZ"), Role.CLERK, "unchanged"),
        (ChangeWarehouse(order="o1", warehouse="XX"), Role.CLERK, "unknown_warehouse"),
        (ChangeWarehouse(order="o2", warehouse="WH"), Role.CLERK, "no_order"),
        (ChangeWarehouse(order="o1", warehouse="WH"), Role.WAREHOUSE, "not_allowed"),
    ],
)
def test_what_makes_no_sense_is_refused(command, role, code):
    assert refused().refused(command, role) == code


def test_what_nobody_refused_is_not_taken_back_and_what_is_not_promised_does_not_move():
    company = Company()
    company.set_stock(0)
    company.receive()

    assert company.refused(WithdrawRefusal(order="o1"), Role.WAREHOUSE) == "no_refusal"
    assert company.refused(ChangeWarehouse(order="o1", warehouse="WH")) == "not_reserved"
