"""Every shipped channel against its platform in bad weather; a broken connector never passes for sound."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_world import HubWorld
from polled_world import Polled

from app.domain.making import same_receiver
from app.domain.order import ChannelState, Status
from sync import tables
from sync.manifest.reading import built_in
from sync.simulators.known import PLATFORMS
from sync.simulators.sale import ASKED, GRANTED, Sale
from sync.simulators.weather import Weather

STORM = {"change": 1, "throttle": 7, "fail": 11}
RENEWING = ("wechat_store", "amazon", "ebay", "taobao", "jd", "pdd", "douyin")
"""Platforms whose manifest says how a token is asked for, or renewed."""


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> Iterator[str]:
    """A file: what is tried here is what a platform does, not what a database does."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


@pytest.mark.parametrize("code", sorted(PLATFORMS))
def test_every_order_comes_once_through_throttling_faults_and_changes(hub: HubWorld, code: str):
    weather = Weather(**STORM, expire=13 if code in RENEWING else 0)
    world = Polled(hub, code, 16, weather)

    world.poll()
    world.shop.arrive(3)
    world.settle()

    assert world.faults() == {}
    assert world.shop.changes > 0
    assert hub.verify().ok


@pytest.mark.parametrize(
    ("code", "override", "fault"),
    [
        ("pdd", {"streams": {"orders": {"pages": {"direction": "forward", "size": 5}}}}, "missing"),
        ("pdd", {"streams": {"orders": {"window": {"overlap": "PT0S"}}}}, "missing"),
        ("pdd", {"map": {"money": {"type": "cents"}}}, "missing"),
        ("douyin", {"map": {"money": {"type": "yuan"}}}, "amounts"),
        ("taobao", {"transport": {"clock": {"tz": "UTC"}}}, "missing"),
        ("taobao", {"transport": {"sign": {"exclude": ["v"]}}}, "missing"),
    ],
    ids=["forward", "no overlap", "fen as yuan", "yuan as fen", "stale timestamp", "unsigned"],
)
def test_a_connector_that_is_broken_is_found_out(
    hub: HubWorld, code: str, override: dict[str, Any], fault: str
):
    world = Polled(hub, code, 24, Weather(change=1), override=override, late_every=3)

    world.shop.arrive(6)
    world.poll(12)

    assert world.faults().get(fault), "the broken connector went unnoticed"


@pytest.mark.parametrize("code", ["pdd", "douyin", "taobao"])
def test_the_same_world_finds_no_fault_in_a_sound_one(hub: HubWorld, code: str):
    world = Polled(hub, code, 24, Weather(change=1), late_every=3)

    world.shop.arrive(6)
    world.poll(12)

    assert world.faults() == {}


def test_an_outage_of_days_is_caught_up_window_by_window(hub: HubWorld):
    world = Polled(hub, "pdd", 60, span_s=3 * 86_400, since_s=3 * 86_400)

    world.poll(25)
    world.settle()

    assert world.faults() == {}
    spans = [
        int(call.asked["end_updated_at"]) - int(call.asked["start_updated_at"]) for call in world.shop.calls
    ]
    assert max(spans) == 1800


def test_a_window_with_too_many_pages_is_halved(hub: HubWorld):
    few = {"streams": {"orders": {"pages": {"size": 5, "max_page": 3}}}}
    world = Polled(hub, "pdd", 60, override=few)

    world.settle()

    assert world.faults() == {}


@pytest.mark.parametrize("code", ["pdd", "jd", "taobao", "douyin"])
def test_a_refund_is_heard_from_the_list_of_refunds_and_followed(hub: HubWorld, code: str):
    world = Polled(hub, code, 8)
    world.settle()
    asks = next(one for one in world.shop if one.state == "to_ship")
    ext_id, heard = world.platform.ext_id(asks.no), []
    for state in (ASKED, GRANTED):
        asks.pieces[0].refund = state
        world.shop.touch(asks)
        world.shop.clock.move(300)
        world.poll(4)
        cases = world.orders()[ext_id].told.cases
        heard.append({case.state for case in cases if not case.id.startswith("line-")})

    assert [row.code for row in hub.rows(tables.stream)] == [""] * len(hub.rows(tables.stream))
    assert ("requested" in heard[0], "refunded" in heard[1]) == (True, True)
    assert {row.orders > 0 for row in hub.rows(tables.stream) if "refunds" in row.name} == {True}
    assert hub.verify().ok


