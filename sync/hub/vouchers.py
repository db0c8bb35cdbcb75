"""What vouchers are made of, read off the rows: parcels that left, and cases settled with money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, select

from app.domain.aftersale import Refunded
from app.domain.company import Shop
from app.domain.order import Order
from app.domain.voucher import Deed, Voucher, vouchers
from sync.hub.database import reading
from sync.hub.seal import open_document
from sync.tables import command, orders, ref, shipment

AT_ONCE = 500
REFUNDS, REVERSALS = "refund_return", "reverse_refund"


class _Refund(msgspec.Struct):
    """What a command says of which case it settles, and with how much."""

    order: str
    case: str
    refunds: tuple[Refunded, ...] = ()


def vouchers_of(engine: Engine, feed_id: int, since: datetime, until: datetime) -> tuple[Voucher, ...]:
    """Return the vouchers of what left or was given back from `since` on and before `until`."""
    with reading(engine) as db:
        shops = _shops(db, feed_id)
        sold = dict(_left(db, feed_id, since, until))
        given_back: dict[str, list[tuple[datetime, int]]] = {}
        for of, at, minor in _given_back(db, feed_id, since, until):
            given_back.setdefault(of, []).append((at, minor))
        deeds = [
            deed
            for order in _orders(db, feed_id, sorted({*sold, *given_back}))
            for deed in _deeds(order, shops[order.shop], sold.get(order.id), given_back.get(order.id, ()))
        ]
    return vouchers(deeds)


def _deeds(
    order: Order, shop: Shop, left_at: datetime | None, given_back: Sequence[tuple[datetime, int]]
) -> Iterator[Deed]:
    zone = ZoneInfo(shop.zone)
    about: dict[str, Any] = {"shop": shop.code, "currency": order.currency, "tax_pct": shop.tax_pct}
    about |= {"commission_bp": shop.commission_bp, "payment_bp": shop.payment_bp}
    if left_at is not None:
        about |= {"total_minor": order.total_minor, "payable_minor": order.payable_minor}
        yield Deed(day=left_at.astimezone(zone).date(), **about)
    for at, minor in given_back:
        yield Deed(day=at.astimezone(zone).date(), **(about | {"refund_minor": minor}))


def _left(db: Connection, feed_id: int, since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    s = shipment.c
    found = select(s.order_id, s.shipped_at).where(
        s.feed_id == feed_id, s.parcel == 1, s.shipped_at >= since, s.shipped_at < until
    )
    yield from ((row.order_id, row.shipped_at) for row in db.execute(found))


def _given_back(
    db: Connection, feed_id: int, since: datetime, until: datetime
) -> Iterator[tuple[str, datetime, int]]:
    """Return order, moment and amount of every refund; less than nothing is one that was taken back."""
    c = command.c
    found = (
        select(c.name, c.args, c.hub_at)
        .where(
            c.feed_id == feed_id,
            c.name.in_((REFUNDS, REVERSALS)),
            c.status == "applied",
            c.hub_at < until,
        )
        .order_by(c.seq, c.n)
    )
    given: dict[tuple[str, str], int] = {}
    for name, args, at in db.execute(found):
        said = msgspec.json.decode(args, type=_Refund)
        key = said.order, said.case
        if name == REFUNDS:
            minor = given[key] = sum(refund.amount_minor for refund in said.refunds)
        else:
            minor = -given.pop(key, 0)
        if minor and at >= since:
            yield said.order, at, minor


def _orders(db: Connection, feed_id: int, ids: Sequence[str]) -> Iterator[Order]:
    o = orders.c
    for at in range(0, len(ids), AT_ONCE):
        found = select(o.doc).where(o.feed_id == feed_id, o.id.in_(ids[at : at + AT_ONCE])).order_by(o.id)
        for doc in db.execute(found).scalars():
            yield msgspec.json.decode(open_document(doc.encode(), None), type=Order)


def _shops(db: Connection, feed_id: int) -> Mapping[str, Shop]:
    docs = db.execute(select(ref.c.doc).where(ref.c.feed_id == feed_id, ref.c.tbl == "shop")).scalars()
    return {shop.code: shop for shop in (msgspec.json.decode(doc, type=Shop) for doc in docs)}
