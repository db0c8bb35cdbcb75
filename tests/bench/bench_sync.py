"""How far behind desks are: a real hub process, twenty desks at work, and one that starts from nothing.

Desks have disks of their own; twenty that wait for one disk measure its queue. So one desk keeps its files
where the database is, the others in memory where the machine has a file system for that.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from child import Child
from databases import Place, fresh_database
from goods import fill
from meters import cpu_s, load_average, percentile, rounded

from app.boot.bench import Measured
from app.boot.demo_company import PASSWORD
from app.boot.embedded import EmbeddedHub
from app.boot.opening import FEED_ID
from app.boot.places import desk_key
from app.lanes import Lane
from app.ports import OrderQuery
from app.trouble import Trouble
from sync.hub.database import connect_database
from sync.hub.verify import verify
from sync.replica.bootstrap import fetch
from sync.replica.link import Link
from sync.replica.store import Store
from sync.replica.views import Views
from sync.signing import Signer

T = TypeVar("T")

COMPANY_ORDERS = 2_000
PROCESSES = 2
OWN_ORDERS = 20
SETTLE_S = 1.5
"""After the last answer: time for its rows to reach every desk."""
START_S = 60.0
MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own there
QUIET = ("--pace", "86400")
"""The demo's shops sell once at the start and then no more."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--desks", type=int, default=20)
    parser.add_argument("--commands", type=int, default=30, help="of each desk")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two of one clerk")
    parser.add_argument(
        "--orders", type=int, default=100_000, help="in the company that is bootstrapped; 0 leaves it out"
    )


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.database, asked.desks, asked.commands, asked.pause, asked.orders)


def run(kind: str, desks: int, commands: int, pause_s: float, orders: int) -> Measured:
    """Measure desks at work, then one that fetches a large company."""
    figures: dict[str, float | int | bool | str] = {"database": kind, "desks": desks}
    with fresh_database(kind) as place:
        figures |= _at_work(place, desks, commands, pause_s)
    if orders:
        with fresh_database(kind) as place:
            figures |= _bootstrap(place, orders)
    figures["load_average_after"] = load_average()
    return Measured(name="sync", budget="sync", figures=figures)


@contextlib.contextmanager
def hub_process(place: Place) -> Iterator[EmbeddedHub]:
    """The hub as a child, on the clock of the demo company."""
    hub = EmbeddedHub(place.url, demo=True, log=place.folder / "hub.log", more=QUIET)
    ready = threading.Event()
    hub.start(ready.set)
    try:
        if not ready.wait(START_S):
            raise RuntimeError((place.folder / "hub.log").read_text(encoding="utf-8"))
        yield hub
    finally:
        hub.stop()


# --- desks at work --------------------------------------------------------------------------------


def _at_work(place: Place, desks: int, commands: int, pause_s: float) -> dict[str, float | int]:
    ids = fill(place.url, max(COMPANY_ORDERS, desks * OWN_ORDERS))
    with hub_process(place) as hub, _other_disks(place) as others, contextlib.ExitStack() as children:
        parts = [range(part, desks, PROCESSES) for part in range(min(PROCESSES, desks))]
        fleets = [
            children.enter_context(_fleet(hub.url, place.folder, others, part, ids, commands, pause_s))
            for part in parts
        ]
        for fleet in fleets:
            fleet.expect("ready")
        hub_pid = hub.pid
        hub_cpu_s, began_s = cpu_s(hub_pid), time.monotonic()
        for fleet in fleets:
            fleet.tell("go")
        for fleet in fleets:
            fleet.expect("sent")
        took_s = time.monotonic() - began_s
        hub_cpu_s = cpu_s(hub_pid) - hub_cpu_s
        time.sleep(SETTLE_S)
        for fleet in fleets:
            fleet.tell("stop")
        reports = [report for fleet in fleets for report in fleet.read()]
    breaches = _breaches(place)
    return {**figures_of(reports), "hub_cpu_share": rounded(hub_cpu_s / took_s, 3), "breaches": breaches}


