"""Goods held for an order that is being placed: between a desk that types and the clock of its hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
from builders import SHOPS, line, stock
from hub_world import HubWorld, bought
from lease_world import SKU, LeaseDesk, expire
from test_jobs import look_again
from test_lease_desks import Line, seated

from app.commands.hold_cart import HoldCart, Wanted
from app.domain.order import ChannelState
from app.domain.stock import Stock, cart_of
from app.typed_cart import ANEW, TypedCart
from sync import tables
from sync.hub.shelves import FIELDS, shelf_of

TEN = {
    "shops": (msgspec.structs.replace(SHOPS["TM1"], warehouses=("SZ",), keeps_unpaid_min=30),),
    "opening": (stock("SZ", SKU, 10), stock("SZ", "SF-001", 10)),
}


def cart(*wanted: tuple[str, int]) -> HoldCart:
    return HoldCart(cart="c1", shop="TM1", lines=tuple(Wanted(sku=sku, qty=qty) for sku, qty in wanted))


def shelf(hub: HubWorld, sku: str = SKU) -> Stock:
    (row,) = hub.rows(tables.stock, sku=sku)
    return shelf_of([getattr(row, field) for field in FIELDS])


def test_a_cart_and_an_unpaid_order_give_back_what_they_held_by_the_clock_of_the_hub(
    make_hub: Callable[..., HubWorld],
):
    hub = make_hub(**TEN)
    hub.desk().must(cart((SKU, 4)))
    unpaid = {"paid_minor": 0, "channel_state": ChannelState.AWAITING_PAYMENT, "ordered_at": hub.clock()}
    hub.channel.must(bought("o1", lines=(line(qty=6),), **unpaid))
    assert (shelf(hub).reserved, hub.verify().ok) == (10, True)
    (row,) = hub.rows(tables.reservation, kind="cart")
    assert (row.owner, row.qty, row.state) == (cart_of("c1"), 4, "open")

    hub.clock.move(minutes=9, seconds=50)
    assert expire(hub) == 0
    hub.clock.move(seconds=15)
    assert (expire(hub), expire(hub)) == (1, 0)
    assert (shelf(hub).reserved, hub.order("o1").fully_reserved) == (6, True)

    hub.clock.move(minutes=20)
    assert look_again(hub) == 1
    assert (shelf(hub).reserved, hub.order("o1").fully_reserved) == (0, False)
    assert hub.verify().ok


def test_what_is_typed_is_held_begun_anew_and_given_back(make_hub: Callable[..., HubWorld], tmp_path: Path):
    hub = make_hub(**TEN)
    desk, line_now = LeaseDesk(hub, tmp_path, "A"), Line()
    seat = seated(desk, line_now)
    typed = TypedCart(seat)

    def held() -> dict[str, int]:
        desk.level()
        return {sku: shelf(hub, sku).in_carts for sku in (SKU, "SF-001")}

    async def type_it() -> None:
        await typed.hold(cart((SKU, 4)), is_typing=True)
        assert held() == {SKU: 0, "SF-001": 0}
        await typed.hold(cart((SKU, 4), ("SF-001", 1)))
        assert held() == {SKU: 4, "SF-001": 1}
        begun = shelf(hub).leases[0].until
        await typed.hold(cart((SKU, 4), ("SF-001", 1)))
        assert desk.store.outbox.unsent() == []
        hub.clock.move(seconds=ANEW.total_seconds() + 1)
        desk.store.clock.hear(hub.clock())
        await typed.hold(cart((SKU, 2)), is_typing=True)
        assert held() == {SKU: 2, "SF-001": 0}
        assert shelf(hub).leases[0].until - begun > timedelta(minutes=2)
        await typed.leave()
        assert held() == {SKU: 0, "SF-001": 0}
        line_now.state = "offline"
        await typed.hold(cart((SKU, 2)))
        assert held() == {SKU: 0, "SF-001": 0}

    asyncio.run(type_it())
    assert desk.store.outbox.unsent() == []
    assert hub.verify().ok
    desk.close()
