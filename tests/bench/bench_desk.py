"""How the window feels with a large company: start, keys, search, scrolling, thousands of changes."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from pathlib import Path

import kept_company
import msgspec
from bench_sync import hub_process, patient
from child import Child
from databases import Place, fresh_database
from goods import SOURCE, fill, large_company, three_lines
from large_replica import grow
from meters import load_average, median, rounded

from app.boot.bench import Measured
from app.boot.demo_company import PASSWORD, STARTS_AT
from app.boot.opening import FEED_ID, open_hub
from app.boot.places import desk_key
from app.lanes import Lane
from sync.hub import feed
from sync.hub.writer import Job, ReplicaInfo
from sync.replica.bootstrap import fetch
from sync.replica.link import Link
from sync.replica.sealed import seal
from sync.replica.store import Store
from sync.signing import Signer
from sync.wire import Wish

STARTS = 3
CHANGES = 10_000
DECIDED = 6_000
"""So many orders a hub decides, with more exceptions than the clerk works on; see `large_replica`."""
LARGE = "large.db"
ROWS_PER_ORDER = 2
"""A new order publishes at least itself and its history."""
SCREEN = {
    "synchronousWindowSystemEvents": False,
    "windowFrameMargins": True,
    "screens": [
        {
            "name": "A",
            "x": 0,
            "y": 0,
            "width": 1920,
            "height": 1080,
            "logicalDpi": 96,
            "logicalBaseDpi": 96,
            "dpr": 1,
        }
    ],
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--exceptions", type=int, default=20_000, help="open among the orders")
    parser.add_argument("--changes", type=int, default=CHANGES)
    parser.add_argument("--keep", type=Path, help="a folder for what was built; the next run uses it again")


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.orders, asked.changes, exceptions=asked.exceptions, keep=asked.keep)


def run(
    orders: int, changes: int, *, exceptions: int = 0, starts: int = STARTS, keep: Path | None = None
) -> Measured:
    """Open the window on a replica of this many orders, several times, and work in it once."""
    with fresh_database("sqlite") as place:
        made = keep if keep is not None and kept_company.fits(keep, orders, exceptions) else None
        if made is not None:
            kept_company.put_back(made, place)
        else:
            fill(place.url, min(DECIDED, orders))
        home = place.folder / "home"
        with hub_process(place) as hub:
            began_s = time.monotonic()
            size_mb = _install(hub.url, home / "desk", orders, exceptions, made)
            if keep is not None and made is None:
                kept_company.keep(keep, place, home / "desk" / LARGE)
            built_s = time.monotonic() - began_s
            empty = [_empty_window(place) for _ in range(starts)]
            begun = []
            for _ in range(starts - 1):
                with _window(place, hub.url, home, is_start_only=True) as child:
                    begun.append(child.read())
            with _window(place, hub.url, home, is_start_only=False) as child:
                child.expect("storm")
                child.tell(str(_storm(place, orders, changes // ROWS_PER_ORDER)))
                figures = child.read()
    begun.append(figures)
    limits = figures.pop("limits")
    limits["qt_first_paint_ms"] = rounded(median(empty))
    for key in ("first_paint_ms", "signed_in_ms", "usable_ms"):
        figures[key] = rounded(median([one[key] for one in begun]))
    return Measured(
        name="desk",
        budget="desk",
        figures={
            "orders": orders,
            "changes": changes,
            "replica_s": rounded(built_s),
            "replica_mb": size_mb,
            **figures,
            "load_average_after": load_average(),
        },
        limits=limits,
    )


def _empty_window(place: Place) -> float:
    """Milliseconds until a window with nothing in it stands painted: Python and Qt alone."""
    with _child(place, "empty_window.py", {}) as child:
        painted_ms: float = child.read()
        return painted_ms


def _window(place: Place, url: str, home: Path, *, is_start_only: bool) -> Child:
    """Start the window's process."""
    asked = {"url": url, "home": str(home), "is_start_only": is_start_only}
    return _child(place, "desk_window.py", asked)


def _child(place: Place, program: str, asked: dict[str, object]) -> Child:
    screen = place.folder / "screen.json"
    screen.write_text(json.dumps(SCREEN), encoding="utf-8")
    return Child(
        program,
        asked,
        place.folder / "window.log",
        QT_QPA_PLATFORM=f"offscreen:configfile={screen}",
        DOCKET_BENCH_BEGAN_S=str(time.monotonic()),
    )


def _install(url: str, folder: Path, orders: int, exceptions: int, made: Path | None) -> int:
    """Fetch the company for the desk that will be opened, let it grow where asked; return its size in MB.

    `made` is the folder of what was made of it before.
    """
    key = desk_key(folder.parent, "files")
    lane, store = Lane("store"), Store(folder, key=key)
    store.set_setting("device", "bench-window")
    link = Link(
        url=lambda: url,
        store=store,
        on_store=lane.call,
        device="bench-window",
        signer=Signer(desk_key(folder.parent, "signs")),
        tell=lambda _changes: None,
    )
    link.sign_in("lin", PASSWORD)
    transport = link.connect()
    large = folder / LARGE
    if made is not None:
        shutil.copyfile(made / kept_company.REPLICA, large)
    else:
        ready = patient(lambda: fetch(transport, store.folder))
        if ready is None:
            raise RuntimeError("the hub has no snapshot")
        if orders > DECIDED:
            grow(ready, large, orders, exceptions)
            ready.unlink()
        else:
            ready.rename(large)
    size_mb = large.stat().st_size // 2**20
    sealed = folder / "sealed.db"
    seal(large, sealed, key)
    lane.call(lambda: store.adopt(sealed))
    lane.close()
    store.close()
    return size_mb


def _storm(place: Place, known: int, count: int) -> int:
    """Let a second hub process take new orders in; return the head when all are there."""
    running = open_hub(place.url, first_at=STARTS_AT)
    account = ReplicaInfo(f"{SOURCE}-storm", "channel", f"{SOURCE}-storm")
    try:
        wishes = []
        for n, receive in enumerate(three_lines(large_company(), count, seed=7), 1):
            fresh = msgspec.structs.replace(
                receive, order=f"storm-{n:012d}", number=f"ST-{known + n}", ext_id=f"storm{n}"
            )
            args = msgspec.Raw(msgspec.json.encode(fresh))
            wishes.append(
                Wish(n=n, id=f"storm#{n}", name="receive", rev=1, args=args, login="", at=fresh.ordered_at)
            )
        for at in range(0, len(wishes), 100):
            running.hub.writer.submit(Job(account, wishes[at : at + 100])).result()
        return feed.head(running.hub.engine, FEED_ID)
    finally:
        running.hub.writer.stop()
        running.hub.engine.dispose()
