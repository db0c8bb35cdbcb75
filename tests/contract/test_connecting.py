"""A shop is connected from a desk: keys are tried on the channel itself, kept sealed, told to nobody."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hub_world import ALL, FEED, SEAL, HubWorld
from polled_world import BASE, Polled, Wire

from app.domain.connecting import ShopKeys
from app.domain.scopes import Reach
from app.trouble import Trouble
from sync import tables
from sync.hub.database import reading
from sync.hub.outward.addresses import House
from sync.hub.polling.connecting import begin, platforms, try_out
from sync.hub.polling.connections import connected, tells_stock
from sync.manifest.reading import built_in_ids, manifest_of
from sync.simulators.known import PLATFORMS
from sync.simulators.weather import Weather

OWN = House(is_own=True)
NEW = "typed anew"


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def typed(world: Polled, code: str, **other: str) -> ShopKeys:
    asked = manifest_of(code).settings
    known = {name: value for name, value in world.platform.settings(BASE).items() if name in asked}
    return ShopKeys(channel=code, settings=known | other)


def test_keys_are_tried_on_every_simulated_platform_before_anything_is_kept(hub: HubWorld):
    world = Polled(hub, "pdd", 12)
    before = hub.rows(tables.connection)
    world.shop.clock.move(600)

    for code, kind in PLATFORMS.items():
        world.platform = kind(world.shop, None)
        tried = try_out(world.tools, ALL, "TM1", typed(world, code), OWN, Wire(world.platform))

        assert (code, tried.wrong, tried.unread, tried.odd) == (code, None, 0, None)
        assert (code, 1 <= tried.orders <= 5) == (code, True)

    assert (hub.rows(tables.connection), hub.rows(tables.raw), hub.rows(tables.orders)) == (before, [], [])


def test_what_the_channel_refuses_is_said_in_a_sentence(hub: HubWorld):
    world = Polled(hub, "pdd", 5)

    tried = try_out(world.tools, ALL, "TM1", typed(world, "pdd", client_secret="wrong"), OWN, world.wire)
    world.wire.cut_after = world.wire.asked
    dead = try_out(world.tools, ALL, "TM1", typed(world, "pdd"), OWN, world.wire)
    world.wire.cut_after = None
    world.platform.weather = Weather(throttle=1)
    busy = try_out(world.tools, ALL, "TM1", typed(world, "pdd"), OWN, world.wire)

    said = [msgspec.json.encode(one.wrong).decode() for one in (tried, dead, busy)]
    assert "签名" in said[0] or "sign" in said[0]
    assert "The channel cannot be reached." in said[1]
    assert "asks to wait" in said[2]
    assert [one.orders for one in (tried, dead, busy)] == [0, 0, 0]


def test_a_test_call_uses_no_key_up(hub: HubWorld):
    world = Polled(hub, "pdd", 5)
    valid = world.platform.token

    tried = try_out(world.tools, ALL, "TM1", typed(world, "pdd", access_token="over"), OWN, world.wire)

    assert tried.wrong is not None
    assert world.platform.token == valid


def test_a_shop_is_connected_and_its_orders_come(hub: HubWorld):
    world = Polled(hub, "shopify", 6)
    keys = typed(world, "shopify")
    begun = begin(world.tools, ALL, "DY1", msgspec.structs.replace(keys, days=1), OWN)

    with reading(hub.engine) as db:
        (one,) = connected(db, FEED, SEAL, shop="DY1")
    assert (one.manifest.id, one.hook_key) == ("shopify", begun.hook.removeprefix("/hooks/"))
    assert (hub.clock() - one.since).days == 1
    world.shop.clock.move(600)
    world.poll(2)
    assert {row.shop for row in hub.rows(tables.orders)} == {"TM1", "DY1"}


def test_a_key_that_is_kept_is_not_told_and_stays_where_nothing_is_typed(hub: HubWorld):
    world = Polled(hub, "pdd", 0)
    secrets = {value for value in world.platform.settings(BASE).values() if value}

    told = platforms(world.tools, ALL, "TM1")
    begin(world.tools, ALL, "TM1", ShopKeys(channel="pdd", settings={"client_secret": NEW}), OWN)

    asked = {one.name: one for one in next(one for one in told.all if one.id == "pdd").asks}
    hidden = {value for one, value in world.one().settings.items() if asked[one].type == "secret"}
    assert told.here == "pdd"
    assert not [value for value in hidden & secrets if value.encode() in msgspec.json.encode(told)]
    assert (asked["client_secret"].is_kept, asked["client_secret"].start) == (True, "")
    assert world.one().settings["client_secret"] == NEW
    assert world.one().settings["client_id"] == world.platform.settings(BASE)["client_id"]
    switch = asked["stock"]
    assert (switch.type, switch.start, switch.is_optional) == ("switch", "off", True)
    begin(world.tools, ALL, "TM1", ShopKeys(channel="pdd", settings={"stock": "on"}), OWN)
    again = next(one for one in platforms(world.tools, ALL, "TM1").all if one.id == "pdd")
    assert (again.asks[-1].start, tells_stock(world.one().settings)) == ("on", True)
    other = next(one for one in told.all if one.id == "woocommerce")
    assert not [one for one in other.asks if one.is_kept]


def test_nobody_reaches_through_the_hub_what_only_the_hub_can_reach(hub: HubWorld):
    world = Polled(hub, "woocommerce", 0)
    for url, house in (
        ("http://127.0.0.1:1/", House()),
        ("https://127.0.0.1:1/", House()),
        ("https://127.0.0.1:1/", House(hosts=("erp.example.com",))),
        ("ftp://127.0.0.1/", OWN),
    ):
        keys = typed(world, "woocommerce", base_url=url)
        with pytest.raises(Trouble, match="bad_hook"):
            begin(world.tools, ALL, "TM1", keys, house)
        with pytest.raises(Trouble, match="bad_hook"):
            try_out(world.tools, ALL, "TM1", keys, house, world.wire)
    assert world.wire.asked == 0

    named = House(hosts=("127.0.0.1",))
    assert begin(world.tools, ALL, "TM1", typed(world, "woocommerce", base_url="http://127.0.0.1:1/"), named)


def test_keys_that_are_kept_go_to_no_other_address(hub: HubWorld):
    world = Polled(hub, "pdd", 0)
    elsewhere = ShopKeys(channel="pdd", settings={"base_url": "http://127.0.0.1:2/router"})

    for asks in (begin, lambda *asked: try_out(*asked, world.wire)):
        with pytest.raises(Trouble, match="settings"):
            asks(world.tools, ALL, "TM1", elsewhere, OWN)

    assert world.wire.asked == 0
    assert begin(world.tools, ALL, "TM1", typed(world, "pdd", **elsewhere.settings), OWN)


def test_a_shop_one_does_not_work_for_is_not_there(hub: HubWorld):
    world = Polled(hub, "pdd", 0)
    keys, reach = typed(world, "pdd"), Reach(shops=("DY1",))

    with pytest.raises(Trouble, match="no_shop"):
        platforms(world.tools, reach, "TM1")
    with pytest.raises(Trouble, match="no_shop"):
        begin(world.tools, reach, "TM1", keys, OWN)
    with pytest.raises(Trouble, match="no_shop"):
        try_out(world.tools, reach, "TM1", keys, OWN, world.wire)


def test_whatever_a_channel_asks_for_says_in_both_languages_where_it_is_found():
    lacks = [
        (one, name)
        for one in built_in_ids()
        for name, line in manifest_of(one).settings.items()
        if line.type != "const" and not (line.hint.en and (line.hint.zh or line.hint.en.startswith("https")))
    ]
    assert lacks == []
