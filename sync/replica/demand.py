"""What this desk sells by itself, and so should hold: orders typed by the people who sign in here."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.command import Refs
from app.domain.leasing import LEASES_MOST, Ask, Shelf, grantable, life, p90, renewal
from app.domain.order import Order
from app.domain.stock import Stock
from sync.instants import micros
from sync.replica.rows import decode, load

WINDOW = timedelta(hours=4)
LOOKS_BACK = timedelta(days=14)
ORDERS_MOST = 2_000
"""So many typed orders, the newest, say enough."""
HOT_MOST = LEASES_MOST // 2


def wanted(
    db: sqlite3.Connection, refs: Refs, people: Sequence[str], now: datetime
) -> list[tuple[Shelf, int]]:
    """Return what the desk sold most, and what nine of ten windows of its work did not exceed; at least 1.

    Units: pieces.
    Source: sync.md section 1, max(1, p90 of its four-hour demand) per hot SKU.
    """
    windows: set[int] = set()
    sold: dict[Shelf, Counter[int]] = {}
    for order in _typed(db, people, now):
        window = micros(order.received_at) // (WINDOW // timedelta(microseconds=1))
        windows.add(window)
        shop = refs.shops.get(order.shop)
        place = order.warehouse or (shop.warehouses[0] if shop and shop.warehouses else "")
        for line in order.lines:
            if line.sku and place and line.qty > 0:
                sold.setdefault(Shelf(place, line.sku), Counter())[window] += line.qty
    hot = sorted(sold.items(), key=lambda item: (-item[1].total(), item[0].key))[:HOT_MOST]
    return [(shelf, max(1, p90([pieces[one] for one in windows]))) for shelf, pieces in hot]


def lease_asks(
    db: sqlite3.Connection, refs: Refs, desk: str, people: Sequence[str], now: datetime
) -> list[Ask]:
    """Return what to ask the hub for: shelves where the desk would hold more, or must renew."""
    if refs.rules.lease_share_pct == 0:
        return []
    asks = []
    for shelf, pieces in wanted(db, refs, people, now):
        stock = load(db, [shelf.key])[shelf.key]
        if isinstance(stock, Stock) and _is_due(stock, desk, pieces, refs, now):
            asks.append(Ask(shelf.warehouse, shelf.sku, pieces))
    return asks


def _is_due(stock: Stock, desk: str, pieces: int, refs: Refs, now: datetime) -> bool:
    """Tell whether asking changes anything; a lease that is too large by now runs out instead."""
    lease = stock.lease_of(desk)
    held = lease.qty if lease is not None else 0
    if grantable(stock, desk, pieces, refs.rules) > held:
        return True
    if lease is None or held > pieces:
        return False
    return lease.until - now <= life(refs.rules) - renewal(refs.rules)


def own_leases(db: sqlite3.Connection, desk: str) -> list[Shelf]:
    """Return the shelves on which a desk holds something."""
    rows = db.execute("SELECT warehouse, sku FROM lease WHERE desk = ? ORDER BY warehouse, sku", (desk,))
    return [Shelf(warehouse, sku) for warehouse, sku in rows]


def _typed(db: sqlite3.Connection, people: Sequence[str], now: datetime) -> list[Order]:
    if not people:
        return []
    marks = ", ".join("?" * len(people))
    rows = db.execute(
        "SELECT r.doc FROM history h JOIN row r ON r.tbl = 'order' AND r.pk = h.order_id "
        f"WHERE h.command = 'new_order' AND h.at >= ? AND h.by IN ({marks}) ORDER BY h.at DESC LIMIT ?",
        (micros(now - LOOKS_BACK), *people, ORDERS_MOST),
    )
    return [decode("order", doc) for (doc,) in rows]
