"""A replica of a million orders in minutes, for measuring the window; no hub decided most of them.

A hub would take an hour to decide a million orders one by one, and the window would look the same. So a
real hub decides a small company (`goods.fill`), its snapshot is fetched as ever, and this module writes a
replica with everything in it plus clones of its orders, through `sync.projection.fill`, which also writes
the hub's snapshots: same columns, same indexes, same search words. The clones have numbers, people and times
of their own. The checksum stays as the hub said it, so that the desk goes on pulling from there.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.order import Order, Status
from app.domain.scopes import scope_of
from app.domain.values import Receiver
from sync import projection
from sync.mark import Mark
from sync.projection import Row

SEED = 11
DAYS = 120
OPEN_SHARE = 0.02
"""What was bought last is still being worked on; the rest is done."""
_encode = msgspec.json.encode


def grow(snapshot: Path, to: Path, count: int) -> None:
    """Write `to` with `count` orders: those of the snapshot, and clones of them from the months before."""
    small = sqlite3.connect(snapshot)
    large = sqlite3.connect(to, isolation_level=None)
    try:
        large.execute("PRAGMA journal_mode = OFF")
        large.execute("PRAGMA synchronous = OFF")
        (mark,) = small.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
        projection.fill(large, _rows(small, count), epoch="", seq=0)
        large.execute("UPDATE meta SET value = ? WHERE key = 'mark'", (mark,))
    finally:
        small.close()
        large.close()


def grown(snapshot: Path, to: Path, count: int, keep: Path | None) -> None:
    """Write `to` as `grow` does; what was made before and lies at `keep` is used again where it fits."""
    if keep is not None and keep.exists() and _fits(keep, snapshot, count):
        shutil.copyfile(keep, to)
        with closing(sqlite3.connect(snapshot)) as small, closing(sqlite3.connect(to)) as large, large:
            (mark,) = small.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
            large.execute("UPDATE meta SET value = ? WHERE key = 'mark'", (mark,))
        return
    grow(snapshot, to, count)
    if keep is not None:
        keep.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(to, keep)


def _fits(kept: Path, snapshot: Path, count: int) -> bool:
    """Tell whether a replica was grown from these rows: same revision, same sums, same number of orders."""
    with closing(sqlite3.connect(kept)) as large, closing(sqlite3.connect(snapshot)) as small:
        marks = [
            msgspec.json.decode(
                db.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()[0], type=Mark
            )
            for db in (large, small)
        ]
        (revision,) = large.execute("SELECT value FROM meta WHERE key = 'schema_rev'").fetchone()
        (held,) = large.execute("SELECT count(*) FROM orders").fetchone()
    same = [(mark.cursor, mark.total) for mark in marks]
    return same[0] == same[1] and revision == str(projection.SCHEMA_REV) and held == count


def _rows(small: sqlite3.Connection, count: int) -> Iterator[Row]:
    others = small.execute("SELECT tbl, pk, seq, doc, scope FROM row WHERE tbl <> 'order'")
    yield from (Row(*row) for row in others)
    known = [
        Row(*row)
        for row in small.execute(
            "SELECT r.tbl, r.pk, r.seq, r.doc, r.scope "
            "FROM orders o JOIN row r ON r.tbl = 'order' AND r.pk = o.id ORDER BY o.rowid"
        )
    ]
    patterns = [msgspec.json.decode(row.doc, type=Order) for row in known]
    yield from _clones(patterns, count - len(known))
    yield from known


def _clones(patterns: list[Order], count: int) -> Iterator[Row]:
    rng = random.Random(SEED)  # noqa: S311 - made-up orders
    first_at = patterns[0].received_at - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / max(count, 1)
    done_until = int(count * (1 - OPEN_SHARE))
    for i in range(count):
        goods, person, family = rng.choice(patterns), rng.choice(patterns), rng.choice(patterns)
        at = first_at + step * i
        order = msgspec.structs.replace(
            goods,
            id=f"018a0000-0000-7000-8000-{i:012d}",
            number=f"DK-{1_000_000 + i}",
            ext_id=f"{rng.randrange(10**18, 4 * 10**18)}",
            receiver=Receiver(
                name=family.receiver.name[:1] + person.receiver.name[1:],
                phone=f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}",
                street=f"{person.receiver.street[:4]}{rng.randrange(1, 2000)}号{person.receiver.street[-9:]}",
                note=goods.receiver.note,
            ),
            region=person.region,
            ordered_at=at,
            received_at=at,
            ship_by_at=at + timedelta(hours=24),
        )
        if i < done_until:
            order = msgspec.structs.replace(
                order,
                status=Status.COMPLETED,
                carrier="SF",
                tracking_no=f"SF{rng.randrange(10**12, 10**13)}",
                warehouse=goods.warehouse or rng.choice(("SZ", "WH")),
                snags=(),
                holds=(),
                pause=None,
            )
        yield Row("order", order.id, 1, _encode(order), scope_of("order", order))
