"""Does anybody ever get what another one has? Fifty buyers, four channels, a hub that is killed meanwhile.

Half of the buyers are desks on the wire, half are shops that deliver; the hub is a process of its own. First
all want one piece each of one hot article, as fast as they can. Then they want several articles at once, one
of them nearly everybody, part of it leased to desks, and the hub is killed again and again. What was promised
is counted in the tables afterwards, and every order that got nothing must say what is available. The limit
writes the same rows by hand-written SQL on one connection, in the same run.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import msgspec
from bench_sync import START_S, free_port
from child import Child
from databases import Place, fresh_database
from limit_line import open_limit, rows_since, shelves, timed
from meters import load_average, rounded
from oversell_goods import HOT, attempts, hot_company
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError

from app.boot.bench import Measured
from app.boot.demo_company import PASSWORD, SHOPS, USERS
from app.boot.embedded import EmbeddedHub
from app.boot.opening import FEED_ID
from app.boot.places import master_key
from app.domain.company import Shop
from app.domain.order import Snag
from app.domain.promised import Reserved
from sync import tables
from sync.channel import Draft
from sync.hub.access import set_passwords
from sync.hub.company import install_company
from sync.hub.database import open_database, reading, writing
from sync.hub.intake import open_account, take_in
from sync.hub.seal import Seal
from sync.hub.verify import verify

HOT_PHASE, MIXED_PHASE = 1, 2
PATIENCE_S = 1200.0
DELIVERY = 20
"""Orders of one delivery."""
TICK_S = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--attempts", type=int, default=400, help="of each client")
    parser.add_argument("--stock", type=int, default=100, help="pieces of the hot article")
    parser.add_argument("--mixed", type=int, default=100, help="orders of several lines, of each client")
    parser.add_argument("--crashes", type=int, default=3, help="how often the hub is killed among them")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="postgres")


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.database, asked.clients, asked.attempts, asked.stock, asked.mixed, asked.crashes)


class Told(msgspec.Struct):
    """What an order says of its goods."""

    lines: tuple[msgspec.Raw, ...]
    reserved: tuple[Reserved, ...] = ()
    snags: tuple[Snag, ...] = ()

    @property
    def is_refused_in_words(self) -> bool:
        """It stands as short, with the figure that was left."""
        return any(snag.kind == "short_stock" and "free" in snag.text.params for snag in self.snags)

    def is_told(self, available: int) -> bool:
        """It says that so much is available."""
        short = (snag for snag in self.snags if snag.kind == "short_stock")
        return any(snag.text.params.get("free") == available for snag in short)


def run(kind: str, clients: int, attempts_each: int, stock: int, mixed: int, crashes: int) -> Measured:
    """Let so many clients try so often each."""
    with fresh_database(kind) as place:
        engine, now = open_database(place.url), datetime.now(UTC)
        with writing(engine) as db:
            install_company(db, FEED_ID, hot_company(now, stock, max(2, clients * mixed // 40)), now)
            set_passwords(db, FEED_ID, [user.code for user in USERS], PASSWORD)
        limit = open_limit(place, shelves(engine))
        of_phase = {HOT_PHASE: attempts_each, MIXED_PHASE: mixed}
        room = Room(place, engine, clients, of_phase)
        with contextlib.closing(limit), room.open():
            took_s = room.play(HOT_PHASE)
            hot = _orders(engine)
            rows = rows_since(engine, 0)
            room.play(MIXED_PHASE, crashes)
            statuses = room.statuses()
            limit_s = timed(limit, rows)
        report = verify(engine, FEED_ID)
        mixed_orders = [one for order, one in _orders(engine).items() if order not in hot]
        succeeded = sum(bool(one.reserved) for one in hot.values())
        figures: dict[str, float | int | bool | str] = {
            "database": kind,
            "clients": clients,
            "channels": len(SHOPS),
            "attempts": len(hot),
            "succeeded": succeeded,
            "refused": len(hot) - succeeded,
            "oversold": max(0, _promised(engine, HOT) - stock),
            "undersold": max(0, min(stock, len(hot)) - succeeded),
            "negative_rows": _negative_rows(engine),
            "told_available_0": sum(not one.reserved and one.is_told(0) for one in hot.values()),
            "untold": sum(not one.reserved and not one.is_told(0) for one in hot.values()),
            "unanswered": clients * (attempts_each + mixed) - len(hot) - len(mixed_orders),
            "desk_refused": statuses.get("refused", 0) + statuses.get("conflict", 0),
            "attempts_per_s": rounded(len(hot) / took_s),
            "mixed_attempts": len(mixed_orders),
            "mixed_succeeded": sum(bool(one.reserved) for one in mixed_orders),
            "mixed_halves": sum(0 < len(one.reserved) < len(one.lines) for one in mixed_orders),
            "mixed_untold": sum(not one.reserved and not one.is_refused_in_words for one in mixed_orders),
            "leases_held": _leases(engine),
            "hub_killed": room.killed,
            "delivered_again": room.delivered_again,
            "breaches": len(report.findings),
            "load_average_after": load_average(),
        }
        engine.dispose()
    limits = {"limit_attempts_per_s": rounded(len(hot) / limit_s)}
    return Measured(name="oversell", budget="oversell", figures=figures, limits=limits)


@dataclass(slots=True)
class Room:
    """The hub, the desks and the shops of one run."""

    place: Place
    engine: Engine
    clients: int
    attempts_of: dict[int, int]
    killed: int = 0
    delivered_again: int = 0
    _hub: EmbeddedHub | None = None
    _desks: Child | None = None
    _decided: int = 0

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Start the hub and sign the desks in; end both, whatever happens."""
        listen = ("--listen", f"127.0.0.1:{free_port()}")
        hub = EmbeddedHub(self.place.url, demo=False, log=self.place.folder / "hub.log", more=listen)
        self._hub = hub
        self._begin(hub)
        asked = {"url": hub.url, "attempts": self.attempts_of, "desks": self._of_desks(True)}
        try:
            with Child("buyers.py", asked, self.place.folder / "buyers.log") as self._desks:
                self._desks.expect("ready")
                yield
        finally:
            hub.stop()

    def _begin(self, hub: EmbeddedHub) -> None:
        ready = threading.Event()
        hub.start(ready.set)
        if not ready.wait(START_S):
            raise RuntimeError((self.place.folder / "hub.log").read_text(encoding="utf-8"))

    def _of_desks(self, are: bool) -> list[int]:
        """Return the buyers that sit at desks, or the others; each shop has both."""
        half = len(SHOPS)
        return [number for number in range(self.clients) if (number // half % 2 == 0) is are]

    def play(self, phase: int, crashes: int = 0) -> float:
        """Let everybody buy while the hub dies `crashes` times; return the seconds until all is decided."""
        if self._desks is None:
            raise RuntimeError("nobody is here")
        count, before = self.attempts_of[phase], self._decided
        shops = self._of_desks(False)
        deliveries = {number: list(attempts(count, phase, number, datetime.now(UTC))) for number in shops}
        began_s = time.monotonic()
        self._desks.tell("go")
        with ThreadPoolExecutor(max(1, len(shops)), "shop") as pool:
            sent = [pool.submit(self._deliver, number, deliveries[number]) for number in shops]
            for crash in range(1, crashes + 1):
                self._wait_for(before + count * self.clients * crash // (crashes + 1), sent)
                self._kill()
            self._desks.expect("sent")
            for one in sent:
                one.result()
        self._wait_for(before + count * self.clients, sent)
        self._decided = before + count * self.clients
        return time.monotonic() - began_s

    def _deliver(self, number: int, orders: Sequence[msgspec.Struct]) -> None:
        seal = Seal(master_key(self.place.url))
        account = f"bench:{number}"
        with writing(self.engine) as db:
            open_account(db, FEED_ID, account, datetime.now(UTC))
        rest = iter(orders)
        shop: Shop = SHOPS[number % len(SHOPS)]
        while some := list(islice(rest, DELIVERY)):
            self._bring([Draft(receive=one, rows=()) for one in some], account, shop, seal)

    def _bring(self, drafts: list[Draft], account: str, shop: Shop, seal: Seal) -> None:
        """Deliver, and again where a file is at somebody else's for too long, as a shop would."""
        end_s, pause = time.monotonic() + PATIENCE_S, threading.Event()
        while True:
            now = datetime.now(UTC)
            try:
                take_in(self.engine, FEED_ID, seal, account, shop, "", "bench", drafts, now)
            except OperationalError:
                if time.monotonic() > end_s:
                    raise
                self.delivered_again += 1
                pause.wait(TICK_S)
            else:
                return

    def _kill(self) -> None:
        if self._hub is not None:
            self._hub.kill()
            self.killed += 1
            self._begin(self._hub)

    def _wait_for(self, orders: int, sent: Sequence[Future[None]]) -> None:
        """Wait until so many orders are decided.

        Raises:
            TimeoutError: they are not; something is lost.
        """
        end_s, pause = time.monotonic() + PATIENCE_S, threading.Event()
        while _count(self.engine) < orders:
            for one in sent:
                if one.done():
                    one.result()
            if time.monotonic() > end_s:
                raise TimeoutError(f"{_count(self.engine)} of {orders} orders are decided")
            pause.wait(TICK_S)

    def statuses(self) -> dict[str, int]:
        """Return how the hub answered the desks."""
        if self._desks is None:
            return {}
        self._desks.tell("stop")
        found: dict[str, int] = self._desks.read()
        return found


def _count(engine: Engine) -> int:
    with reading(engine) as db:
        mine = select(func.count()).where(tables.orders.c.feed_id == FEED_ID)
        return int(db.execute(mine).scalar_one())


def _orders(engine: Engine) -> dict[str, Told]:
    decode = msgspec.json.Decoder(Told).decode
    o = tables.orders.c
    with reading(engine) as db:
        rows = db.execute(select(o.id, o.doc).where(o.feed_id == FEED_ID))
        return {row.id: decode(row.doc) for row in rows}


def _promised(engine: Engine, sku: str) -> int:
    """Return what orders hold of an article, by the reservations themselves. Units: pieces."""
    r = tables.reservation.c
    held = select(func.sum(r.qty)).where(
        r.feed_id == FEED_ID, r.sku == sku, r.kind == "order", r.state != "released"
    )
    with reading(engine) as db:
        return int(db.execute(held).scalar_one() or 0)


def _negative_rows(engine: Engine) -> int:
    """Count shelves that hold, or promise, what is not there; the counters and the rows beside them."""
    s, r = tables.stock.c, tables.reservation.c
    open_ = (
        select(r.warehouse, r.sku, func.sum(r.qty).label("qty"))
        .where(r.feed_id == FEED_ID, r.state == "open")
        .group_by(r.warehouse, r.sku)
        .subquery()
    )
    bad = (
        select(func.count())
        .select_from(tables.stock)
        .outerjoin(open_, (open_.c.warehouse == s.warehouse) & (open_.c.sku == s.sku))
        .where(
            s.feed_id == FEED_ID,
            (s.on_hand < 0)
            | (s.reserved < 0)
            | (s.reserved > s.on_hand)
            | (func.coalesce(open_.c.qty, 0) > s.on_hand),
        )
    )
    with reading(engine) as db:
        return int(db.execute(bad).scalar_one())


def _leases(engine: Engine) -> int:
    """Return what desks still hold for themselves. Units: pieces."""
    r = tables.reservation.c
    held = select(func.sum(r.qty)).where(r.feed_id == FEED_ID, r.kind == "lease", r.state == "open")
    with reading(engine) as db:
        return int(db.execute(held).scalar_one() or 0)
