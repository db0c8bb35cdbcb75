"""Orders that come at a rate of their own: how long each takes at half load, and what a burst leaves behind.

Deliveries come on one thread as shops send them, whatever the hub is doing; decisions on another.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

import msgspec
from goods import three_lines
from meters import percentile, rounded
from sqlalchemy import func, select

from app.boot.demo import DayClock
from app.boot.opening import FEED_ID, Running
from app.commands.receive import Receive
from app.domain.company import Company
from sync import tables
from sync.channel import Draft
from sync.hub.database import reading, writing
from sync.hub.intake import open_account, take_in

ACCOUNT = "tempo:{shop}"
TICK_S = 0.05
"""A shop sends what it has so often."""
BURST = 10


@dataclass(frozen=True, slots=True)
class Tempo:
    """Units: seconds, orders a second. 0 seconds: not measured."""

    steady_s: float
    burst_s: float
    usual_per_s: float


@dataclass(slots=True)
class Course:
    """What came when, and what was decided by when. Units: seconds of one clock."""

    pushed: deque[tuple[float, int]] = field(default_factory=deque)
    """(when it was sent, how many had come by then)"""
    took_s: list[float] = field(default_factory=list)
    backlog_most: int = 0
    sent: int = 0

    def see(self, decided: int) -> None:
        """Note which deliveries are decided by now."""
        now_s = time.perf_counter()
        self.backlog_most = max(self.backlog_most, self.sent - decided)
        while self.pushed and self.pushed[0][1] <= decided:
            self.took_s.append(now_s - self.pushed.popleft()[0])


def at_tempo(
    running: Running,
    clock: DayClock,
    business: Company,
    before: int,
    tempo: Tempo,
    figures: Mapping[str, float | int | bool | str],
) -> dict[str, float | int | bool | str]:
    """Send at half of the rate measured, then at ten times the usual one, and wait until all is done."""
    found: dict[str, float | int | bool | str] = {}
    half = float(figures["orders_per_s"]) / 2
    steady, burst = int(half * tempo.steady_s), int(BURST * tempo.usual_per_s * tempo.burst_s)
    day = (
        msgspec.structs.replace(one, ext_id=f"tempo-{at}")
        for at, one in enumerate(islice(three_lines(business, before + steady + burst), before, None))
    )
    if steady:
        course, _ = _run(running, clock, list(islice(day, steady)), half)
        found |= {
            "half_rate_per_s": rounded(half),
            "released_ms_p50": rounded(percentile(course.took_s, 0.50) * 1e3),
            "released_ms_p99": rounded(percentile(course.took_s, 0.99) * 1e3),
        }
    if burst:
        known = _orders(running)
        course, after_s = _run(running, clock, list(islice(day, burst)), BURST * tempo.usual_per_s)
        found |= {
            "burst_orders": burst,
            "burst_per_s": rounded(BURST * tempo.usual_per_s),
            "burst_backlog_most": course.backlog_most,
            "burst_drained_s": rounded(after_s),
            "burst_lost": burst - (_orders(running) - known),
        }
    return found


def _run(running: Running, clock: DayClock, day: Sequence[Receive], per_s: float) -> tuple[Course, float]:
    """Return the course, and how long after the last delivery everything was decided."""
    shops = running.shops()
    with writing(running.hub.engine) as db:
        for code in shops:
            open_account(db, FEED_ID, ACCOUNT.format(shop=code), running.hub.clock())
    clock.at = max(clock.at, day[-1].ordered_at)
    course, begun, ended_s = Course(), _decided(running), [0.0]

    def deliver() -> None:
        began_s = time.perf_counter()
        for at, some in enumerate(_slices(day, max(1, round(per_s * TICK_S)))):
            time.sleep(max(0.0, began_s + at * TICK_S - time.perf_counter()))
            sent_s = time.perf_counter()
            for code, group in groupby(sorted(some, key=lambda one: one.shop), key=lambda one: one.shop):
                drafts = [Draft(receive=receive, rows=()) for receive in group]
                hub, account = running.hub, ACCOUNT.format(shop=code)
                take_in(hub.engine, FEED_ID, hub.seal, account, shops[code], "", "bench", drafts, hub.clock())
            course.sent += len(some)
            course.pushed.append((sent_s, course.sent))
        ended_s[0] = time.perf_counter()

    courier = threading.Thread(target=deliver, name="deliveries")
    courier.start()
    while courier.is_alive() or course.pushed:
        if not running.drain():
            time.sleep(0.0005)
        course.see(_decided(running) - begun)
    courier.join()
    return course, time.perf_counter() - ended_s[0]


def _slices(day: Sequence[Receive], size: int) -> Iterator[Sequence[Receive]]:
    for at in range(0, len(day), size):
        yield day[at : at + size]


def _decided(running: Running) -> int:
    """Return how many deliveries are decided: the last number of every account."""
    r = tables.replica.c
    mine = select(func.sum(r.last_n)).where(r.feed_id == FEED_ID, r.replica_id.like("tempo:%"))
    with reading(running.hub.engine) as db:
        return int(db.execute(mine).scalar_one() or 0)


def _orders(running: Running) -> int:
    with reading(running.hub.engine) as db:
        found = select(func.count()).where(tables.orders.c.feed_id == FEED_ID)
        return int(db.execute(found).scalar_one())
