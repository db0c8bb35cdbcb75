"""How far behind desks are: a real hub process, twenty desks at work, and one that starts from nothing.

The same load comes twice. First from whole desks, each with its sealed files: the machine that runs one hub
runs all of their PCs beside it, so what they cost is printed as `desks_cpu_cores` next to `hub_cpu_cores` and
`machine_cores`: where the sum comes near, the machine is measured and not the hub. Then from light clients,
which speak the wire and keep nothing, with two whole desks among them (`light_…`): that is the hub under the
load of all and a PC with its processor to itself, as PCs have.

Desks have disks of their own; twenty that wait for one disk measure its queue. So one desk keeps its files
where the database is, the others in memory where the machine has a file system for that.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from child import Child
from databases import Place, fresh_database
from goods import fill
from meters import cpu_s, load_average, rounded
from rebase_work import rebased
from sync_figures import Figures, Report, felt, longest, steps

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
WHOLE = 2
"""Whole desks among the light clients: one whose disk is waited for, one that looks on."""
FLOODERS, FLOOD_PUSHES = 4, 12
RESTART_COMMANDS, RESTART_PAUSE_S = 60, 0.1
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
        "--orders",
        type=int,
        default=100_000,
        help="in the company that is bootstrapped; 0: only desks at work",
    )


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.database, asked.desks, asked.commands, asked.pause, asked.orders)


def run(
    kind: str, desks: int, commands: int, pause_s: float, orders: int, company: int = COMPANY_ORDERS
) -> Measured:
    """Measure desks at work and the hub among light clients, in a company of so many orders at least.

    Where `orders` asks for the long form, also the hub at full speed, a restart, and who fetches a company.
    """
    figures: dict[str, float | int | bool | str] = {"database": kind, "desks": desks}
    figures["machine_cores"] = os.cpu_count() or 1
    with fresh_database(kind) as place:
        figures |= _at_work(place, desks, commands, pause_s, company)
    with fresh_database(kind) as place:
        light = _at_work(place, desks, commands, pause_s, company, whole=min(WHOLE, desks))
        figures |= {f"light_{name}": value for name, value in light.items()}
    if orders:
        with fresh_database(kind) as place:
            figures |= _flooded(place)
        with fresh_database(kind) as place:
            figures |= _restarted(place)
        with fresh_database(kind) as place:
            figures |= _bootstrap(place, orders)
    figures["load_average_after"] = load_average()
    return Measured(name="sync", budget="sync", figures=figures)


@contextlib.contextmanager
def hub_process(place: Place, *more: str) -> Iterator[EmbeddedHub]:
    """The hub as a child, on the clock of the demo company."""
    hub = EmbeddedHub(place.url, demo=True, log=place.folder / "hub.log", more=(*QUIET, *more))
    ready = threading.Event()
    hub.start(ready.set)
    try:
        if not ready.wait(START_S):
            raise RuntimeError((place.folder / "hub.log").read_text(encoding="utf-8"))
        yield hub
    finally:
        hub.stop()


# --- desks at work --------------------------------------------------------------------------------


def _at_work(
    place: Place, desks: int, commands: int, pause_s: float, company: int, whole: int = 0
) -> Figures:
    """Let desks work; with `whole` only so many of them are whole, the others are light."""
    ids = fill(place.url, max(company, desks * OWN_ORDERS))
    whole, metrics = whole or desks, free_port()
    with (
        hub_process(place, "--metrics", f"127.0.0.1:{metrics}") as hub,
        _other_disks(place) as others,
        contextlib.ExitStack() as children,
    ):
        common = {"url": hub.url, "commands": commands, "pause_s": pause_s}
        fleets = [
            children.enter_context(_fleet("desk_fleet.py", place.folder, others, part, ids, common))
            for part in _parts(range(whole))
        ]
        fleets += [
            children.enter_context(_fleet("light_fleet.py", place.folder, others, part, ids, common))
            for part in _parts(range(whole, desks), 1)
        ]
        for fleet in fleets:
            fleet.expect("ready")
        pids = [fleet.pid for fleet in fleets]
        hub_cpu_s, fleet_cpu_s, was = cpu_s(hub.pid), sum(map(cpu_s, pids)), _hub_figures(metrics)
        began_s = time.monotonic()
        for fleet in fleets:
            fleet.tell("go")
        for fleet in fleets:
            fleet.expect("sent")
        took_s = time.monotonic() - began_s
        time.sleep(SETTLE_S)
        hub_cpu_s, fleet_cpu_s = cpu_s(hub.pid) - hub_cpu_s, sum(map(cpu_s, pids)) - fleet_cpu_s
        counted = {name: value - was[name] for name, value in _hub_figures(metrics).items()}
        for fleet in fleets:
            fleet.tell("stop")
        reports: list[Report] = [report for fleet in fleets for report in fleet.read()]
    figures = felt(reports, reports[:whole])
    if whole == desks:
        figures |= steps(reports, counted)
    done = max(1, figures["commands"])
    return figures | {
        "hub_cpu_ms_per_command": rounded(hub_cpu_s / done * 1e3, 2),
        "hub_cpu_cores": rounded(hub_cpu_s / took_s, 3),
        "desks_cpu_ms_per_command": rounded(fleet_cpu_s / done * 1e3, 2),
        "desks_cpu_cores": rounded(fleet_cpu_s / took_s, 3),
        "desk_cpu_us_per_command_taken_in": rounded(fleet_cpu_s / done / desks * 1e6),
        "breaches": _breaches(place),
    }


def _parts(desks: range, processes: int = PROCESSES) -> list[range]:
    """Spread desks over a few processes."""
    return [desks[part::processes] for part in range(min(processes, len(desks)))]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def _hub_figures(port: int) -> dict[str, float]:
    """Return what the hub has counted of its batches."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        told = answer.read().decode()
    names = ("docket_batch_ms_sum", "docket_batch_ms_count", "docket_commit_ms_total")
    return {name: float(re.findall(rf"^{name} (\S+)$", told, re.MULTILINE)[0]) for name in names}


