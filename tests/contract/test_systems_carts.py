"""A cart of another system holds goods for the order it will become: once a request, for some minutes."""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from systems_world import House, house, order, said  # noqa: F401

from app.domain.rules import Rules
from sync.hub.database import reading, writing
from sync.tables import api_request, command, orders

AT = "2026-06-13T08:00:00Z"


def hold(house: House, ext_id: str, name: str, *lines: tuple[str, int], **more: Any) -> Any:
    asked = {"ordered_at": AT, "lines": [{"ext_sku": sku, "qty": qty} for sku, qty in lines]}
    return house.send(f"/carts/TM1/{ext_id}", asked, name, method="PUT", **more)


def free(house: House, sku: str = "LN-220") -> int:
    shelves = house.get("/stock", sku=sku).json()["items"]
    return sum(one["on_hand"] - one["reserved"] for one in shelves)


def test_a_cart_holds_and_the_order_that_comes_takes_what_it_holds(house: House):
    before = free(house)

    held = hold(house, "CART-1", "cart 1", ("A-1", 2)).json()
    until = house.clock() + timedelta(minutes=Rules().cart_hold_min)
    assert [(one["sku"], one["qty"]) for one in held["items"]] == [("LN-220", 2)]
    assert abs(datetime.fromisoformat(held["until"]) - until) < timedelta(seconds=1)
    assert free(house) == before - 2

    lines = [{"ext_sku": "A-1", "qty": 2, "unit_price_minor": 16_000}]
    assert house.brought("CART-1", lines=lines) == held["order"]

    assert free(house) == before - 2
    with reading(house.engine) as db:
        assert db.execute(select(orders.c.warehouse).where(orders.c.id == held["order"])).scalar_one()
    assert hold(house, "CART-1", "cart 1 late", ("A-1", 2)).json()["items"] == []


def test_every_request_says_all_of_the_cart_and_none_gives_it_back(house: House):
    before = free(house), free(house, "CT-180")
    hold(house, "CART-2", "cart 2", ("A-1", 1), ("A-3", 2))

    hold(house, "CART-2", "cart 2b", ("A-3", 1))
    assert (free(house), free(house, "CT-180")) == (before[0], before[1] - 1)

    nothing = hold(house, "CART-2", "cart 2c").json()
    assert (nothing["items"], nothing["until"]) == ([], None)
    assert (free(house), free(house, "CT-180")) == before
    assert hold(house, "CART-2", "cart 2d").status_code == 200


def test_the_same_request_is_done_once_also_where_the_hub_died_before_it_answered(house: House):
    first = hold(house, "CART-3", "cart 3", ("A-1", 1))
    with writing(house.engine) as db:
        db.execute(update(api_request).where(api_request.c.name == "cart 3").values(status=0, said=""))
        before = db.execute(select(command.c.cmd_id)).all()

    again = hold(house, "CART-3", "cart 3", ("A-1", 1))

    assert (again.status_code, again.content) == (first.status_code, first.content)
    with reading(house.engine) as db:
        assert db.execute(select(command.c.cmd_id)).all() == before
    assert hold(house, "CART-3", "cart 3", ("A-1", 1)).headers["idempotent-replayed"] == "true"
    said(hold(house, "CART-3", "cart 3", ("A-1", 2)), 422, "other_request")
    hold(house, "CART-3", "cart 3 back")


def test_what_is_short_is_held_as_far_as_it_goes(house: House):
    there = free(house, "SF-001")

    held = hold(house, "CART-4", "cart 4", ("A-2", there + 5)).json()

    assert sum(one["qty"] for one in held["items"]) == there
    hold(house, "CART-4", "cart 4 back")


@pytest.mark.parametrize("scopes", [("stock:write",), ("orders:write",)])
def test_a_key_without_that_scope_holds_nothing(house: House, scopes: tuple[str, ...]):
    key = house.make(f"no-cart-{scopes[0][:5]}", scopes)

    assert "carts:write" in said(hold(house, "CART-5", "cart 5", ("A-1", 1), key=key), 403, "no_scope")


def test_a_shop_nobody_set_up_holds_nothing(house: House):
    asked = {"ordered_at": AT, "lines": [{"ext_sku": "A-1", "qty": 1}]}

    said(house.send("/carts/NO/CART-6", asked, "cart 6", method="PUT"), 422, "no_shop")
