"""How fast orders come in, the whole way: delivery, receipt, decision, rows, journal, feed, audit chain.

The product and the limit line take turns over parts of the same orders; the share is the median of the parts.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from databases import Place, fresh_database
from goods import large_company, three_lines
from intake_tempo import Tempo, at_tempo
from limit_line import LimitLine, open_limit, rows_since, shelves, timed
from meters import cpu_s, load_average, median, percentile, rounded, rss_mb
from sqlalchemy import event, func, select

from app.boot.bench import Measured
from app.boot.demo import DayClock
from app.boot.demo_company import OPENED_AT
from app.boot.opening import FEED_ID, Running, open_hub
from app.commands.receive import Receive
from sync import tables
from sync.channel import Draft
from sync.hub.company import install_company
from sync.hub.database import open_database, reading, writing
from sync.hub.intake import open_account, take_in
from sync.hub.verify import verify

PARTS = 5
WARM_UP_ORDERS = 400
DELIVERY_ORDERS = 400
"""Orders of one round of deliveries, over all shops."""
ROUNDS_AHEAD = 5
ACCOUNT = "bench:{shop}"
STEADY_S, BURST_S, USUAL_PER_S = 20.0, 60.0, 250.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--steady", type=float, default=STEADY_S, help="seconds at half of that rate")
    parser.add_argument("--burst", type=float, default=BURST_S, help="seconds at ten times the usual rate")
    parser.add_argument("--usual", type=float, default=USUAL_PER_S, help="orders a second of a usual hour")


def measure(asked: argparse.Namespace) -> Measured:
    tempo = Tempo(asked.steady, asked.burst, asked.usual)
    return run(asked.database, asked.orders, tempo=tempo)


def run(kind: str, count: int, *, parts: int = PARTS, tempo: Tempo | None = None) -> Measured:
    """Take `count` orders in on a fresh database of this kind; with a tempo, also at rates of their own."""
    with fresh_database(kind) as place:
        business = large_company()
        engine = open_database(place.url)
        with writing(engine) as db:
            install_company(db, FEED_ID, business, OPENED_AT)
        engine.dispose()
        day = list(three_lines(business, count + WARM_UP_ORDERS))
        clock = DayClock(OPENED_AT)
        running = open_hub(place.url, clock=clock)
        limit = open_limit(place, shelves(running.hub.engine))
        try:
            measured = _alternate(place, running, clock, limit, day, parts)
            if tempo is not None:
                measured.figures |= at_tempo(running, clock, business, len(day), tempo, measured.figures)
            return measured
        finally:
            limit.close()
            running.hub.writer.stop()
            running.hub.engine.dispose()


def _alternate(
    place: Place,
    running: Running,
    clock: DayClock,
    limit: LimitLine,
    day: Sequence[Receive],
    parts: int,
) -> Measured:
    intake = Intake(running, clock, place.server_pid)
    intake.take(day[:WARM_UP_ORDERS])
    timed(limit, rows_since(running.hub.engine, 0))
    watch = BatchWatch(running)
    rates, limits, shares = [], [], []
    intake.hub_cpu_s = intake.database_cpu_s = 0.0
    size = -(-(len(day) - WARM_UP_ORDERS) // parts)
    for at in range(WARM_UP_ORDERS, len(day), size):
        part, since = day[at : at + size], intake.head()
        rates.append(len(part) / intake.take(part))
        rows = rows_since(running.hub.engine, since)
        limits.append(sum(len(one["limit_order"]) for one in rows) / timed(limit, rows))
        shares.append(rates[-1] / limits[-1])
    measured = len(day) - WARM_UP_ORDERS
    report = verify(running.hub.engine, FEED_ID)
    _read_back(running, limit, len(day))
    return Measured(
        name="intake",
        budget=f"intake_{place.kind}",
        figures={
            "database": place.kind,
            "orders": measured,
            "orders_per_s": rounded(median(rates)),
            "orders_per_s_least": rounded(min(rates)),
            "orders_per_s_most": rounded(max(rates)),
            "batch_ms_p50": rounded(percentile(watch.batches_ms, 0.50)),
            "batch_ms_p99": rounded(percentile(watch.batches_ms, 0.99)),
            "batches": len(watch.batches_ms),
            "cpu_us_per_order": rounded(intake.hub_cpu_s / measured * 1e6),
            "database_cpu_us_per_order": rounded(intake.database_cpu_s / measured * 1e6),
            "limit_share": rounded(median(shares), 3),
            "limit_share_least": rounded(min(shares), 3),
            "limit_share_most": rounded(max(shares), 3),
            "released": intake.released(),
            "snags": report.counts["snag"],
            "breaches": len(report.findings),
            "rss_mb": rounded(rss_mb()),
            "load_average_after": load_average(),
        },
        limits={"limit_orders_per_s": rounded(median(limits))},
    )


def _read_back(running: Running, limit: LimitLine, orders: int) -> None:
    """Both sides wrote what they say they wrote.

    Raises:
        RuntimeError: a row is missing.
    """
    with reading(running.hub.engine) as db:
        found = db.execute(select(func.count()).where(tables.orders.c.feed_id == FEED_ID)).scalar_one()
        held = db.execute(
            select(func.sum(tables.stock.c.reserved)).where(tables.stock.c.feed_id == FEED_ID)
        ).scalar_one()
    if found != orders or limit.count("limit_order") != orders:
        raise RuntimeError(f"of {orders} orders the product has {found}, the limit line not all")
    if limit.reserved() != held:
        raise RuntimeError(f"the product promised {held} pieces, the limit line {limit.reserved()}")


class Intake:
    """Deliveries on one thread, decisions on another, as in a running hub."""

    def __init__(self, running: Running, clock: DayClock, server_pid: int) -> None:
        self._running, self._clock, self._server_pid = running, clock, server_pid
        self._shops = running.shops()
        self.hub_cpu_s = self.database_cpu_s = 0.0
        with writing(running.hub.engine) as db:
            for code in self._shops:
                open_account(db, FEED_ID, ACCOUNT.format(shop=code), running.hub.clock())

    def take(self, part: Sequence[Receive]) -> float:
        """Bring these orders in; return the seconds until the last one is decided and committed."""
        hub_s = time.process_time()
        database_s = cpu_s(self._server_pid) if self._server_pid else 0.0
        began_s = time.perf_counter()
        room = threading.Semaphore(ROUNDS_AHEAD)
        delivered = threading.Event()
        courier = threading.Thread(target=self._deliver, args=(part, room, delivered), name="deliveries")
        courier.start()
        while True:
            is_last = delivered.is_set()
            while self._running.drain():
                pass
            room.release()
            if is_last:
                break
            if not delivered.is_set():
                time.sleep(0.0005)  # nothing has come: the product rests half a second here
        courier.join()
        took_s = time.perf_counter() - began_s
        self.hub_cpu_s += time.process_time() - hub_s
        self.database_cpu_s += (cpu_s(self._server_pid) if self._server_pid else 0.0) - database_s
        return took_s

    def _deliver(
        self, part: Sequence[Receive], room: threading.Semaphore, delivered: threading.Event
    ) -> None:
        try:
            for some in _slices(part, DELIVERY_ORDERS):
                room.acquire()
                self._clock.at = max(self._clock.at, some[-1].ordered_at)
                for code, group in groupby(sorted(some, key=_shop), key=_shop):
                    hub = self._running.hub
                    drafts = [Draft(receive=receive, rows=()) for receive in group]
                    account = ACCOUNT.format(shop=code)
                    take_in(
                        hub.engine, FEED_ID, hub.seal, account, self._shops[code], "", "bench", drafts,
                        hub.clock(),
                    )  # fmt: skip
        finally:
            delivered.set()

    def head(self) -> int:
        with reading(self._running.hub.engine) as db:
            found = select(tables.feed.c.head).where(tables.feed.c.feed_id == FEED_ID)
            return int(db.execute(found).scalar_one())

    def released(self) -> int:
        """Orders that passed every gate without anybody's help."""
        o = tables.orders.c
        with reading(self._running.hub.engine) as db:
            found = select(func.count()).where(o.feed_id == FEED_ID, o.status == "released")
            return int(db.execute(found).scalar_one())


def _shop(receive: Receive) -> str:
    return receive.shop


def _slices(part: Sequence[Receive], size: int) -> Iterator[list[Receive]]:
    rest = iter(part)
    while some := list(islice(rest, size)):
        yield some


class BatchWatch:
    """How long each transaction of the writer was open."""

    def __init__(self, running: Running) -> None:
        self.batches_ms: list[float] = []
        self._began_s = 0.0
        event.listen(running.hub.engine, "begin", self._begin)
        event.listen(running.hub.engine, "commit", self._commit)

    def _begin(self, _db: object) -> None:
        if threading.current_thread().name == "writer":
            self._began_s = time.perf_counter()

    def _commit(self, _db: object) -> None:
        # Told just before COMMIT is sent; its cost is in the throughput.
        if threading.current_thread().name == "writer":
            self.batches_ms.append((time.perf_counter() - self._began_s) * 1e3)
