"""Pick, pack, ship: what the warehouse may do, and what it never loses."""

from __future__ import annotations

import pytest

from app.commands.adjust_stock import AdjustStock
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.resume import Resume
from app.commands.ship import Ship
from app.domain.order import ChannelState, Status
from app.domain.values import Role, reservation_key
from tests.builders import RECEIVER, REGION, Company, line, pick_all, ship_it

TWO = (line(qty=2),)


@pytest.fixture
def company() -> Company:
    company = Company()
    company.receive(lines=TWO)
    return company


def pick(qty: int = 1, line: str = "1") -> Pick:
    return Pick(order="o1", line=line, qty=qty)


def test_the_first_piece_starts_picking(company):
    company.must(pick(), Role.WAREHOUSE)

    assert (company.order().status, company.order().lines[0].picked) == (Status.PICKING, 1)


def test_the_last_piece_put_back_ends_picking(company):
    company.must(pick(2), Role.WAREHOUSE)

    company.must(pick(-2), Role.WAREHOUSE)

    assert (company.order().status, company.order().lines[0].picked) == (Status.RELEASED, 0)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (pick(3), "too_many"),
        (pick(-1), "too_few"),
        (pick(0), "no_quantity"),
        (pick(line="9"), "no_line"),
        (Pick(order="o9", line="1"), "no_order"),
        (Pack(order="o1"), "not_picking"),
        (Ship(order="o1", carrier="SF", tracking_no="1"), "not_packed"),
    ],
)
def test_the_floor_refuses_what_does_not_fit(company, command, code):
    assert company.refused(command, Role.WAREHOUSE) == code


def test_an_order_is_packed_when_every_piece_is_there(company):
    company.must(pick(), Role.WAREHOUSE)
    assert company.refused(Pack(order="o1"), Role.WAREHOUSE) == "not_complete"

    company.must(pick(), Role.WAREHOUSE)
    company.must(Pack(order="o1", weight_g=1200), Role.WAREHOUSE)

    assert company.order().status is Status.PACKED


def test_shipping_takes_the_stock_out_of_the_house(company):
    ship_it(company)

    assert (company.stock().on_hand, company.stock().reserved) == (8, 0)
    assert company.rows[reservation_key("o1", "1")].state == "shipped"
    assert (company.order().carrier, company.order().tracking_no) == ("SF", "SFo1")


def test_a_label_is_needed_to_ship(company):
    pick_all(company)
    company.must(Pack(order="o1"), Role.WAREHOUSE)

    assert company.refused(Ship(order="o1", carrier="SF", tracking_no=" "), Role.WAREHOUSE) == "no_tracking"


def test_a_held_order_is_put_aside(company):
    pick_all(company)
    company.must(Hold(order="o1", reason="buyer calls back"))

    assert company.refused(Pack(order="o1"), Role.WAREHOUSE) == "on_hold"
    company.must(Resume(order="o1"))
    company.must(Pack(order="o1"), Role.WAREHOUSE)


def test_a_called_off_order_is_put_back(company):
    pick_all(company)
    company.receive(ext_version="2", lines=TWO, channel_state=ChannelState.CANCELLED)

    assert company.refused(Pack(order="o1"), Role.WAREHOUSE) == "called_off"
    company.must(pick(-2), Role.WAREHOUSE)
    assert company.order().status is Status.GATED
    company.must(Cancel(order="o1", reason="called off"))

    assert (company.order().status, company.stock().reserved) == (Status.CANCELLED, 0)


def test_content_is_fixed_while_the_warehouse_works(company):
    company.must(pick(), Role.WAREHOUSE)

    assert company.refused(FixAddress(order="o1", receiver=RECEIVER, region=REGION)) == "too_late"
    assert company.refused(Cancel(order="o1", reason="x")) == "picked"


def test_the_warehouse_does_not_touch_an_order(company):
    ship_it(company)

    assert company.order().touched is False


def test_promised_stock_cannot_be_counted_away(company):
    less = AdjustStock(warehouse="SZ", sku="LN-220", delta=-9, reason="count")

    assert company.refused(less, Role.WAREHOUSE) == "promised"
    company.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=-8, reason="count"), Role.WAREHOUSE)

    assert (company.stock().on_hand, company.stock().available) == (2, 0)


def test_the_first_count_makes_the_stock_row():
    company = Company()
    del company.rows["stock", "WH/CT-180"]

    company.must(AdjustStock(warehouse="WH", sku="CT-180", delta=4, reason="opening"), Role.WAREHOUSE)

    assert company.stock("WH", "CT-180").on_hand == 4


@pytest.mark.parametrize(
    ("warehouse", "sku", "delta", "reason", "code"),
    [
        ("XX", "LN-220", 1, "count", "unknown_warehouse"),
        ("SZ", "XX", 1, "count", "unknown_sku"),
        ("SZ", "LN-220", 0, "count", "no_quantity"),
        ("SZ", "LN-220", 1, " ", "no_reason"),
    ],
)
def test_a_count_needs_a_place_an_article_a_difference_and_a_reason(warehouse, sku, delta, reason, code):
    company = Company()

    adjust = AdjustStock(warehouse=warehouse, sku=sku, delta=delta, reason=reason)

    assert company.refused(adjust, Role.WAREHOUSE) == code