def figures_of(reports: Sequence[dict[str, Any]]) -> dict[str, float | int]:
    """From what every desk noted to what people would feel."""
    submit_ms = reports[0]["submit_ms"]  # the one that waits for a disk
    accepted_ms, seen_ms, unseen = [], [], 0
    for at, report in enumerate(reports):
        others = [other["seen_s"] for i, other in enumerate(reports) if i != at]
        for began_s, accepted_s, seq in report["commands"]:
            accepted_ms.append((accepted_s - began_s) * 1e3)
            for seen_s in others:
                if str(seq) in seen_s:
                    seen_ms.append((seen_s[str(seq)] - began_s) * 1e3)
                else:
                    unseen += 1
    return {
        "commands": len(accepted_ms),
        "refused": sum(report["refused"] + report["statuses"].get("refused", 0) for report in reports),
        "unanswered": sum(report["unanswered"] for report in reports),
        "unseen": unseen,
        "submit_ms_p50": rounded(percentile(submit_ms, 0.50), 2),
        "submit_ms_p99": rounded(percentile(submit_ms, 0.99), 2),
        "accepted_ms_p50": rounded(percentile(accepted_ms, 0.50)),
        "accepted_ms_p99": rounded(percentile(accepted_ms, 0.99)),
        "seen_ms_p50": rounded(percentile(seen_ms, 0.50)),
        "seen_ms_p95": rounded(percentile(seen_ms, 0.95)),
    }


@contextlib.contextmanager
def _other_disks(place: Place) -> Iterator[Path]:
    if not MEMORY.is_dir():
        yield place.folder
        return
    with tempfile.TemporaryDirectory(prefix="docket-desks-", dir=MEMORY) as name:
        yield Path(name)


def _fleet(
    url: str,
    folder: Path,
    others: Path,
    desks: Sequence[int],
    ids: Sequence[str],
    commands: int,
    pause_s: float,
) -> Child:
    """Start one child with some of the desks."""
    own = [ids[n * OWN_ORDERS : (n + 1) * OWN_ORDERS] for n in desks]
    asked = {
        "url": url,
        "folders": [str(others if n else folder) for n in desks],
        "desks": list(desks),
        "orders": own,
        "commands": commands,
        "pause_s": pause_s,
    }
    return Child("desk_fleet.py", asked, folder / f"fleet-{desks[0]}.log")


# --- one desk from nothing ------------------------------------------------------------------------


def _bootstrap(place: Place, orders: int) -> dict[str, float | int]:
    fill(place.url, orders)
    with hub_process(place) as hub:
        lane, store = Lane("store"), Store(place.folder / "new-desk")
        link = Link(
            url=lambda: hub.url,
            store=store,
            on_store=lane.call,
            device="bench-new",
            signer=Signer(desk_key(place.folder, "signs")),
            tell=lambda _changes: None,
        )
        link.sign_in("lin", PASSWORD)
        transport = link.connect()
        build_s = _seconds(lambda: patient(transport.snapshot))
        began_s = time.monotonic()
        ready = fetch(transport, store.folder)
        fetched_s = time.monotonic()
        if ready is None:
            raise RuntimeError("the hub has no snapshot")
        size_mb = ready.stat().st_size / 2**20
        lane.call(lambda: store.adopt(ready))
        ended_s = time.monotonic()
        held = Views(store).count_orders(OrderQuery())
        lane.close()
        store.close()
    if held < orders:
        raise RuntimeError(f"of {orders} orders {held} arrived")
    return {
        "bootstrap_orders": orders,
        "snapshot_build_s": rounded(build_s, 2),
        "snapshot_fetch_s": rounded(fetched_s - began_s, 2),
        "bootstrap_s": rounded(ended_s - began_s, 2),
        "snapshot_mb": rounded(size_mb),
    }


def _seconds(work: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def patient(work: Callable[[], T]) -> T:
    """Ask again while the line gives up before the hub has built what is asked for, as a desk does."""
    while True:
        try:
            return work()
        except Trouble as trouble:
            if not trouble.retry:
                raise


def _breaches(place: Place) -> int:
    engine = connect_database(place.url)
    try:
        return len(verify(engine, FEED_ID).findings)
    finally:
        engine.dispose()
