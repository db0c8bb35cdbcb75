"""What vouchers are made of, read off the rows: parcels that left, and cases settled with money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.aftersale import ReturnState
from app.domain.company import Shop
from app.domain.order import Order
from app.domain.voucher import Deed, Voucher, vouchers
from sync.hub.database import reading
from sync.hub.seal import open_document
from sync.tables import command, orders, ref, shipment

AT_ONCE = 500
REFUNDS = "refund_return"


class _Refund(msgspec.Struct):
    """What a command says of which order it is about."""

    order: str


def vouchers_of(engine: Engine, feed_id: int, since: datetime, until: datetime) -> tuple[Voucher, ...]:
    """Return the vouchers of what left or was given back from `since` on and before `until`."""
    with reading(engine) as db:
        shops = _shops(db, feed_id)
        sold = dict(_left(db, feed_id, since, until))
        given_back = _given_back(db, feed_id, since, until)
        deeds = [
            deed
            for order in _orders(db, feed_id, sorted({*sold, *given_back}))
            for deed in _deeds(order, shops[order.shop], sold.get(order.id), (since, until))
        ]
    return vouchers(deeds)


def _deeds(
    order: Order, shop: Shop, left_at: datetime | None, days: tuple[datetime, datetime]
) -> Iterator[Deed]:
    zone = ZoneInfo(shop.zone)
    about: dict[str, Any] = {"shop": shop.code, "currency": order.currency, "tax_pct": shop.tax_pct}
    if left_at is not None:
        about |= {"total_minor": order.total_minor, "payable_minor": order.payable_minor}
        yield Deed(day=left_at.astimezone(zone).date(), **about)
    for case in order.returns:
        is_due = days[0] <= case.since < days[1] and case.state is ReturnState.CLOSED
        if is_due and case.refunded_minor:
            day = case.since.astimezone(zone).date()
            yield Deed(day=day, **(about | {"refund_minor": case.refunded_minor}))


def _left(db: Connection, feed_id: int, since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    s = shipment.c
    found = select(s.order_id, s.shipped_at).where(
        s.feed_id == feed_id, s.parcel == 1, s.shipped_at >= since, s.shipped_at < until
    )
    yield from ((row.order_id, row.shipped_at) for row in db.execute(found))


def _given_back(db: Connection, feed_id: int, since: datetime, until: datetime) -> set[str]:
    c = command.c
    found = select(c.args).where(
        c.feed_id == feed_id, c.name == REFUNDS, c.status == "applied", c.hub_at >= since, c.hub_at < until
    )
    return {msgspec.json.decode(args, type=_Refund).order for args in db.execute(found).scalars()}


def _orders(db: Connection, feed_id: int, ids: Sequence[str]) -> Iterator[Order]:
    o = orders.c
    for at in range(0, len(ids), AT_ONCE):
        found = select(o.doc).where(o.feed_id == feed_id, o.id.in_(ids[at : at + AT_ONCE])).order_by(o.id)
        for doc in db.execute(found).scalars():
            yield msgspec.json.decode(open_document(doc.encode(), None), type=Order)


def _shops(db: Connection, feed_id: int) -> Mapping[str, Shop]:
    docs = db.execute(select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "shop")).scalars()
    return {shop.code: shop for shop in (msgspec.json.decode(doc, type=Shop) for doc in docs)}
