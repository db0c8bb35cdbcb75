"""Orders read from every platform beside what its simulator can give, and three days that nobody read.

The simulator answers in this process, so its share of the time is known in the same run: `limit_orders_per_s`
is what it would give alone. A catch-up reads orders of three days in one go, and says whether memory grows.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from databases import fresh_database
from meters import rounded, rss_mb
from sqlalchemy import func, select

from app.boot.bench import Measured
from sync import tables
from sync.hub.database import reading
from sync.manifest.caller import Answer
from sync.manifest.request import Request
from sync.simulators.known import PLATFORMS

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hub_world import FEED, HubWorld, company
from polled_world import Polled, Wire

DAYS_S = 3 * 86_400
CODES = ("A-1", "A-2", "A-3")
PLENTY = 10_000_000
QUIET = 3
"""So many rounds without a new order, and the list is read to its end."""
ROUNDS_MOST = 20_000


@dataclass
class Timed:
    """A line that ends in the simulator, and how long that took."""

    wire: Wire
    spent_s: float = 0.0
    calls: int = 0

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        begun = time.perf_counter()
        try:
            return self.wire(request, timeout_s, most_bytes)
        finally:
            self.spent_s += time.perf_counter() - begun
            self.calls += 1


@dataclass(frozen=True)
class Read:
    """One list that was read to its end."""

    orders: int
    expected: int
    took_s: float
    cpu_s: float
    spent_s: float
    calls: int
    grown_mb: float
    """By so much memory grew over the last three quarters of the orders."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=int, default=2_000, help="of each platform")
    parser.add_argument(
        "--catch-up", type=int, default=200_000, help="orders of three days nobody read; 0: none"
    )
    parser.add_argument(
        "--platform", choices=sorted(PLATFORMS), action="append", help="all where none is named"
    )
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")


def measure(asked: argparse.Namespace) -> Measured:
    figures: dict[str, Any] = {"orders": asked.orders, "database": asked.database}
    limits: dict[str, float] = {}
    reads = {code: read(code, asked.orders, asked.database) for code in asked.platform or sorted(PLATFORMS)}
    for code, one in reads.items():
        figures[f"{code}_orders_per_s"] = rounded(one.orders / one.took_s)
        figures[f"{code}_cpu_us_per_order"] = rounded(1e6 * (one.cpu_s - one.spent_s) / max(1, one.orders))
        figures[f"{code}_calls"] = one.calls
        limits[f"{code}_limit_orders_per_s"] = rounded(one.orders / one.spent_s)
    figures["missing"] = sum(one.expected - one.orders for one in reads.values())
    figures["orders_per_s_least"] = min(rounded(one.orders / one.took_s) for one in reads.values())
    if asked.catch_up:
        late = read("taobao", asked.catch_up, asked.database, span_s=DAYS_S)
        figures |= {
            "catch_up_orders": late.orders,
            "catch_up_missing": late.expected - late.orders,
            "catch_up_s": rounded(late.took_s),
            "catch_up_orders_per_s": rounded(late.orders / late.took_s),
            "catch_up_grown_mb": rounded(late.grown_mb),
        }
    return Measured("channels", "channels_read", figures, limits)


def read(code: str, count: int, kind: str, *, span_s: int = 1_500) -> Read:
    """Let a hub read a shop from its first order to its last."""
    opening = tuple(msgspec.structs.replace(row, on_hand=PLENTY) for row in company().opening)
    with fresh_database(kind) as place:
        hub = HubWorld(place.url, opening=opening)
        try:
            world = Polled(hub, code, count, span_s=span_s, since_s=span_s + 100, codes=CODES)
            line = Timed(world.wire)
            world.restart(lambda: line)
            return _to_the_end(world, line, hub)
        finally:
            hub.close()


def _to_the_end(world: Polled, line: Timed, hub: HubWorld) -> Read:
    expected = sum(1 for sale in world.shop if sale.state != "awaiting" or not world.shop.only_paid)
    world.shop.clock.move(600)
    begun, cpu, taken, quiet, quarter_mb = time.perf_counter(), time.process_time(), 0, 0, 0.0
    for _ in range(ROUNDS_MOST):
        world.poll()
        now = _taken(hub)
        quiet = quiet + 1 if now == taken else 0
        taken = now
        if not quarter_mb and taken >= expected // 4:
            quarter_mb = rss_mb()
        if quiet >= QUIET and taken >= expected:
            break
        if quiet > 20 * QUIET:
            break
    took_s, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    return Read(taken, expected, took_s, cpu_s, line.spent_s, line.calls, rss_mb() - quarter_mb)


def _taken(hub: HubWorld) -> int:
    with reading(hub.engine) as db:
        found = select(func.count()).select_from(tables.orders).where(tables.orders.c.feed_id == FEED)
        return int(db.execute(found).scalar_one())
