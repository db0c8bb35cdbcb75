"""Hubs that share a database keep a channel's budget together, renew keys once, and tell a shop in turns."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from hub_world import FEED, SEAL, HubWorld
from polled_world import Polled
from servers import Lent
from sqlalchemy import insert, select

from app.text import Text
from sync.connection_tables import listing, quota_place, turn, wanted
from sync.hub import effect_rows, one_clock, turns
from sync.hub.database import connect_database, reading, writing
from sync.hub.polling import quota
from sync.hub.polling.connections import Connected, connect, connected
from sync.hub.polling.poller import Poller
from sync.hub.polling.stock import stock_telling
from sync.hub.polling.streams import hold
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.polling.wanting import want
from sync.hub.provider import Done, Unsent
from sync.hub.stock_figures import Figures
from sync.hub.turns import Turns
from sync.manifest.caller import Answer, Caller, Line
from sync.manifest.request import Request
from sync.tables import effect

pytestmark = pytest.mark.postgres
GET = {"type": "pdd.order.information.get"}
FINE = Answer(200, {}, b'{"order_info_get_response": {}}')
CHILD = """
import sys, time
from datetime import timedelta
from sync.hub.database import connect_database
from sync.hub.turns import Turns
with Turns(connect_database(sys.argv[1]), 1, timedelta(seconds=1.5)).alone("telling TM1"):
    print("mine", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database_url(lent_postgres: Lent) -> Iterator[str]:
    """A server: only that is shared by several hubs."""
    with lent_postgres.database() as url:
        yield url


class Two:
    """Two hubs on one database: each knows only what its own process would."""

    def __init__(self, hub: HubWorld, url: str) -> None:
        self.hub, self.url = hub, url
        self.engines = [connect_database(url) for _ in range(2)]
        self.tools = [Tools(engine, FEED, SEAL, hub.clock) for engine in self.engines]

    def one(self) -> Connected:
        with reading(self.engines[0]) as db:
            return connected(db, FEED, SEAL, shop="TM1")[0]

    def callers(self, line: Line, sleep: Callable[[float], None]) -> list[Caller]:
        return [tools.talk(self.one(), line, sleep) for tools in self.tools]

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()


@pytest.fixture
def two(hub: HubWorld, database_url: str) -> Iterator[Two]:
    made = Two(hub, database_url)
    yield made
    made.close()


def shop(hub: HubWorld, *budget: dict[str, Any]) -> Polled:
    return Polled(hub, "pdd", 2, override={"budget": list(budget)})


def asked_in_turn(two: Two, times: int) -> list[float]:
    """Let both hubs call as fast as they may; return when each call left. Units: seconds."""
    begun, left = two.hub.clock(), []

    def line(*_asked: object) -> Answer:
        left.append((two.hub.clock() - begun).total_seconds())
        return FINE

    callers = two.callers(line, lambda seconds: two.hub.clock.move(seconds=seconds))
    for n in range(times):
        callers[n % 2].ask(GET, stream="orders")
    return left


@pytest.mark.parametrize("places", [500, 2])
def test_two_hubs_keep_one_budget_together(
    hub: HubWorld, two: Two, places: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(quota, "PLACES_MOST", places)
    shop(hub, {"calls": 5, "every": "PT10S"})

    left = asked_in_turn(two, 16)

    allowed = 5 if places == 500 else 3
    assert min(later - sooner for sooner, later in zip(left, left[allowed:], strict=False)) >= 9.9
    assert left[-1] == pytest.approx(30 if allowed == 5 else 50, abs=0.2)


def test_budgets_of_other_apps_and_lists_are_no_concern(hub: HubWorld, two: Two):
    shop(hub, {"calls": 1, "every": "PT60S", "streams": ["refunds"]}, {"calls": 50, "every": "PT10S"})

    assert asked_in_turn(two, 6)[-1] == 0


def test_points_one_hub_was_told_are_gone_hold_up_the_other(hub: HubWorld, two: Two):
    shop(hub, {"calls": 100, "every": "PT1S", "cost": "left", "keep": 100, "restore": 10})
    waited: list[float] = []
    first, second = two.callers(lambda *_asked: Answer(200, {}, b'{"left": 20}'), waited.append)

    first.ask(GET)
    assert waited == []
    second.ask(GET)

    assert waited == [pytest.approx(8, abs=0.2)]


def test_calls_that_count_no_more_are_forgotten(hub: HubWorld, two: Two, monkeypatch: pytest.MonkeyPatch):
    shop(hub, {"calls": 5, "every": "PT10S"})
    real = datetime.now(UTC)
    monkeypatch.setattr(hub.clock, "now", real - timedelta(days=2))
    asked_in_turn(two, 3)
    monkeypatch.setattr(hub.clock, "now", real)
    asked_in_turn(two, 4)
    with writing(hub.engine) as db:
        quota.forget_free(db, FEED)

    assert len(hub.rows(quota_place)) == 4


def test_a_one_time_token_is_used_by_one_hub_alone(hub: HubWorld, two: Two):
    shop(hub, {"calls": 1000, "every": "PT1S"})
    settings = dict(two.one().settings) | {"access_token": "old", "refresh_token": "once"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "TM1", "pdd", settings, hub.clock())
    used, others = [], list[Thread]()

    def line(request: Request, *_limits: object) -> Answer:
        said = dict(parse_qsl(request.body.decode())) | dict(parse_qsl(request.url.partition("?")[2]))
        if said["type"] != "pdd.pop.auth.token.refresh":
            if said["access_token"] == "new":  # noqa: S105 - a test's
                return FINE
            return Answer(200, {}, b'{"error_response": {"error_code": 10019, "error_msg": "access_token"}}')
        used.append(said["refresh_token"])
        if len(used) == 1:
            others[0].start()
            others[0].join(0.4)
        gives = {"access_token": "new", "refresh_token": "next", "expires_in": 86_400}
        return Answer(200, {}, msgspec.json.encode({"pop_auth_token_refresh_response": gives}))

    first, second = two.callers(line, lambda _seconds: None)
    others.append(Thread(target=second.ask, args=(GET,)))
    first.ask(GET)
    others[0].join(30)

    assert used == ["once"]
    assert [one.settings["refresh_token"] for one in (first, second)] == ["next", "next"]


def test_what_one_hub_tells_a_shop_waits_for_what_the_other_tells_it(hub: HubWorld, two: Two):
    Polled(hub, "pdd", 0)
    keys = {"base_url": "http://127.0.0.1:1", "access_token": "t", "stock": "on"}
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, "TM1", "vendure", keys, hub.clock())
        db.execute(insert(listing).values(feed_id=FEED, shop="TM1", ext_sku="A-1", item="9", goods=""))
    answers = {"promised": {"productVariant": {"stockLevels": [{"stockAllocated": 2}]}}}
    calls, others = [], list[Thread]()

    def line(request: Request, *_limits: object) -> Answer:
        name = msgspec.json.decode(request.body)["query"].split()[1].partition("(")[0]
        calls.append(name)
        if name == "promised" and not others:
            others.append(Thread(target=telling[1].send, args=("stock:TM1:A-1", payload)))
            others[0].start()
            others[0].join(0.4)
        return Answer(200, {}, msgspec.json.encode({"data": answers.get(name, {})}))

    payload = b'{"ext_sku": "A-1", "quantity": "5"}'
    telling = [Telling(tools, stock_telling, lambda: line, lambda _s: None).of("TM1") for tools in two.tools]
    telling[0].send("stock:TM1:A-1", payload)
    others[0].join(30)

    assert calls == ["promised", "set"] * 2


def test_who_waits_for_too_long_tells_nothing_and_comes_again(
    hub: HubWorld, two: Two, monkeypatch: pytest.MonkeyPatch
):
    shop(hub, {"calls": 1000, "every": "PT1S"})
    monkeypatch.setattr(turns, "WAIT_S", 0.1)
    with two.tools[0].telling(two.one()), pytest.raises(Unsent), two.tools[1].telling(two.one()):
        pytest.fail("both at once")

    with two.tools[1].telling(two.one()):
        pass
    monkeypatch.setattr(turns, "KEPT", timedelta(0))
    with writing(hub.engine) as db:
        turns.forget_silent(db, FEED)
    assert hub.rows(turn) == []


def test_the_turn_of_a_hub_that_was_killed_ends_by_time_and_that_of_one_alive_does_not(
    two: Two, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "WAIT_S", 2)
    mine = Turns(two.engines[0], FEED, timedelta(seconds=1.5))
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", CHILD, two.url], cwd=root, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"mine\n"
        with pytest.raises(Exception, match="busy"), mine.alone("telling TM1"):
            pytest.fail("it was renewed")
        child.kill()
    begun_s = time.monotonic()
    with mine.alone("telling TM1"):
        assert time.monotonic() - begun_s < 2


def test_an_order_that_is_wanted_is_asked_for_by_one_hub(hub: HubWorld, two: Two):
    world = Polled(hub, "pdd", 2)
    ext_id = world.platform.ext_id(next(iter(world.shop)).no)
    with writing(hub.engine) as db:
        want(db, FEED, "TM1", ext_id, "said", hub.clock())
    asked = []

    def line(request: Request, timeout_s: float, most_bytes: int) -> Answer:
        asked.append(request.url)
        if len(asked) == 1:
            pollers[1].read_wanted(two.one())
        return world.wire(request, timeout_s, most_bytes)

    pollers = [Poller(tools, lambda: line, hub.clock.move) for tools in two.tools]
    pollers[0].open_shop(two.one())
    pollers[0].read_wanted(two.one())
    pollers[1].read_wanted(two.one())

    assert len(asked) == 1
    assert hub.rows(wanted) == []


class Slow:
    """A channel that takes longer over a figure than a lease lasts; another hub looks around meanwhile."""

    takes_keys, can_look_up, settle_s = False, False, 0.0

    def __init__(self, two: Two) -> None:
        self.two, self.sent = two, list[str]()
        self.figures = [
            Figures(engine, FEED, lambda _shop, _kind: self, lambda: datetime.now(UTC))
            for engine in two.engines
        ]

    def send(self, key: str, _payload: bytes) -> Done:
        self.sent.append(key)
        if len(self.sent) == 1:
            begun, pause = self.lease(), Event()
            for _ in range(200):
                if self.lease() > begun:
                    break
                pause.wait(0.02)
            while self.figures[1].step():
                pass
        return Done("", Text("done"))

    def look_up(self, _key: str) -> None: ...

    def lease(self) -> datetime:
        out = select(effect.c.lease_until).where(effect.c.state == "leased")
        with reading(self.two.engines[0]) as db:
            return db.execute(out).scalars().one()


@pytest.mark.parametrize("ahead_s", [0, 7_200])
def test_what_a_slow_channel_is_told_is_told_by_one_hub(
    hub: HubWorld, two: Two, ahead_s: int, monkeypatch: pytest.MonkeyPatch
):
    shop(hub)
    monkeypatch.setattr(effect_rows, "LEASE", timedelta(seconds=2))
    slow = Slow(two)
    off = {main_thread(): timedelta(seconds=ahead_s)}  # who keeps the lease for the other has its own clock
    clock = SimpleNamespace(now=lambda zone: datetime.now(zone) + off.get(current_thread(), timedelta(0)))
    slow.figures[1] = replace(slow.figures[1], clock=lambda: clock.now(UTC))
    whole = slow.figures[1].step

    def step() -> bool:
        with monkeypatch.context() as patch:
            patch.setattr(one_clock, "datetime", clock)
            return whole()

    slow.figures[1] = SimpleNamespace(step=step)
    while slow.figures[0].step():
        pass

    assert len(slow.sent) == len(set(slow.sent)) > 3


def test_a_hub_whose_clock_is_wrong_takes_no_list_from_another(
    hub: HubWorld, two: Two, monkeypatch: pytest.MonkeyPatch
):
    shop(hub, {"calls": 1, "every": "PT1S"})
    with writing(two.engines[0]) as db:
        assert hold(db, FEED, "TM1", "orders", hub.clock()) is not None
    for later_s in (-3_600, 50, 3_600):
        wrong = datetime.now(UTC) + timedelta(seconds=later_s)
        monkeypatch.setattr(one_clock, "datetime", SimpleNamespace(now=lambda _zone, wrong=wrong: wrong))
        with writing(two.engines[1]) as db:
            assert hold(db, FEED, "TM1", "orders", hub.clock()) is None
