"""Goods held for a time: for an order that is being placed, and for one that is not paid yet."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, RECEIVER, REGION, SHOPS, Company, actor, line

from app.commands.adjust_stock import AdjustStock
from app.commands.expire_lease import ExpireLease
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.lease_stock import LeaseStock
from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.set_shop import SetShop
from app.domain.leasing import Ask
from app.domain.order import ChannelState, Line
from app.domain.owing import KEEPS_MOST_MIN
from app.domain.stock import cart_of
from app.domain.values import Role
from app.engine import wake_at
from app.gate import State
from app.gating import measures
from app.text import Text

WORKER = actor(Role.WORKER)
UNPAID = {"paid_minor": 0, "channel_state": ChannelState.AWAITING_PAYMENT}


def company(minutes: int = 30, warehouses: tuple[str, ...] = ("SZ",)) -> Company:
    """Ten pieces in each building; the shop keeps unpaid goods for so long."""
    shop = msgspec.structs.replace(SHOPS["TM1"], warehouses=warehouses, keeps_unpaid_min=minutes)
    return Company(shops={"TM1": shop})


def hold(made: Company, cart: str, *wanted: tuple[str, int]) -> None:
    lines = tuple(Wanted(sku=sku, qty=qty) for sku, qty in wanted)
    made.must(HoldCart(cart=cart, shop="TM1", lines=lines))


def placed(id: str, qty: int, sku: str = "LN-220") -> NewOrder:
    goods = (Line(id="1", ext_sku="", sku=sku, qty=qty, unit_price_minor=32_000),)
    return NewOrder(
        order=id, shop="TM1", lines=goods, receiver=RECEIVER, region=REGION, paid_minor=qty * 32_000
    )


def end(made: Company, cart: str):
    return made.do(ExpireLease(warehouse="SZ", sku="LN-220", holder=cart_of(cart)), WORKER)


# --- carts ----------------------------------------------------------------------------------------


def test_what_a_cart_holds_nobody_else_is_sold():
    made = company()

    hold(made, "c1", ("LN-220", 8))
    made.receive("o1", lines=(line(qty=5),))

    shelf = made.stock()
    assert (shelf.reserved, shelf.promised, shelf.in_carts, shelf.available) == (8, 0, 8, 2)
    assert made.order("o1").snag("short_stock") is not None


def test_the_order_of_the_cart_takes_what_it_holds_and_gives_the_rest_back():
    made = company()
    hold(made, "c1", ("LN-220", 10))

    made.must(placed("c1", 7))

    assert made.order("c1").fully_reserved
    shelf = made.stock()
    assert (shelf.reserved, shelf.promised, shelf.leases) == (7, 7, ())


def test_an_order_takes_nothing_out_of_the_cart_of_another_one():
    made = company()
    hold(made, "c1", ("LN-220", 8))

    made.must(placed("c2", 3))

    assert not made.order("c2").reserved
    assert made.stock().leased_to(cart_of("c1")) == 8


def test_a_cart_is_over_after_ten_minutes_by_the_clock_of_the_hub_and_whoever_waits_goes_on():
    made = company()
    hold(made, "c1", ("LN-220", 8))
    made.receive("o1", lines=(line(qty=5),))

    made.now = NOW + timedelta(minutes=10) - timedelta(seconds=1)
    assert end(made, "c1").code == "not_over"
    made.now = NOW + timedelta(minutes=10)
    (ended,) = end(made, "c1")

    assert made.stock().reserved == 0
    assert ended.wakes() == ("stock:LN-220",)
    made.must(Recheck(order="o1"), WORKER)
    assert made.order("o1").fully_reserved
    assert end(made, "c1").code == "unchanged"


def test_every_hold_begins_its_time_anew_and_replaces_the_one_before():
    made = company()
    hold(made, "c1", ("LN-220", 8), ("SF-001", 1))
    made.now = NOW + timedelta(minutes=9)

    hold(made, "c1", ("LN-220", 3), ("SF-001", 0))

    (lease,) = made.stock().leases
    assert (lease.qty, lease.until) == (3, NOW + timedelta(minutes=19))
    assert made.stock(sku="SF-001").leases == ()


def test_a_cart_holds_what_is_there_and_asks_nobody_about_the_rest():
    made = company(warehouses=("SZ", "WH"))

    hold(made, "c1", ("LN-220", 14))

    assert [made.stock(place).in_carts for place in ("SZ", "WH")] == [10, 4]


def test_a_cart_holds_everything_where_one_place_has_it_all():
    made = company(warehouses=("SZ", "WH"))
    made.set_stock(2, "SF-001", ("SZ",))

    hold(made, "c1", ("LN-220", 4), ("SF-001", 3))

    held = {
        (place, sku): made.stock(place, sku).in_carts
        for place in ("SZ", "WH")
        for sku in ("LN-220", "SF-001")
    }
    assert held == {("SZ", "LN-220"): 0, ("SZ", "SF-001"): 0, ("WH", "LN-220"): 4, ("WH", "SF-001"): 3}


def test_a_channel_names_articles_by_its_own_codes():
    made = company()

    made.must(HoldCart(cart="c1", shop="TM1", lines=(Wanted(ext_sku="A-1", qty=2),)), actor(Role.CHANNEL))

    assert made.stock().leased_to(cart_of("c1")) == 2


def test_a_hold_that_comes_after_its_order_holds_nothing():
    made = company()
    made.must(placed("c1", 2))

    hold(made, "c1", ("LN-220", 2))

    assert (made.stock().reserved, made.stock().leases) == (2, ())


def test_carts_are_no_share_of_what_desks_may_hold():
    made = company()
    made.set_rules(lease_share_pct=50, lease_from_pieces=1)
    hold(made, "c1", ("LN-220", 4))
    desk = msgspec.structs.replace(actor(), desk="A")

    made.must(LeaseStock(items=(Ask("SZ", "LN-220", 9),)), desk)

    assert (made.stock().leased_to("A"), made.stock().in_carts) == (3, 4)


def test_where_fewer_pieces_are_found_carts_yield_too():
    made = company()
    hold(made, "c1", ("LN-220", 8))

    made.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=-7, reason="broken"), actor(Role.WAREHOUSE))

    assert (made.stock().on_hand, made.stock().reserved, made.stock().in_carts) == (3, 3, 3)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"shop": "XX"}, "unknown_shop"),
        ({"lines": ()}, "no_lines"),
        ({"lines": (Wanted(sku="LN-220", qty=-1),)}, "no_quantity"),
    ],
)
def test_what_cannot_be_held_is_refused(changes, code):
    asked = {"cart": "c1", "shop": "TM1", "lines": (Wanted(sku="LN-220", qty=1),)} | changes

    assert company().do(HoldCart(**asked)).code == code


# --- not paid yet ---------------------------------------------------------------------------------


def test_an_unpaid_order_keeps_its_goods_for_the_time_its_shop_allows():
    made = company()

    made.receive("o1", lines=(line(qty=8),), ordered_at=NOW - timedelta(minutes=5), **UNPAID)

    order = made.order("o1")
    assert (order.fully_reserved, order.kept_until) == (True, NOW + timedelta(minutes=25))
    assert wake_at(order, made.facts(Recheck(order="o1"), WORKER)) == NOW + timedelta(minutes=25)
    gate = measures(order, made.facts(Recheck(order="o1"), WORKER))["stock"]
    assert (gate.state, gate.text.params["minutes"]) == (State.MET, 25)
    assert order.released_at is None


def test_what_was_not_paid_in_time_is_everybodys_again():
    made = company()
    made.receive("o1", lines=(line(qty=8),), ordered_at=NOW, **UNPAID)
    made.receive("o2", lines=(line(qty=5),))
    assert made.order("o2").snag("short_stock") is not None

    made.now = NOW + timedelta(minutes=30)
    made.must(Recheck(order="o1"), WORKER)
    made.must(Recheck(order="o2"), WORKER)

    assert (made.order("o1").reserved, made.order("o2").fully_reserved) == ((), True)
    assert made.stock().reserved == 5
    made.must(Recheck(order="o1"), WORKER)
    assert made.order("o1").reserved == ()


def test_whoever_pays_in_time_has_them_and_whoever_pays_late_has_what_is_there():
    made = company()
    for order in ("o1", "o2"):
        made.receive(order, lines=(line(qty=5),), ordered_at=NOW, **UNPAID)
    made.must(ReceivePayment(order="o1", amount_minor=5 * 32_000))

    made.now = NOW + timedelta(minutes=31)
    made.must(Recheck(order="o1"), WORKER)
    made.must(Recheck(order="o2"), WORKER)
    assert (made.order("o1").fully_reserved, made.order("o2").fully_reserved) == (True, False)

    made.must(ReceivePayment(order="o2", amount_minor=5 * 32_000))
    assert made.order("o2").fully_reserved


def test_a_change_by_the_buyer_begins_the_time_anew_while_it_runs():
    made = company()
    made.receive("o1", lines=(line(qty=2),), ordered_at=NOW, **UNPAID)

    made.now = NOW + timedelta(minutes=20)
    made.receive("o1", lines=(line(qty=3),), ordered_at=NOW, ext_version="2", **UNPAID)
    assert made.order("o1").kept_until == NOW + timedelta(minutes=50)
    assert made.stock().reserved == 3

    made.now = NOW + timedelta(hours=2)
    made.receive("o1", lines=(line(qty=4),), ordered_at=NOW, ext_version="3", **UNPAID)
    assert made.order("o1").kept_until == NOW + timedelta(minutes=50)
    assert made.stock().reserved == 0


@pytest.mark.parametrize(
    ("minutes", "changes"),
    [
        (0, {}),
        (30, {"ordered_at": NOW - timedelta(minutes=30)}),
        (30, {"channel_state": ChannelState.CANCELLED}),
        (30, {"channel_state": ChannelState.UNKNOWN}),
    ],
)
def test_nothing_is_kept_where_the_shop_keeps_nothing_or_the_time_is_over(minutes, changes):
    made = company(minutes)

    made.receive("o1", **(UNPAID | changes))

    assert (made.order("o1").reserved, made.stock().reserved) == ((), 0)


def test_a_paid_order_is_not_said_to_be_kept():
    made = company()
    made.receive("o1")

    assert made.order("o1").kept_until is None


def test_how_long_unpaid_goods_are_kept_has_a_bound():
    made = company()
    shop = msgspec.structs.replace(made.shops["TM1"], keeps_unpaid_min=KEEPS_MOST_MIN + 1)

    assert made.do(SetShop(shop=shop), actor(Role.LEAD)).code == "bad_wait"


def test_it_says_how_long_goods_are_kept():
    made = company()
    made.receive("o1", ordered_at=NOW, **UNPAID)

    said = [event.says() for event in made.journal if type(event).__name__ == "StockKept"]
    assert said == [Text("Not paid yet: goods are kept for {minutes} min", {"minutes": 30})]