@pytest.mark.parametrize("code", ["douyin", "pdd", "taobao", "wechat_store"])
def test_parcels_are_joined_by_the_place_a_platform_names_and_not_by_what_it_shows(hub: HubWorld, code: str):
    world = Polled(hub, code, 12)
    one, same, other = [sale for sale in world.shop if sale.state == "to_ship"][:3]
    for sale in (same, other):
        sale.buyer, sale.place = one.buyer, one.place
    other.buyer += 1000  # the same stars
    for sale in (one, same, other):
        world.shop.touch(sale)

    world.settle()

    orders = world.orders()
    first, second, third = (orders[world.platform.ext_id(sale.no)] for sale in (one, same, other))
    assert (first.receiver.name, first.receiver.street) == (third.receiver.name, third.receiver.street)
    assert (same_receiver(first, second), same_receiver(first, third)) == (True, False)


def test_parts_a_platform_makes_of_an_order_close_the_one_they_were_made_of(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    world = Polled(hub, "jd", 6)
    world.settle()
    whole = world.platform.ext_id(next(sale.no for sale in world.shop if sale.state == "to_ship"))
    assert world.orders()[whole].status is not Status.CANCELLED
    shown = world.platform._order

    def split(sale: Sale) -> dict[str, Any]:
        """JD lists the parts; the whole is to be found by its number only."""
        said = shown(sale)
        if said["orderId"] == whole:
            return said | {"orderState": "PARENT_TRADE_CANCELED"}
        return said | {"parentOrderId": whole if sale.no >= 6 else "0"}

    monkeypatch.setattr(world.platform, "_order", split)
    world.shop.arrive(2)
    world.settle()

    assert world.orders()[whole].status is Status.CANCELLED
    asked = [call.asked["order_id"] for call in world.shop.calls if "order_id" in call.asked]
    assert asked == [whole], "once, however often the lists bring its parts"


def shortened(most: int, alone: int) -> dict[str, Any]:
    """Ask Shopify for so many lines of an order in its list, and by itself."""
    orders = built_in("shopify")["streams"]["orders"]
    listed = orders["call"]["query"].replace("lineItems(first: 10)", f"lineItems(first: {most})")
    whole = orders["one"]["query"].replace("lineItems(first: 100)", f"lineItems(first: {alone})")
    assert listed != orders["call"]["query"] or whole != orders["one"]["query"]
    detail = {"call": {"query": whole}}
    return {"streams": {"orders": {"call": {"query": listed}, "one": {"query": whole}, "detail": detail}}}


def test_an_order_longer_than_its_list_tells_is_read_by_itself(hub: HubWorld):
    world = Polled(hub, "shopify", 16, override=shortened(1, 100))

    world.settle()

    sold = {world.platform.ext_id(sale.no): len(sale.pieces) for sale in world.shop}
    assert {ext_id: len(order.lines) for ext_id, order in world.orders().items()} == sold
    long = [ext_id for ext_id, count in sold.items() if count > 1]
    assert len([call for call in world.shop.calls if call.name == "order"]) == len(long) > 0


def test_an_order_nobody_can_read_to_its_end_is_never_shipped(hub: HubWorld):
    world = Polled(hub, "shopify", 16, override=shortened(1, 1))

    world.settle()

    cut = {world.platform.ext_id(sale.no) for sale in world.shop if len(sale.pieces) > 1 and sale.is_paid}
    states = {ext_id: order.channel_state for ext_id, order in world.orders().items()}
    assert {states[ext_id] for ext_id in cut} == {ChannelState.UNKNOWN}
    assert ChannelState.TO_SHIP in states.values()