# --- the hub at full speed ------------------------------------------------------------------------


def _flooded(place: Place) -> Figures:
    """Send as much as the hub takes, a hundred commands in each push, signed beforehand."""
    ids = fill(place.url, FLOODERS * OWN_ORDERS)
    with hub_process(place) as hub, contextlib.ExitStack() as children:
        common = {"url": hub.url, "commands": 0, "pause_s": 0.0, "pushes": FLOOD_PUSHES}
        flood = children.enter_context(
            _fleet("light_fleet.py", place.folder, place.folder, range(FLOODERS), ids, common)
        )
        flood.expect("ready")
        hub_cpu_s, began_s = cpu_s(hub.pid), time.monotonic()
        flood.tell("go")
        flood.expect("sent")
        took_s, hub_cpu_s = time.monotonic() - began_s, cpu_s(hub.pid) - hub_cpu_s
        flood.tell("stop")
        reports: list[Report] = flood.read()
    applied = sum(report["statuses"].get("applied", 0) for report in reports)
    return {
        "flood_commands": applied,
        "flood_unapplied": sum(report["unanswered"] + len(report["commands"]) for report in reports)
        - applied,
        "flood_commands_per_s": rounded(applied / took_s),
        "flood_hub_cpu_us_per_command": rounded(hub_cpu_s / max(1, applied) * 1e6),
        "flood_hub_cpu_cores": rounded(hub_cpu_s / took_s, 3),
    }


@contextlib.contextmanager
def _other_disks(place: Place) -> Iterator[Path]:
    if not MEMORY.is_dir():
        yield place.folder
        return
    with tempfile.TemporaryDirectory(prefix="docket-desks-", dir=MEMORY) as name:
        yield Path(name)


def _fleet(
    program: str, folder: Path, others: Path, desks: range, ids: Sequence[str], common: dict[str, Any]
) -> Child:
    """Start one child with some of the desks."""
    own = [ids[n * OWN_ORDERS : (n + 1) * OWN_ORDERS] for n in desks]
    asked = common | {
        "folders": [str(others if n else folder) for n in desks],
        "desks": list(desks),
        "orders": own,
    }
    return Child(program, asked, folder / f"fleet-{desks[0]}.log")


# --- a hub that restarts --------------------------------------------------------------------------


def _restarted(place: Place) -> Figures:
    """Kill the hub under two desks at work and start it again: what is the longest a clerk waited?"""
    ids = fill(place.url, COMPANY_ORDERS)
    listen = ("--listen", f"127.0.0.1:{free_port()}")
    with (
        hub_process(place, *listen) as hub,
        _other_disks(place) as others,
        contextlib.ExitStack() as children,
    ):
        common = {"url": hub.url, "commands": RESTART_COMMANDS, "pause_s": RESTART_PAUSE_S}
        fleet = children.enter_context(_fleet("desk_fleet.py", place.folder, others, range(2), ids, common))
        fleet.expect("ready")
        fleet.tell("go")
        time.sleep(RESTART_COMMANDS * RESTART_PAUSE_S / 3)
        ready, killed_s = threading.Event(), time.monotonic()
        hub.kill()
        hub.start(ready.set)
        if not ready.wait(START_S):
            raise RuntimeError((place.folder / "hub.log").read_text(encoding="utf-8"))
        back_s = time.monotonic()
        fleet.expect("sent")
        time.sleep(SETTLE_S)
        fleet.tell("stop")
        reports: list[Report] = fleet.read()
    figures = felt(reports, reports)
    late_ms = [
        (accepted_s - max(began_s, back_s)) * 1e3
        for report in reports
        for began_s, accepted_s, _ in report["commands"]
        if accepted_s > killed_s
    ]
    return {
        "restart_hub_away_ms": rounded((back_s - killed_s) * 1e3),
        "restart_accepted_ms_max": longest(reports),
        "restart_accepted_after_return_ms_max": rounded(max(late_ms, default=0.0)),
        "restart_submit_ms_max": rounded(max(ms for report in reports for ms in report["submit_ms"]), 2),
        "restart_unanswered": figures["unanswered"],
        "restart_unseen": figures["unseen"],
        "restart_breaches": _breaches(place),
    }


# --- one desk from nothing ------------------------------------------------------------------------


def _bootstrap(place: Place, orders: int) -> Figures:
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
        login = link.sign_in("lin", PASSWORD)
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
        rebase = rebased(store, lane, login)
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
        **rebase,
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
