"""Figures of the day: counts, pace, shops and cut-offs. A day is a day where the goods are."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.command import Refs
from app.domain.order import EDITABLE, LEFT, Order
from app.domain.order_class import OrderClass, class_of
from app.domain.revision import Revision
from app.domain.snag_rule import SnagRule, around, holding
from app.domain.working_time import calendar_of, next_open_day
from app.ports import Counts, CutOff, Login, ShopPulse, Waiting
from sync.instants import instant, micros
from sync.replica.drills import open_drills, places_of
from sync.replica.rows import decode

_FLOOR = "('released', 'picking', 'packed')"
_REPAIR = (
    "because <> '' AND because <> 'undo' "
    "AND command NOT IN ('pick', 'pack', 'ship', 'sign_off', 'reject_review')"
)


def zone_of(refs: Refs) -> ZoneInfo:
    """Return the zone whose midnight begins the day: that of the first warehouse, else of the first shop."""
    zones = [place.zone for place in refs.warehouses.values()] + [shop.zone for shop in refs.shops.values()]
    return ZoneInfo(zones[0] if zones else "UTC")


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight that began this day."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def waiting(db: sqlite3.Connection, login: Login) -> Waiting:
    """Count what waits for somebody."""
    here = login.user.warehouse
    return Waiting(
        snags=_one(db, "SELECT count(*) FROM snag WHERE NOT asleep"),
        reviews=len(places_of(db, login)) + len(open_drills(db, login)),
        to_pick=_one(
            db,
            "SELECT count(*) FROM orders WHERE status IN ('released', 'picking') "
            "AND (? = '' OR warehouse = ?)",
            here,
            here,
        ),
    )


def repaired(db: sqlite3.Connection, refs: Refs, now: datetime) -> int:
    """Count the orders somebody repaired today."""
    day = micros(day_start(now, zone_of(refs)))
    return _one(db, f"SELECT count(DISTINCT order_id) FROM history WHERE at >= ? AND {_REPAIR}", day)


def counts(db: sqlite3.Connection, refs: Refs, login: Login, now: datetime) -> Counts:
    """Count what waits and what was done today."""
    day = micros(day_start(now, zone_of(refs)))
    waits = waiting(db, login)
    urgent = _one(
        db,
        "SELECT count(*) FROM snag WHERE NOT asleep AND stopped_at IS NULL AND warn_at <= ?",
        micros(now),
    )
    received, touchless, touched = db.execute(
        "SELECT count(*), coalesce(sum(released_at IS NOT NULL AND NOT touched), 0), "
        "coalesce(sum(touched), 0) FROM orders WHERE received_at >= ?",
        (day,),
    ).fetchone()
    open_of_day, again = db.execute(
        "SELECT count(*), coalesce(sum(touched), 0) FROM orders WHERE id IN (SELECT subject_id FROM snag) "
        "AND received_at >= ? AND (released_at IS NULL OR touched)",
        (day,),
    ).fetchone()
    return Counts(
        snags=waits.snags,
        urgent=urgent,
        reviews=waits.reviews,
        to_pick=waits.to_pick,
        received=received,
        touchless=touchless,
        fixed_of_day=touched - again,
        open_of_day=open_of_day,
        repaired=repaired(db, refs, now),
        released=_one(db, "SELECT count(*) FROM orders WHERE released_at >= ?", day),
        shipped=_one(
            db, "SELECT count(DISTINCT order_id) FROM history WHERE at >= ? AND command = 'ship'", day
        ),
    )


def repaired_per_hour(db: sqlite3.Connection, refs: Refs, user: str, now: datetime) -> list[tuple[int, int]]:
    """Return (hour, exceptions repaired) from this person's first hour of the day to the present one."""
    zone = zone_of(refs)
    day = micros(day_start(now, zone))
    rows = db.execute(f"SELECT at FROM history WHERE at >= ? AND by = ? AND {_REPAIR}", (day, user))
    done = Counter(instant(at).astimezone(zone).hour for (at,) in rows)
    if not done:
        return []
    return [(hour, done[hour]) for hour in range(min(done), now.astimezone(zone).hour + 1)]


