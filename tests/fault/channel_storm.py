"""A shop is read, heard and told while everything goes wrong: on both ends, and with hubs that are killed.

The simulated platform stands in this process, on a clock that both share. What reads it is a process of its
own, killed in the middle of calls; another hub of the same database takes what the platform sends.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import requests
import uvicorn
from builders import WAREHOUSES, stock
from hub_world import FEED, SEAL, HubWorld, bought
from processes import nursery
from sqlalchemy import func, select
from starlette.applications import Starlette
from told_world import sold

import sync.hub.drain
import sync.hub.polling.streams
import sync.hub.turns
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.domain.values import Role
from sync import tables
from sync.hub.asking import Worker
from sync.hub.database import connect_database, reading, writing
from sync.hub.doorway import Doorway
from sync.hub.drain import Drain
from sync.hub.effects import WORKER, Effects
from sync.hub.jobs import open_worker
from sync.hub.limits import Limits
from sync.hub.polling.connections import connect, connected
from sync.hub.polling.deliveries import Deliveries
from sync.hub.polling.hooks import hook_routes
from sync.hub.polling.poller import Poller
from sync.hub.polling.shipping import ship_telling
from sync.hub.polling.taking import Tools
from sync.hub.polling.telling import Telling
from sync.hub.prepare import Preparer
from sync.hub.writer import Writer
from sync.manifest.line import Http
from sync.manifest.mapping import mapped, orders_in
from sync.manifest.reading import manifest_of
from sync.simulators.clock import Clock
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Heard, Platform, Pushing, Said
from sync.simulators.server import standing
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

RENEWING = ("wechat_store", "amazon", "ebay", "taobao", "jd", "pdd", "douyin")
"""Platforms whose manifest says how a token is asked for, or renewed."""
CARRIERS = {"pdd": "44", "jd": "467"}
STEP_S = 31.0
LEASE = timedelta(seconds=1)
"""By the clock of the database: what a killed hub held is free again soon."""
PATIENCE_S = 900.0
"""However few the orders; a large shop has a tenth of a second more for each."""
QUIET_ROUNDS = 12
"""After the last change: lists show it late, and are read a little behind."""
TOLD_BY = "DY1"
"""The shop whose orders are shipped: on the same platform, its lists are not read."""


@dataclass
class Storm:
    """What one platform came to."""

    platform: str
    orders: int
    missing: int = 0
    doubled: int = 0
    shipped_twice: int = 0
    unshipped: int = 0
    wrong: int = 0
    behind: int = 0
    """Changed orders whose last change never came."""
    kills: int = 0
    changes: int = 0
    calls: int = 0
    read_s: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)


class Shared(Clock):
    """Time in memory that processes share; whoever waits lets it pass."""

    def __init__(self, moved: Any, begun: datetime) -> None:
        super().__init__(begun.timestamp())
        self._shared = moved

    def now(self) -> int:
        return int(self.at().timestamp())

    def at(self) -> datetime:
        return datetime.fromtimestamp(self._start_s or 0.0, UTC) + timedelta(seconds=self._shared.value)

    def move(self, seconds: float) -> None:
        with self._shared.get_lock():
            self._shared.value += seconds


def read_for_ever(url: str, moved: Any, begun: datetime, rounds: Any) -> None:
    """Be the hub that reads, understands, decides and tells, until somebody kills it."""
    for leasing in (sync.hub.drain, sync.hub.polling.streams, sync.hub.turns):
        leasing.LEASE = LEASE
    clock = Shared(moved, begun)
    engine = connect_database(url)
    writer = Writer(engine, FEED, SEAL, clock.at)
    writer.start()
    tools = Tools(engine, FEED, SEAL, clock.at)
    poller = Poller(tools, Http, clock.move)
    drain = Drain(engine, FEED, SEAL, writer, {}, Preparer(None), clock.at)
    sent = Deliveries(tools)
    worker = Worker(engine, FEED, writer, open_worker(engine, FEED, WORKER, clock.at()))
    confirming = Telling(tools, ship_telling, Http, clock.move)
    effects = Effects(worker, lambda shop, _kind: confirming.of(shop), clock.at, kinds=("confirm",))
    while True:
        for one in poller.shops():
            poller.read_shop(one)
        while sent.step():
            pass
        while drain.page():
            pass
        while effects.carry_out():
            pass
        clock.move(STEP_S)
        rounds.value += 1


class Reader:
    """The process that reads, killed at the calls it makes."""

    def __init__(self, url: str, moved: Any, begun: datetime, chance: random.Random, kills: int) -> None:
        self._context = nursery()
        self._asked = (url, moved, begun)
        self._chance, self._left = chance, kills
        self.rounds = self._context.Value("q", 0)
        self.killed, self._calls, self._at = 0, 0, 0
        self._lock = threading.Lock()
        self.process: Any = None
        self._again()

    def _again(self) -> None:
        self._calls, self._at = 0, self._chance.randrange(3, 40) if self._left else 0
        self.process = self._context.Process(
            target=read_for_ever, args=(*self._asked, self.rounds), daemon=True
        )
        self.process.start()

    def called(self) -> None:
        """Count one call of this process; now and then it is its last."""
        with self._lock:
            self._calls += 1
            if self._at and self._calls == self._at:
                self._left -= 1
                self.killed += 1
                self.process.kill()

    def look_after(self) -> None:
        """Start it again where it was killed.

        Raises:
            AssertionError: it died of something else.
        """
        if not self.process.is_alive():
            self.process.join()
            assert self.process.exitcode == -signal.SIGKILL, f"the reader ended with {self.process.exitcode}"
            self._again()

    def end(self) -> None:
        with self._lock:
            self._at = 0
        self.process.kill()
        self.process.join()


def storm(url: str, code: str, orders: int, *, seed: int = 1, kills: int = 4) -> Storm:
    """Let one platform and its hubs through everything; say what was lost."""
    shipped_of = max(4, orders // 100)
    hub = HubWorld(url, opening=tuple(stock(place, "LN-220", 2 * shipped_of) for place in WAREHOUSES))
    moved, begun = nursery().Value("d", 0.0), hub.clock.now
    clock = Shared(moved, begun)
    hub.clock = clock.at  # type: ignore[assignment]
    weather = Weather(change=1, throttle=53, fail=71, expire=97 if code in RENEWING else 0, hang=2)
    shop = Shop(orders, clock, seed=seed, span_s=max(1500, orders * 2), late_every=9)
    platform = PLATFORMS[code](shop, weather)
    chance = random.Random(seed)  # noqa: S311 - what is done can be done again
    found, patience_s = Storm(code, orders), PATIENCE_S + orders / 10
    with _watched(platform) as (base, watch):
        age = timedelta(seconds=shop.clock.now() - shop.at_place(0).modified + 60)
        keys = _connect(hub, platform, base, age)
        reader = Reader(url, moved, begun, chance, kills)
        watch.append(reader.called)
        try:
            began = time.monotonic()
            with _door(hub, clock) as door:
                deliveries = _deliveries(platform, chance)
                for heard in deliveries:
                    _send(f"{door}/hooks/{keys}", heard)
                    reader.look_after()
                shop.arrive(max(1, orders // 50))
                _until(lambda: _is_all_there(hub, platform), reader, patience_s)
                found.read_s = time.monotonic() - began
                shipped = _ship(hub, platform, shipped_of)
                _until(lambda: _is_all_told(hub), reader, patience_s)
                platform.weather = Weather()
                threading.Event().wait(2 * LEASE.total_seconds())
                calm = reader.rounds.value + QUIET_ROUNDS
                _until(lambda: reader.rounds.value >= calm, reader, patience_s)
            _judge(found, hub, platform, shipped)
            reader.end()
            found.behind = _behind(hub, platform, clock)
        finally:
            reader.end()
            hub.writer.stop()
            hub.engine.dispose()
    found.kills, found.changes, found.calls = reader.killed, shop.changes, len(shop.calls)
    found.answers = Counter(call.answer for call in shop.calls)
    return found


@contextmanager
def _watched(platform: Platform) -> Iterator[tuple[str, list[Any]]]:
    """Let a platform stand; who is in the list is told of every call before it is answered."""
    told: list[Any] = []
    answer = platform.answer

    def watched(heard: Heard) -> Said:
        said = answer(heard)
        for each in told:
            each()
        return said

    platform.answer = watched  # type: ignore[method-assign]
    with standing(platform) as base:
        yield base, told


@contextmanager
def _door(hub: HubWorld, clock: Shared) -> Iterator[str]:
    """Let a hub stand that takes what the platform sends."""
    tools = Tools(hub.engine, FEED, SEAL, clock.at)
    routes = hook_routes(tools, Doorway(hub.engine, FEED, clock.at, Limits()))
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


def _connect(hub: HubWorld, platform: Platform, base: str, back: timedelta) -> str:
    manifest = manifest_of(platform.code)
    keys = {k: v for k, v in platform.settings(base).items() if k in manifest.settings}
    if platform.code in CARRIERS:
        keys["carrier_sf"] = CARRIERS[platform.code]
    now = hub.clock()
    with writing(hub.engine) as db:
        connect(db, FEED, SEAL, TOLD_BY, platform.code, keys, now, override={"streams": None, "push": None})
        return connect(db, FEED, SEAL, "TM1", platform.code, keys, now, since=now - back)


def _deliveries(platform: Platform, chance: random.Random) -> list[Heard]:
    """Return what a platform sends of every tenth order: twice each, in any order."""
    if not isinstance(platform, Pushing) or platform.code == "ebay":  # its key is asked for over TLS
        return []
    sent = [platform.push(platform.shop.sale(no), no) for no in range(0, len(platform.shop), 10)]
    return chance.sample(sent * 2, len(sent) * 2)


def _send(url: str, heard: Heard) -> None:
    where = url + (f"?{heard.query}" if heard.query else "")
    while True:
        said = requests.post(where, heard.body, headers=dict(heard.headers), timeout=30)
        if said.status_code != 429:
            said.raise_for_status()
            return
        threading.Event().wait(float(said.headers["retry-after"]))


def _until(is_done: Callable[[], bool], reader: Reader, patience_s: float) -> None:
    """Look after the reader until something is so, and some rounds more."""
    ends = time.monotonic() + patience_s
    while not is_done():
        assert time.monotonic() < ends, "it never ended"
        reader.look_after()
        threading.Event().wait(0.05)
    last = reader.rounds.value + 3
    while reader.rounds.value < last:
        assert time.monotonic() < ends, "it never ended"
        reader.look_after()
        threading.Event().wait(0.05)


def _known(hub: HubWorld) -> Counter[str]:
    o = tables.orders.c
    with reading(hub.engine) as db:
        rows = db.scalars(select(o.ext_id).where(o.shop == "TM1"))
        return Counter(ext_id.rpartition("/")[2] for ext_id in rows)


def _is_all_there(hub: HubWorld, platform: Platform) -> bool:
    """Tell whether as many orders are there as must be."""
    with reading(hub.engine) as db:
        held = db.scalar(select(func.count()).select_from(tables.orders).where(tables.orders.c.shop == "TM1"))
    return bool(held >= len(platform.shop))


def _ship(hub: HubWorld, platform: Platform, count: int) -> list[int]:
    floor = hub.desk(Role.WAREHOUSE, "floor")
    open_ones = (sale for sale in platform.shop if sale.state == "to_ship")
    small = (sale.no for sale in open_ones if sum(piece.qty for piece in sale.pieces) <= 2)  # no review
    numbers = list(islice(small, count))
    for no in numbers:
        order = f"o{no}"
        lines = sold(platform, platform.shop.sale(no))
        hub.channel.must(bought(order, shop=TOLD_BY, ext_id=platform.ext_id(no), lines=lines))
        floor.must(*(Pick(order=order, line=one.id, qty=one.qty) for one in lines), Pack(order=order))
        floor.must(Ship(order=order, carrier="SF", tracking_no=f"SF{no:06d}"))
    return numbers


def _is_all_told(hub: HubWorld) -> bool:
    return all(row.state in {"done", "rejected"} for row in hub.rows(tables.effect))


def _judge(found: Storm, hub: HubWorld, platform: Platform, shipped: list[int]) -> None:
    known, shop = _known(hub), platform.shop
    wanted = {platform.ext_id(sale.no): sale for sale in shop}
    found.missing = len(wanted.keys() - known.keys())
    found.doubled = sum(times - 1 for times in known.values())
    found.shipped_twice = shop.shipped_twice
    told = {write.of for write in shop.writes if write.kind == "ship"}
    found.unshipped = sum(1 for no in shipped if platform.ext_id(no) not in told)
    with reading(hub.engine) as db:
        assert connected(db, FEED, SEAL)
    rows = [row for row in hub.rows(tables.orders) if row.shop == "TM1"]
    sample = rows[:: max(1, len(rows) // 200)]
    found.wrong = sum(
        hub.order(row.id).payable_minor != wanted[row.ext_id.rpartition("/")[2]].pay_minor for row in sample
    )


def _behind(hub: HubWorld, platform: Platform, clock: Shared) -> int:
    """Count the changed orders that are not here as the platform shows them when each is asked for."""
    tools = Tools(hub.engine, FEED, SEAL, clock.at)
    poller = Poller(tools, Http, clock.move)
    (one,) = (one for one in poller.shops() if one.shop.code == "TM1")
    (name, *_) = (name for name, each in one.manifest.streams.items() if each.kind == "orders")
    rows = {row.ext_id.rpartition("/")[2]: row.id for row in hub.rows(tables.orders) if row.shop == "TM1"}
    found = 0
    for sale in platform.shop:
        ext_id = platform.ext_id(sale.no)
        if sale.version > 1 and ext_id in rows:
            (record,) = orders_in(one.manifest, poller.caller(one).one(name, ext_id))
            shown = mapped(one.manifest, record, one.shop, clock.at()).receive
            found += hub.order(rows[ext_id]).ext_version != shown.ext_version
    poller.close()
    return found
