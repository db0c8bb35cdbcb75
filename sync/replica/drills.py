"""What waits for a reviewer: orders, and tests that stand among them as if they were some."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import msgspec

from app.domain.company import Shop
from app.domain.drill import Drill
from app.domain.mask import mask_name, mask_phone
from app.ports import Login, OrderRow
from sync.replica import lists


def drills(db: sqlite3.Connection, login: Login) -> list[Drill]:
    """Return the tests put before this person, the oldest first."""
    mine = login.user.code + "/"
    rows = db.execute(
        "SELECT doc FROM row WHERE tbl = 'drill' AND substr(pk, 1, ?) = ? AND doc IS NOT NULL",
        (len(mine), mine),
    )
    found = [msgspec.json.decode(doc, type=Drill) for (doc,) in rows]
    return sorted(found, key=lambda drill: (drill.planted_at, drill.id))


def places_of(db: sqlite3.Connection, login: Login) -> list[int]:
    """Return the places of orders this person may sign: not their maker, and nothing said of them yet."""
    rows = db.execute(
        "SELECT rowid, maker, signers FROM orders INDEXED BY orders_review "
        "WHERE waits_review ORDER BY received_at, id"
    )
    me = login.user.code
    return [rowid for rowid, maker, signers in rows if maker != me and me not in signers.split("\n")]


def open_drills(db: sqlite3.Connection, login: Login) -> list[Drill]:
    """Return the tests this person has still to look at."""
    return [drill for drill in drills(db, login) if drill.answered_at is None]


def to_review(
    db: sqlite3.Connection, frame: lists.Frame, shops: Mapping[str, Shop], login: Login
) -> list[OrderRow]:
    """Return what this person may look at now, the oldest first."""
    places = places_of(db, login)
    where = f"WHERE o.rowid IN ({', '.join('?' * len(places))})"
    orders = lists.orders_where(db, frame, where, *places)
    tests = [_row(drill, shops.get(drill.shown.shop)) for drill in open_drills(db, login)]
    return sorted((*orders, *tests), key=lambda row: (row.received_at, row.id))


def _row(drill: Drill, shop: Shop | None) -> OrderRow:
    """Return a test as a row among orders: nothing of it tells that it is one."""
    order = drill.shown
    region = order.region
    return OrderRow(
        id=drill.id,
        number=order.number,
        shop=order.shop,
        channel=shop.channel if shop else "",
        shop_title=shop.title if shop else order.shop,
        ext_id="",
        status=order.status.value,
        snag="",
        buyer=mask_name(order.receiver.name),
        phone=mask_phone(order.receiver.phone),
        place=" ".join(filter(None, (region.province, region.city))),
        currency=order.currency,
        payable_minor=order.payable_minor,
        pieces=sum(line.qty for line in order.lines),
        warehouse=order.warehouse,
        ordered_at=order.ordered_at,
        received_at=drill.planted_at,
        ship_by_at=None,
        signatures_needed=order.signatures_needed,
        signed=0,
        tracking_no="",
        touched=False,
        held=False,
    )