def pulses(db: sqlite3.Connection, refs: Refs, now: datetime) -> list[ShopPulse]:
    """Return when each shop last sent something, and how much today."""
    day = micros(day_start(now, zone_of(refs)))
    found = []
    for shop in refs.shops.values():
        last = _one(db, "SELECT coalesce(max(received_at), 0) FROM orders WHERE shop = ?", shop.code)
        today = _one(db, "SELECT count(*) FROM orders WHERE shop = ? AND received_at >= ?", shop.code, day)
        last_at = instant(last) if last else None
        found.append(
            ShopPulse(code=shop.code, channel=shop.channel, title=shop.title, last_at=last_at, orders=today)
        )
    return found


def cut_offs(db: sqlite3.Connection, refs: Refs, now: datetime) -> list[CutOff]:
    """Return what each warehouse must still send before its van leaves, the next van first.

    On a day on which nobody works there no van leaves: the next one is that of the next working day.
    """
    waiting = dict(
        db.execute(
            f"SELECT warehouse, count(*) FROM orders INDEXED BY orders_floor WHERE status IN {_FLOOR} "
            "GROUP BY warehouse"
        ).fetchall()
    )
    found = []
    for house in refs.warehouses.values():
        zone = ZoneInfo(house.zone)
        calendar = calendar_of(house.code, refs.shifts.values(), refs.holidays)
        day = next_open_day(calendar, now.astimezone(zone).date())
        at = datetime.combine(day, house.cut_off, zone)
        left = at - now.astimezone(zone)
        found.append(
            CutOff(
                warehouse=house.code,
                title=house.title,
                at=at,
                left_s=left // timedelta(seconds=1),
                waiting=waiting.get(house.code, 0),
            )
        )
    return sorted(found, key=lambda c: (c.at, c.warehouse))


def revisions(db: sqlite3.Connection, limit: int) -> list[Revision]:
    """Return what was published of the settings, the newest first."""
    rows = db.execute(
        "SELECT doc FROM row WHERE tbl = 'revision' ORDER BY seq DESC, pk DESC LIMIT ?", (limit,)
    )
    return [decode("revision", doc) for (doc,) in rows]


def costing_more(db: sqlite3.Connection, than_minor: int) -> tuple[int, int]:
    """Count the orders before release that cost more than an amount, and all orders before release."""
    row = db.execute(
        "SELECT coalesce(sum(payable_minor > ?), 0), count(*) FROM orders "
        "WHERE status IN ('received', 'to_check', 'gated')",
        (than_minor,),
    ).fetchone()
    return int(row[0]), int(row[1])


def judged_by(db: sqlite3.Connection, rule: SnagRule, most: int) -> tuple[int, int, int]:
    """Count of the newest orders those whose fields say what a rule asks for, all, and those that may change.

    Orders that went on in another's place say nothing of their own.
    """
    orders, shops, customers = _newest(db, most)
    found = [order for order in orders if holding(rule, order, around(order, shops, customers))]
    return len(found), len(orders), sum(1 for order in found if order.status in EDITABLE)


def classed_by(
    db: sqlite3.Connection, classes: tuple[OrderClass, ...], code: str, most: int
) -> tuple[int, int, int]:
    """Count of the newest orders those one row of a class table takes, those none takes, and all."""
    orders, shops, customers = _newest(db, most)
    found = [class_of(order, classes, around(order, shops, customers)) for order in orders]
    mine = sum(1 for one in found if one is not None and one[0].code == code)
    return mine, found.count(None), len(orders)


def _newest(db: sqlite3.Connection, most: int) -> tuple[list[Order], dict[str, Any], dict[str, Any]]:
    """Return the newest orders that stand for themselves, and what shops and customers are."""
    rows = db.execute(
        "SELECT r.doc FROM (SELECT id FROM orders ORDER BY received_at DESC LIMIT ?) o "
        "JOIN row r ON r.tbl = 'order' AND r.pk = o.id",
        (most,),
    )
    read = [decode("order", doc) for (doc,) in rows]
    orders = [order for order in read if order.status not in LEFT]
    return orders, _known(db, "shop"), _known(db, "customer")


def _known(db: sqlite3.Connection, table: str) -> dict[str, Any]:
    rows = db.execute("SELECT pk, doc FROM row WHERE tbl = ?", (table,))
    return {pk: decode(table, doc) for pk, doc in rows}


def _one(db: sqlite3.Connection, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])
