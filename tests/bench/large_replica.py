"""A replica of a million orders in minutes, for measuring the window; no hub decided most of them.

A hub would take an hour to decide a million orders one by one, and the window would look the same. So a
real hub decides a small company (`goods.fill`), its snapshot is fetched as ever, and this module writes a
replica with everything in it plus clones of its orders, through `sync.projection.fill`, which also writes
the hub's snapshots: same columns, same indexes, same search words. The clones have numbers, people and times
of their own. The checksum stays as the hub said it, so that the desk goes on pulling from there.

Clones of orders with an open exception keep it, its address and its history, and are due after those that the
hub knows: what a clerk does to the first thousand of the list, the hub decides as ever.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec

from app.domain.order import Order, Status
from app.domain.scopes import scope_of
from app.domain.values import Receiver
from app.text import Text
from sync import projection
from sync.instants import instant
from sync.projection import Row
from sync.wire import HistoryEntry

SEED = 11
DAYS = 120
OPEN_SHARE = 0.02
"""What was bought last is still being worked on; the rest is done."""
LATER = timedelta(days=2)
"""So much later is the first of the cloned exceptions due than what it is a clone of."""
_encode = msgspec.json.encode


def grow(snapshot: Path, to: Path, count: int, exceptions: int) -> None:
    """Write `to` with `count` orders: those of the snapshot, and clones of them from the months before.

    So many exceptions are open in all of them together.
    """
    small = sqlite3.connect(snapshot)
    large = sqlite3.connect(to, isolation_level=None)
    try:
        large.execute("PRAGMA journal_mode = OFF")
        large.execute("PRAGMA synchronous = OFF")
        (mark,) = small.execute("SELECT value FROM meta WHERE key = 'mark'").fetchone()
        projection.fill(large, _rows(small, count, exceptions), epoch="", seq=0)
        large.execute("UPDATE meta SET value = ? WHERE key = 'mark'", (mark,))
    finally:
        small.close()
        large.close()


def _rows(small: sqlite3.Connection, count: int, exceptions: int) -> Iterator[Row]:
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
    late = list(_exceptions(small, patterns, exceptions))
    orders = sum(row.tbl == "order" for row in late)
    yield from _clones(patterns, count - len(known) - orders)
    yield from known
    for order in patterns:
        for n, entry in enumerate(_history(small, order)):
            yield Row("history", f"{order.id}:{n}", entry.seq, _encode(entry), scope_of("order", order))
    yield from late


def _exceptions(small: sqlite3.Connection, patterns: list[Order], wanted: int) -> Iterator[Row]:
    """Clone orders with open exceptions, their histories with them, until so many are open."""
    rng = random.Random(SEED + 1)  # noqa: S311 - made-up orders
    stopped = [order for order in patterns if order.snags]
    (open_,) = small.execute("SELECT count(*) FROM snag").fetchone()
    missing = wanted - open_
    i = 0
    while stopped and missing > 0:
        order, i = rng.choice(stopped), i + 1
        missing -= len(order.snags)
        later = LATER + timedelta(seconds=i)
        snags = tuple(
            msgspec.structs.replace(
                snag,
                opened_at=snag.opened_at + later,
                due_at=snag.due_at + later,
                warn_at=snag.warn_at + later if snag.warn_at is not None else None,
            )
            for snag in order.snags
        )
        clone = msgspec.structs.replace(
            _named(order, f"018b0000-0000-7000-8000-{i:012d}", f"DK-{5_000_000 + i}", rng),
            snags=snags,
            ordered_at=order.ordered_at + later,
            received_at=order.received_at + later,
        )
        yield Row("order", clone.id, 1, _encode(clone), scope_of("order", clone))
        for n, row in enumerate(_history(small, order)):
            entry = msgspec.structs.replace(row, order=clone.id, at=row.at + later, because="")
            yield Row("history", f"{clone.id}:{n}", 1, _encode(entry), scope_of("order", clone))


def _history(small: sqlite3.Connection, order: Order) -> Iterator[HistoryEntry]:
    """What happened to an order; the hub's snapshot keeps it in columns alone."""
    past = small.execute(
        "SELECT seq, at, by, command, because, texts FROM history WHERE order_id = ?", (order.id,)
    )
    for seq, at, by, command, because, texts in past:
        said = msgspec.json.decode(texts, type=tuple[Text, ...])
        yield HistoryEntry(
            order=order.id, seq=seq, at=instant(at), by=by, command=command, because=because, texts=said
        )


def _named(order: Order, id_: str, number: str, rng: random.Random) -> Order:
    """The same order under names of its own."""
    return msgspec.structs.replace(
        order, id=id_, number=number, ext_id=f"{rng.randrange(10**18, 4 * 10**18)}"
    )


def _clones(patterns: list[Order], count: int) -> Iterator[Row]:
    rng = random.Random(SEED)  # noqa: S311 - made-up orders
    first_at = patterns[0].received_at - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / max(count, 1)
    done_until = int(count * (1 - OPEN_SHARE))
    for i in range(count):
        goods, person, family = rng.choice(patterns), rng.choice(patterns), rng.choice(patterns)
        at = first_at + step * i
        order = msgspec.structs.replace(
            _named(goods, f"018a0000-0000-7000-8000-{i:012d}", f"DK-{1_000_000 + i}", rng),
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
            snags=(),
        )
        if i < done_until:
            order = msgspec.structs.replace(
                order,
                status=Status.COMPLETED,
                carrier="SF",
                tracking_no=f"SF{rng.randrange(10**12, 10**13)}",
                warehouse=goods.warehouse or rng.choice(("SZ", "WH")),
                holds=(),
                pause=None,
            )
        yield Row("order", order.id, 1, _encode(order), scope_of("order", order))
