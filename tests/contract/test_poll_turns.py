"""A list stays with who reads it, a night reads three days again, and no shop holds up another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled

from sync import tables
from sync.hub import one_clock
from sync.hub.database import writing
from sync.hub.polling import poller, streams
from sync.hub.polling.connections import connect, connected
from sync.hub.polling.poller import Poller
from sync.hub.polling.streams import hold
from sync.manifest.caller import Refused

SMALL_PAGES = {"streams": {"orders": {"pages": {"size": 20, "max_page": 2}}}}


@pytest.fixture
def database_url(tmp_path: Path, laid_out_file: Path) -> str:
    """A file: nothing here differs between databases."""
    shutil.copy(laid_out_file, tmp_path / "hub.db")
    return f"sqlite:///{tmp_path / 'hub.db'}"


def test_a_list_stays_with_the_hub_that_a_budget_makes_wait(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    slow = {"budget": [{"calls": 1, "every": "PT180S"}], "streams": {"orders": {"pages": {"size": 20}}}}
    world, wall = Polled(hub, "pdd", 60, override=slow), [datetime.now(UTC)]
    monkeypatch.setattr(one_clock, "datetime", SimpleNamespace(now=lambda _zone: wall[0]))
    others, waited = [], []

    def sleep(seconds: float) -> None:
        wall[0] += timedelta(seconds=seconds)
        waited.append(seconds)
        with writing(hub.engine) as db:
            others.append(hold(db, FEED, "TM1", "orders", hub.clock()))
        world.shop.clock.move(seconds)

    world.poller = Poller(world.tools, lambda: world.wire, sleep)
    world.poller.open_shop(world.one())
    world.poller._read_list(world.one(), "orders", None)

    assert sum(waited) > 3 * streams.LEASE.total_seconds()
    assert set(others) == {None}
    assert (world.stream().code, world.stream().tries) == ("", 0)


# --- the nights -----------------------------------------------------------------------------------------


def test_a_night_reads_in_halves_what_is_too_much_for_one_window(hub: HubWorld):
    world = Polled(hub, "pdd", 45, override=SMALL_PAGES)
    world.settle()
    world.shop.clock.move(86_400)
    while world.poller._read_again(world.one(), "orders", None):
        pass

    night = next(row for row in hub.rows(tables.stream) if row.name == "orders again")
    assert night.well_at == hub.clock()
    assert night.code == ""
    assert night.orders >= 45


def test_a_night_that_breaks_off_goes_on_where_it_was(hub: HubWorld, monkeypatch: pytest.MonkeyPatch):
    world = Polled(hub, "pdd", 12, since_s=7200, span_s=7000)
    world.settle()
    monkeypatch.setattr(poller, "WINDOWS", 1)
    world.shop.clock.move(86_400)
    (one,) = world.poller.shops()
    begun = world.wire.asked

    def night() -> Any:
        return next(row for row in hub.rows(tables.stream) if row.name == "orders again")

    world.poller._read_again(one, "orders", None)
    first = night().read_to
    world.wire.cut_after = world.wire.asked
    world.poller._read_again(one, "orders", night())
    assert (night().read_to, night().tries) == (first, 1)
    world.wire.cut_after = None
    world.shop.clock.move(11)
    while world.poller._read_again(one, "orders", night()):
        pass

    assert night().orders == 12
    assert (night().read_to, night().tries) == (None, 0)
    assert world.wire.asked > begun


# --- many shops -----------------------------------------------------------------------------------------


def test_a_shop_that_fails_unexpectedly_holds_up_no_other(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch, expect_log: Callable[[str], None]
):
    world = Polled(hub, "pdd", 5)
    keys = {"app_key": "a", "app_secret": "b", "access_token": "c"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "DY1", "douyin", keys, hub.clock())
    reads: list[str] = []

    def read(one: Any) -> bool:
        reads.append(one.shop.code)
        if one.shop.code == "DY1":
            raise LookupError
        return False

    monkeypatch.setattr(world.poller, "read_shop", read)
    for wait_s in (0, 0, 0, 61):
        hub.clock.move(seconds=wait_s)
        world.poller.step()
        for work in world.poller.under_way:
            work.exception(60)
    world.poller.close()

    assert (reads.count("TM1"), reads.count("DY1")) == (4, 2)
    expect_log("shop DY1 cannot be read")


def test_shops_of_one_app_wait_for_each_other(hub: HubWorld):
    slow = {"budget": [{"per": "app", "app": "{{client_id}}", "calls": 1, "every": "PT60S"}]}
    world = Polled(hub, "pdd", 2, override=slow)
    keys = world.one().settings
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "DY1", "pdd", keys, hub.clock(), override=slow)
    waited = []
    for shop in ("TM1", "DY1"):
        with writing(hub.engine) as db:
            (one,) = connected(db, FEED, SEAL, shop=shop)
        before = hub.clock()
        with suppress(Refused):
            world.poller.caller(one).ask({"type": "pdd.order.information.get"}, stream="orders")
        waited.append((hub.clock() - before).total_seconds())

    assert waited == [0, 60]
